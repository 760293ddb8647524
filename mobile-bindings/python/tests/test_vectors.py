"""The shared vectors through the border: cases go in, answers come out, the comparison is Python's own."""

import json
import unittest

import zhicha as z

from town import REPOSITORY

FIRST_HAZARD = "41" * 4 + ("-" + "41" * 2) * 3 + "-" + "41" * 6


def text(name):
    return (REPOSITORY / "fixtures" / name).read_text("utf-8")


def vectors(name):
    return json.loads(text(f"vectors/{name}.json"))


class Vectors(unittest.TestCase):
    def same(self, pairs, least):
        wrong = [(case, answer, expected) for case, answer, expected in pairs if answer != expected]
        self.assertEqual(wrong[:5], [], f"{len(wrong)} of {len(pairs)}")
        self.assertGreaterEqual(len(pairs), least)

    def test_gates(self):
        book, file = z.RuleBook.read(text("vectors/gates.json")), vectors("gates")
        self.same(
            [
                ((cell["name"], cell["stage"], who), book.gate(cell["stage"], cell["statement"], who), code)
                for cell in file["cells"]
                for code, people in cell["codes"].items()
                for who in people
            ],
            10_000,
        )

    def test_status(self):
        book, file = z.RuleBook.read(text("vectors/status.json")), vectors("status")
        pairs = []
        for case in file["cases"]:
            visit = case["visit"].get("state") or case["visit"]["refused"]
            status = json.loads(book.hazard_status(case["stage"], FIRST_HAZARD, case["now"]))
            pairs.append((case, book.visit_state(case["stage"]), visit))
            pairs.append((case, status, case["hazard"]))
        self.same(pairs, 500)

    def test_deadlines(self):
        years = [json.loads(text(f"calendars/{year}.json")) for year in (2025, 2026)]
        book = z.RuleBook.read(json.dumps({"calendars": years}))
        units = {"natural": z.DayUnit.NATURAL, "working": z.DayUnit.WORKING}
        self.same(
            [
                (
                    case,
                    book.deadline(case["start"], case["days"], units[case["unit"]], case["roll"]),
                    case["date"] + ("?" if case["provisional"] else ""),
                )
                for case in vectors("deadlines")
            ],
            100,
        )

    def test_numbering(self):
        book, file = z.RuleBook.read(text("vectors/numbering.json")), vectors("numbering")
        self.same(
            [
                (case, book.number(case["department"], case["issued_at"], case["last"]), case["answer"])
                for case in file["cases"]
            ],
            10,
        )

    def test_merge_policy(self):
        book = z.RuleBook.read("{}")
        fields = vectors("merge_policy")["fields"]
        self.same([(it, book.merge_policy(it["field"]), it["policy"]) for it in fields], 15)

    def test_credit_codes(self):
        book = z.RuleBook.read("{}")
        codes = vectors("credit_codes")
        self.same([(it, book.is_credit_code(it["text"]), it["valid"]) for it in codes], 50)


if __name__ == "__main__":
    unittest.main()
