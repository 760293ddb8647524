// Shows the interface's description: one closed block for each operation.
const element = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
};

const example = (title, content) => {
  const [kind, body] = Object.entries(content ?? {})[0] ?? [];
  if (!kind) return [];
  const shown = body.example === undefined ? kind : JSON.stringify(body.example, null, 2);
  return [element("h3", `${title}（${kind}）`), element("pre", shown)];
};

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
      ...example("请求", operation.requestBody?.content),
      ...example("答复", Object.values(operation.responses)[0].content),
      ...example("拒绝", operation.responses.default?.content)));
  }
}
