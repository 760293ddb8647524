"""Writes the types of the border: ``zhicha_ffi`` as a stub, made of what the generated module really holds.

The generated module cannot be type-checked: variants of errors and enums are put into their classes at run time.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
import typing

HEAD = '''"""The border to the core. Written by ``tests/stub.py``; ``UPDATE=1 ./test.sh test_surface`` renews it."""

import enum
import typing
from dataclasses import dataclass

'''


def plain(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    text = text.replace("'", "").replace("zhicha.core.zhicha_ffi.", "").replace("builtins.", "")
    # A default is any object to the generated code; a caller gives what the type says.
    return re.sub(r"^typing\.Union\[object, (.*)\]$", r"\1", text)


def parameters(function: typing.Callable[..., object]) -> list[str]:
    written = []
    keyword_only = False
    for it in inspect.signature(function).parameters.values():
        if it.kind is it.KEYWORD_ONLY and not keyword_only:
            written.append("*")
            keyword_only = True
        if it.name in ("self", "cls"):
            written.append(it.name)
            continue
        kind = "" if it.annotation is it.empty else f": {plain(it.annotation)}"
        default = "" if it.default is it.empty else " = ..."
        written.append(f"{it.name}{kind}{default}")
    return written


def function(name: str, function: typing.Callable[..., object], indent: str = "") -> str:
    returns = plain(inspect.signature(function).return_annotation)
    doc = inspect.getdoc(function)
    head = f"{indent}def {name}({', '.join(parameters(function))}) -> {returns}:"
    return f'{head}\n{documented(doc, indent + "    ")}{indent}    ...\n'


def documented(doc: str | None, indent: str) -> str:
    if not doc:
        return ""
    lines = "\n".join(f"{indent}{line}".rstrip() for line in doc.strip().splitlines())
    return f'{indent}"""\n{lines}\n{indent}"""\n'


def fields(kind: type, indent: str) -> str:
    return "".join(
        f"{indent}{it.name}: {plain(it.annotation)}{'' if it.default is it.empty else ' = ...'}\n"
        for it in list(inspect.signature(kind.__init__).parameters.values())[1:]  # type: ignore[misc]
    )


PRIMITIVE = {"String": "str", "Boolean": "bool", "Bytes": "bytes"} | {
    f"{sign}Int{bits}": "int" for sign in ("", "U") for bits in (8, 16, 32, 64)
}


def named(converter: str) -> str:
    """The type that a converter of the generated module reads."""
    if converter.startswith("Optional"):
        return f"typing.Optional[{named(converter.removeprefix('Optional'))}]"
    if converter.startswith("Sequence"):
        return f"typing.List[{named(converter.removeprefix('Sequence'))}]"
    return converter.removeprefix("Type") if converter.startswith("Type") else PRIMITIVE[converter]


def read_types(module: typing.Any, owner: type, name: str) -> list[str]:
    """Types of the values of a variant, by how they are read: the constructor does not say them."""
    source = inspect.getsource(getattr(module, f"_UniffiFfiConverterType{owner.__name__}").read)
    body = re.search(rf"return {owner.__name__}\.{name}\((.*?)\n            \)", source, re.DOTALL)
    return [named(it) for it in re.findall(r"_UniffiFfiConverter(\w+)\.read", body[1] if body else "")]


def variant(module: typing.Any, owner: type, name: str, kind: type) -> str:
    made = list(inspect.signature(kind.__init__).parameters.values())[1:]  # type: ignore[misc]
    error = issubclass(kind, BaseException)
    doc = documented((kind if error else kind.__mro__[1]).__doc__, "    ")
    if doc.strip().strip('"').strip().startswith(f"{name}("):
        doc = ""
    types = read_types(module, owner, name)
    text = f"class _{owner.__name__}_{name}({owner.__name__}):\n{doc}"
    if made and made[0].kind is inspect.Parameter.VAR_POSITIONAL:
        names = ", ".join(f"value{n}: {it}" for n, it in enumerate(types))
        text += f"    def __init__(self, {names}, /) -> None: ...\n"
        text += f"    def __getitem__(self, index: int) -> {' | '.join(sorted(set(types)))}: ...\n"
    else:
        given = list(zip([it.name for it in made], types, strict=True))
        text += "".join(f"    {it}: {kind}\n" for it, kind in given)
        names = "".join(f", {it}: {kind}" for it, kind in given)
        text += f"    def __init__(self{names}) -> None: ...\n"
    return text + "\n"


def variants(kind: type) -> dict[str, type]:
    return {
        name: it for name, it in vars(kind).items() if inspect.isclass(it) and issubclass(it, kind)
    }


def written(module: typing.Any) -> str:
    parts = [HEAD]
    ids = sorted(it for it, kind in vars(module).items() if isinstance(kind, typing.NewType))
    for name in ids:
        thing = getattr(module, name)
        parts.append(f'{name} = typing.NewType("{name}", {thing.__supertype__.__name__})\n\n')
    for name in sorted(module.__all__):
        thing = getattr(module, name)
        if name.endswith("Protocol"):
            continue
        if inspect.isfunction(thing):
            parts.append(function(name, thing) + "\n")
        elif name == "InternalError":
            parts.append(f"class {name}(Exception): ...\n\n")
        elif inspect.isclass(thing):
            parts.append(one_class(module, name, thing) + "\n")
    names = ", ".join(f'"{it}"' for it in sorted([*module.__all__, *ids]) if not it.endswith("Protocol") and it != "Device")
    # The package has a Device of its own, and a type checker keeps to the first of a name.
    return "".join(parts) + f"__all__ = [{names}]\n"


def one_class(module: typing.Any, name: str, kind: type) -> str:
    doc = documented(None if (kind.__doc__ or "").startswith(f"{name}(") else kind.__doc__, "    ")
    if issubclass(kind, enum.Enum):
        members = "".join(f"    {it.name} = {it.value}\n" for it in kind)
        return f"class {name}(enum.Enum):\n{doc}{members}"
    if inner := variants(kind):
        error = issubclass(kind, BaseException)
        text = f"class {name}({'Exception' if error else ''}):\n{doc}"
        text += "    reason: Reason\n" if name == "DeviceError" else ""
        for it in inner:
            text += f"    {it}: typing.ClassVar[type[_{name}_{it}]]\n"
        if not error:
            text += "".join(f"    def is_{it.lower()}(self) -> bool: ...\n" for it in inner)
        return text + "\n" + "".join(variant(module, kind, it, inner[it]) for it in inner)
    if dataclasses.is_dataclass(kind):
        return f"@dataclass(kw_only=True)\nclass {name}:\n{doc}{fields(kind, '    ')}"
    methods = []
    for member, value in sorted(vars(kind).items()):
        made = value.__func__ if isinstance(value, classmethod) else value
        if member.startswith("_") or not inspect.isfunction(made):
            continue
        head = "    @classmethod\n" if isinstance(value, classmethod) else ""
        methods.append(head + function(member, made, "    "))
    return f"class {name}:\n{doc}{''.join(methods) or '    ...' + chr(10)}"
