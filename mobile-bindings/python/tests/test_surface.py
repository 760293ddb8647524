"""What the border offers, as types beside the package: a change of it is a change of ``zhicha_ffi.pyi``.

``UPDATE=1`` renews them.
"""

import os
import unittest

from zhicha.core import zhicha_ffi

import stub
from town import REPOSITORY

TYPES = REPOSITORY / "mobile-bindings" / "python" / "zhicha" / "core" / "zhicha_ffi.pyi"


class Surface(unittest.TestCase):
    def test_the_border_offers_what_its_types_say(self):
        self.maxDiff = None
        text = stub.written(zhicha_ffi)
        if os.environ.get("UPDATE"):
            TYPES.parent.mkdir(exist_ok=True)
            TYPES.write_text(text, "utf-8")
        self.assertEqual(text, TYPES.read_text("utf-8"))


if __name__ == "__main__":
    unittest.main()
