"""The shared vectors through the border: questions go in, answers come out, the comparison is Python's own.

``ZHICHA_VECTORS`` names another folder of them.
"""

import json
import os
import pathlib
import unittest

import zhicha as z

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
FOLDER = pathlib.Path(os.environ.get("ZHICHA_VECTORS") or REPOSITORY / "fixtures" / "vectors")
FIRST_HAZARD = "41" * 4 + ("-" + "41" * 2) * 3 + "-" + "41" * 6


def read(path):
    return json.loads(path.read_text("utf-8"))


def vectors(name):
    return read(FOLDER / f"{name}.json")


class Vectors(unittest.TestCase):
    def same(self, tables, rows, least):
        """Asks each question of ``rows`` and compares with the answer beside it."""
        book = z.RuleBook.read(json.dumps(tables))
        answers = [(q, json.loads(book.ask(json.dumps(q))), expected) for q, expected in rows]
        wrong = [f"{q}: {answer}, not {expected}" for q, answer, expected in answers if answer != expected]
        if wrong:
            self.fail(f"{len(wrong)} of {len(answers)}:\n" + "\n".join(wrong[:5]))
        self.assertGreaterEqual(len(answers), least)

    def test_gates(self):
        file = vectors("gates")
        rows = [
            ({"gate": {"stage": it["stage"], "statement": it["statement"], "person": who}}, code)
            for it in file["cells"]
            for code, people in it["codes"].items()
            for who in people
        ]
        self.same(file, rows, 10_000)

    def test_status(self):
        file = vectors("status")
        rows = [
            (
                {"status": {"stage": it["stage"], "hazard": FIRST_HAZARD, "now": it["now"]}},
                {"visit": it["visit"], "hazard": it["hazard"]},
            )
            for it in file["cases"]
        ]
        self.same(file, rows, 250)

    def test_deadlines(self):
        years = [read(REPOSITORY / f"fixtures/calendars/{year}.json") for year in (2025, 2026)]
        rows = [
            (
                {"deadline": {"start": it["start"], "term": {"days": it["days"], "unit": it["unit"]}, "roll": it["roll"]}},
                {"date": it["date"], "provisional": it["provisional"]},
            )
            for it in vectors("deadlines")
        ]
        self.same({"calendars": years}, rows, 100)

    def test_numbering(self):
        file = vectors("numbering")
        rows = [
            ({"number": {name: it[name] for name in ("department", "issued_at", "last")}}, it["answer"])
            for it in file["cases"]
        ]
        self.same(file, rows, 10)

    def test_merge_policy(self):
        fields = vectors("merge_policy")["fields"]
        self.same({}, [({"merge_policy": {"field": it["field"]}}, it["policy"]) for it in fields], 15)

    def test_credit_codes(self):
        codes = vectors("credit_codes")
        self.same({}, [({"credit_code": {"text": it["text"]}}, it["valid"]) for it in codes], 50)


if __name__ == "__main__":
    unittest.main()
