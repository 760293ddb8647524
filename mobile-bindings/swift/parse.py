"""Parses Swift files without a Swift compiler; a node that does not fit the grammar fails."""

import sys

import tree_sitter_swift
from tree_sitter import Language, Parser

# What the grammar does not know of the generated code: an attribute, and a closure that returns nothing.
UNKNOWN = (b"@_documentation(visibility: private)", b"= { () }")


def misfits(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children if node.has_error else ():
        yield from misfits(child)


def main():
    parser = Parser(Language(tree_sitter_swift.language()))
    if not list(misfits(parser.parse(b"func broken( {").root_node)):
        sys.exit("the parser finds no fault with broken Swift")
    found = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            text = file.read()
        text = text.replace(UNKNOWN[0], b" " * len(UNKNOWN[0])).replace(UNKNOWN[1], b"= {    }")
        for node in misfits(parser.parse(text).root_node):
            line = node.start_point[0] + 1
            print(f"{path}:{line}: {text[node.start_byte:node.end_byte][:80].decode(errors='replace')}")
            found += 1
    print(f"{len(sys.argv) - 1} Swift files parsed, {found} faults")
    sys.exit(bool(found))


main()
