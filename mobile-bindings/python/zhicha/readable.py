"""Errors and records say what they hold when they are printed; ``dataclasses`` can look into them.

The generated classes are data classes without fields, and their errors print no more than the name of a class.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing

from .core import zhicha_ffi as core


def _classes(of: typing.Any) -> typing.Iterator[type]:
    for thing in list(vars(of).values()):
        if inspect.isclass(thing) and thing.__module__ == core.__name__:
            yield thing


def _parameters(kind: type) -> list[inspect.Parameter]:
    return list(inspect.signature(kind.__init__).parameters.values())[1:]  # type: ignore[misc]


def _with_fields(record: type) -> None:
    """Gives a record or a variant the fields that its constructor takes."""
    fields = {it.name: it.annotation for it in _parameters(record)}
    if "values" in fields:
        fields = {"_values": tuple}
    record.__annotations__ = fields
    for name in ("__repr__", "__match_args__"):
        if name in vars(record):
            delattr(record, name)
    if "_values" in fields:
        record.__repr__ = record.__str__  # type: ignore[method-assign]
    elif "__str__" in vars(record):
        del record.__str__
    dataclasses.dataclass(init=False, eq=False)(record)


def _sentence(error: core.DeviceError) -> str:
    reason = error.reason
    field = f" ({reason.field})" if reason.field else ""
    detail = f" [{reason.detail}]" if reason.detail else ""
    return f"{reason.code}{field}: {reason.sentence}{reason.action}{detail}"


def _represented(error: core.DeviceError) -> str:
    return f"DeviceError.{type(error).__name__}({_sentence(error)!r})"


for _class in _classes(core):
    if issubclass(_class, BaseException):
        continue
    if dataclasses.is_dataclass(_class):
        _with_fields(_class)
    for _variant in list(vars(_class).values()):
        # A variant is made of the class of its values and of the class of all variants.
        if inspect.isclass(_variant) and issubclass(_variant, _class):
            _with_fields(_variant.__mro__[1])
for _error in core.DeviceError.__subclasses__():
    _error.__str__ = _sentence  # type: ignore[assignment]
    _error.__repr__ = _represented  # type: ignore[assignment]
