"""The lines of the README, run exactly as they stand there."""

import os
import pathlib
import subprocess
import sys
import unittest

from town import picture, town

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


class Readme(unittest.TestCase):
    def test_its_lines_record_a_hazard(self):
        lines = README.read_text("utf-8").split("```python\n")[1].split("```")[0]
        written = [line for line in lines.splitlines() if line.strip() and not line.startswith("#")]
        self.assertLess(len(written), 40)
        folder = town().folder
        picture(os.path.join(folder, "picture.jpg"), 7)
        output = subprocess.run(
            [sys.executable, "-c", lines],
            cwd=folder,
            env={**os.environ, "ZHICHA_SERVER": town().address},
            capture_output=True,
            text=True,
        )
        self.assertEqual(output.returncode, 0, output.stderr)
        self.assertEqual(output.stdout.splitlines()[-1], "0 waiting None")


if __name__ == "__main__":
    unittest.main()
