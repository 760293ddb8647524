// Shows the interface's description: one closed block for each operation.
const element = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
};

// A value as its schema has it: words for what is not an object or a list.
const shape = (schema, within = []) => {
  const name = schema.$ref?.split("/").pop();
  if (name) {
    if (within.includes(name)) return name;
    return shape(description.components.schemas[name], [...within, name]);
  }
  const several = schema.anyOf ?? schema.oneOf;
  if (several) {
    const all = several.map((one) => shape(one, within));
    return all.every((one) => typeof one === "string") ? all.join(" | ") : all.length > 1 ? { "其一": all } : all[0];
  }
  if (schema.allOf) return shape(schema.allOf[0], within);
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, shape(value, within)]));
  }
  const types = [schema.type ?? "any"].flat();
  if (types.includes("array")) return [shape(schema.items ?? {}, within)];
  const bounds = ["format", "minimum", "maximum", "minLength", "maxLength", "pattern"].filter((key) => key in schema);
  const bounded = bounds.map((key) => `${key} ${schema[key]}`).join("，");
  return types.join(" | ") + (bounded ? `（${bounded}）` : "");
};

const contents = (title, content) => Object.entries(content ?? {}).flatMap(([kind, body]) => [
  element("h3", `${title}（${kind}）`),
  ...(body.schema ? [element("pre", JSON.stringify(shape(body.schema), null, 2))] : []),
]);

const parameters = (all) => all.length === 0 ? [] : [
  element("h3", "参数"),
  element("pre", all.map((one) => [one.name, shape(one.schema), one.description].filter(Boolean).join("　")).join("\n")),
];

const refusals = (responses) => [
  element("h3", "拒绝"),
  element("pre", Object.entries(responses).filter(([, one]) => one.content?.["application/problem+json"])
    .map(([status, one]) => one.description.split("\n").map((line) => `${status} ${line}`).join("\n")).join("\n")),
];

const done = (responses) => Object.entries(responses)
  .filter(([status, one]) => status < 400 || one.content?.["application/json"])
  .flatMap(([status, one]) => {
    const { "application/problem+json": _, ...content } = one.content ?? {};
    return [element("p", `${status} ${status < 400 ? one.description : ""}`), ...contents("答复", content)];
  });

const description = await (await fetch("/openapi.json")).json();
document.getElementById("about").textContent = description.info.description;
const list = document.getElementById("operations");
list.replaceChildren();
for (const [path, methods] of Object.entries(description.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const verb = element("span", method.toUpperCase());
    verb.className = "method";
    const head = element("summary", "", verb, element("code", path), element("span", operation.summary));
    list.append(element("details", "", head,
      element("p", operation.description ?? "无需登录"),
      ...parameters(operation.parameters),
      ...contents("请求", operation.requestBody?.content),
      ...done(operation.responses),
      ...refusals(operation.responses)));
  }
}
