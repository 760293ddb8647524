"""What the border offers, as text beside the crate: a change of it is a change of ``ffi/surface.txt``.

``UPDATE=1`` renews the text.
"""

import enum
import inspect
import os
import re
import unittest

from zhicha.core import zhicha_ffi

from town import REPOSITORY

SURFACE = REPOSITORY / "ffi" / "surface.txt"


# What stands for a default that the border fills in; its address is another one each time.
DEFAULT = re.compile("<object object at 0x[0-9a-f]+>")


def signature(function):
    text = str(inspect.signature(function)).replace("'", "").replace("zhicha.core.zhicha_ffi.", "")
    return DEFAULT.sub("default", text)


def lines():
    for name in sorted(zhicha_ffi.__all__):
        thing = getattr(zhicha_ffi, name)
        if name == "InternalError" or name.endswith("Protocol"):
            continue
        if inspect.isfunction(thing):
            yield f"fn {name}{signature(thing)}"
        elif inspect.isclass(thing) and issubclass(thing, enum.Enum):
            yield f"enum {name}: {' '.join(member.name for member in thing)}"
        elif inspect.isclass(thing):
            yield f"class {name}{signature(thing.__init__).replace('(self, *, ', '(').replace('(self', '(')}"
            for member, value in sorted(vars(thing).items()):
                function = value.__func__ if isinstance(value, classmethod) else value
                if member.startswith("_") or member.lower().startswith("is_"):
                    continue
                if inspect.isfunction(function):
                    yield f"    {member}{signature(function)}"
                elif inspect.isclass(value):
                    yield f"    {member}{signature(value.__init__)}"


class Surface(unittest.TestCase):
    def test_the_border_offers_what_the_text_says(self):
        self.maxDiff = None
        text = "\n".join(lines()) + "\n"
        if os.environ.get("UPDATE"):
            SURFACE.write_text(text, "utf-8")
        self.assertEqual(text, SURFACE.read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
