"""The types that the package promises, held by a type checker at its strictest."""

import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent

# One mistake each, of the kind that types are for.
MISTAKES = {
    "swapped ids": "def f(d: z.Device, v: z.InspectionId, h: z.HazardId) -> None:\n    d.withdraw(h, v, '误记')",
    "a text for an id": "def f(d: z.Device) -> None:\n    d.seal('nonsense', [])",
    "a date for an instant": "def f(d: z.Device, n: z.NoticeId, on: z.CivilDate) -> None:\n    d.notice(n, on)",
    "an error that there is not": "def f(e: z.DeviceError) -> bool:\n    return isinstance(e, z.DeviceError.Refusal)",
    "a field that there is not": "def f(e: z.DeviceError) -> str:\n    return e.reason.text",
    "a value of another variant": "z.StreamId.NOTICE(z.new_hazard_id())",
}


@unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is missing")
class Types(unittest.TestCase):
    def checked(self, *words):
        return subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", *words],
            cwd=tempfile.gettempdir(),
            capture_output=True,
            text=True,
        ).stdout

    def test_the_package_and_a_program_of_a_newcomer_pass_at_the_strictest(self):
        self.assertEqual(self.checked("-p", "zhicha"), "")
        self.assertEqual(self.checked(str(HERE / "newcomer.py")), "")

    def test_a_mistake_is_found_before_the_program_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            programs = []
            for number, mistake in enumerate(MISTAKES.values()):
                programs.append(pathlib.Path(folder, f"mistake{number}.py"))
                programs[-1].write_text(f"import zhicha as z\n\n{mistake}\n", "utf-8")
            found = self.checked(*map(str, programs))
        for number, what in enumerate(MISTAKES):
            self.assertIn(f"mistake{number}.py:", found, what)


if __name__ == "__main__":
    unittest.main()
