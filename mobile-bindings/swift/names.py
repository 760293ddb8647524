"""Holds calls of the bindings to what was generated: each name is there, with these labels. No types are looked at.

Words: a generated file, then the files that call it.
"""

import sys

import tree_sitter_swift
from tree_sitter import Language, Parser

PARSER = Parser(Language(tree_sitter_swift.language()))
# What a device and its run are called where they are used.
OBJECTS = (b"$0", b"device", b"requests")
# Of the language and its library, not of the bindings.
FOREIGN = (b"success", b"failure", b"prefix", b"Data", b"badURL", b"badServerResponse")


def tree(path):
    with open(path, "rb") as file:
        return PARSER.parse(file.read()).root_node


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def of_type(node, *types):
    return [child for child in node.children if child.type in types]


def labels(node):
    """The labels of parameters; those with a value of their own may be left out."""
    found = []
    for child in node.children:
        if child.type == "parameter":
            found.append([of_type(child, "simple_identifier")[0].text, False])
        elif child.type == "=" and found:
            found[-1][1] = True
    return found


def declared(root):
    """Parameters by name of a function or a type."""
    functions, cases = {}, set()
    for node in nodes(root):
        if node.type in ("function_declaration", "protocol_function_declaration"):
            functions.setdefault(of_type(node, "simple_identifier")[0].text, []).append(labels(node))
        elif node.type == "init_declaration":
            of = node.parent.parent
            name = of_type(of, "type_identifier", "user_type")
            functions.setdefault(name[0].text, []).append(labels(node))
        elif node.type == "enum_entry":
            cases.update(child.text for child in of_type(node, "simple_identifier"))
    return functions, cases


def fits(given, parameters):
    given = list(given)
    for label, optional in parameters:
        if given and given[0] == label or given and given[0] is None and label == b"_":
            given.pop(0)
        elif not optional:
            return False
    return not given


def misfits(root, functions, cases):
    for call in nodes(root):
        if call.type != "call_expression":
            continue
        what, arguments = call.children[0], [it for it in nodes(call.children[-1]) if it.type == "value_arguments"][:1]
        given = []
        for argument in of_type(arguments[0], "value_argument") if arguments else ():
            label = of_type(argument, "value_argument_label")
            given.append(label[0].text if label else None)
        last = what
        while last.children:
            last = last.children[-1]
        name = last.text
        if name in FOREIGN:
            continue
        if what.type == "prefix_expression":
            if name not in cases:
                yield call, "no such case"
        elif what.type == "navigation_expression" and what.children[0].text in OBJECTS:
            if not any(fits(given, it) for it in functions.get(name, [])):
                yield call, "no such method"
        elif what.type == "simple_identifier" and name in functions:
            if not any(fits(given, it) for it in functions[name]):
                yield call, "other labels"


def main():
    functions, cases = declared(tree(sys.argv[1]))
    wrong = PARSER.parse(b"func f() { $0.seal(visit: a); $0.sael(inspection: a); Clause(document: a); g(.undecided(a)) }")
    if len(list(misfits(wrong.root_node, functions, cases))) != 4:
        sys.exit("wrong calls are not found")
    found = checked = 0
    for path in sys.argv[2:]:
        root = tree(path)
        checked += sum(node.type == "call_expression" for node in nodes(root))
        for node, why in misfits(root, functions, cases):
            print(f"{path}:{node.start_point[0] + 1}: {why}: {node.text[:80].decode(errors='replace')}")
            found += 1
    print(f"{checked} calls looked at, {found} misfits")
    sys.exit(bool(found))


main()
