"""The main job from Python: a visit without signal becomes a closed case, on the real server."""

import datetime
import os
import unittest

import zhicha as z

from town import battery_plant, day, draft, meta, picture, plan, rectify, shoot, town


def refused(code):
    """The context of a call that the rules refuse with this code."""

    class Refused:
        def __enter__(self):
            return self

        def __exit__(self, kind, error, trace):
            assert isinstance(error, z.DeviceError.Refused), f"{code} expected: {error!r}"
            assert error.reason.code == code, error.reason
            return True

    return Refused()


class Visit(unittest.TestCase):
    def test_a_visit_without_signal_becomes_a_closed_case(self):
        self.supervisor, self.wang, self.li = map(town().phone, ["hetong", "xulang", "zhuduyan"])
        self.place = battery_plant(self.supervisor.device)
        self.enterprise = town().phone(town().enterprise_account(self.place.id))
        self.visit = plan(self.supervisor, [self.wang, self.li], self.place)
        self.passage, self.extinguishers, self.battery, self.signs = (
            z.new_hazard_id() for _ in range(4)
        )
        self.visit_without_signal()
        self.decide_and_sign()
        notice = self.notice()
        self.answer(notice)
        self.recheck(notice)
        self.close(notice)

    def visit_without_signal(self):
        for phone in (self.wang, self.li):
            phone.network.away = True
            phone.device.arrive(
                z.Arrival(inspection=self.visit, certificate_shown=True, plate=None, fix=None)
            )
        lists = self.wang.device.catalogue().checklists
        items = [it.code for one in lists if one.sector in self.place.sectors for it in one.items]
        self.assertGreaterEqual(len(items), 20)
        for n, item in enumerate(items[:40]):
            (self.wang, self.li)[n % 2].device.answer(self.visit, item, z.Verdict.PASS, "")
        wang, li, five = self.wang, self.li, z.DayUnit.WORKING

        def add(phone, hazard, text, measure, grade=z.Grade.GENERAL):
            sheet = draft(phone.device, text, measure, grade)
            phone.device.add_hazard(self.visit, hazard, sheet)

        add(wang, self.passage, "疏散通道堆放货物", rectify(15))
        self.found = shoot(wang, self.visit, self.passage, 1)
        add(li, self.extinguishers, "一具灭火器倒地", z.MeasureDraft.FIXED_ON_SPOT())
        shoot(li, self.visit, self.extinguishers, 2)
        shoot(li, self.visit, self.extinguishers, 3, z.Purpose.FIXED_ON_SPOT)
        add(li, self.signs, "有限空间未设置安全警示标志", rectify(5, five))
        shoot(li, self.visit, self.signs, 4)
        add(wang, self.battery, "故障电池未单独隔离存放", rectify(7), z.Grade.MAJOR)
        add(li, self.battery, "故障电池未单独隔离存放", rectify(7), z.Grade.GENERAL)
        shoot(wang, self.visit, self.battery, 5)
        change = z.HazardField.PLACE("二号仓库")
        wang.device.set_hazard(self.visit, self.battery, change)

        self.assertEqual(wang.device.sync().waiting.code, "network_lost")
        self.assertGreater(wang.device.outbox().waiting, 0)
        for phone in (wang, li):
            phone.network.away = False
            phone.deliver()
        wang.device.sync()
        views = [phone.device.inspection(self.visit) for phone in (wang, li)]
        self.assertEqual(views[0].hazards, views[1].hazards)
        self.assertEqual(len(views[0].hazards), 4)
        self.assertEqual(views[0].state, z.InspectionState.UNDERWAY)
        self.assertEqual([it.id for it in views[0].hazards if it.parallel], [self.battery])

    def decide_and_sign(self):
        wang, li = self.wang.device, self.li.device
        with refused("decision_needed"):
            wang.seal(self.visit, [])
        (differing,) = wang.parallels(self.visit)
        major = next(it.value for it in differing.values if it.by == wang.person().id)
        decide = (self.visit, differing.subject, differing.field, major, "对照判定标准")
        with refused("not_the_decider"):
            li.decide(*decide)
        wang.decide(*decide)
        with refused("part_missing"):
            wang.seal(self.visit, [])
        li.finish_part(self.visit)
        self.li.deliver()
        self.wang.deliver()
        seal = wang.seal(self.visit, [])
        path = picture(os.path.join(self.wang.folder, "signature.png"), 9)
        sheet = meta(z.Purpose.SIGNATURE, None, z.Source.DRAWING)
        drawing = wang.capture(z.StreamId.INSPECTION(self.visit), sheet, path)
        signed = z.SignOutcome.SIGNED(
            name=self.place.principal, post="主要负责人", drawing=drawing
        )
        wang.party_sign(self.visit, seal, signed)
        self.wang.deliver()
        self.li.until(lambda device: device.inspection(self.visit).seal)
        with refused("already_sealed"):
            li.withdraw(self.visit, self.signs, "已封存")
        li.cosign(self.visit, seal)
        self.li.deliver()
        self.assertTrue(wang.is_delivered(self.visit))

    def notice(self):
        issued = self.enterprise.until(lambda device: device.notices())[0]
        self.assertEqual(len(issued.notice.items), 3)
        self.assertEqual(len(issued.notice.officers), 2)
        self.assertRegex(issued.number, r"^（枣高）应急责改〔\d{4}〕\d+号$")
        return issued.notice.id

    def hazard(self, device, notice, hazard, at=None):
        view = device.notice(notice, at or device.now())
        return next((it for it in view.hazards if it.hazard == hazard), None) if view else None

    def shoot_after(self, phone, notice, hazard, purpose, seed):
        path = picture(os.path.join(phone.folder, f"after-{seed}.png"), seed)
        return phone.device.capture(z.StreamId.NOTICE(notice), meta(purpose, hazard), path)

    def answer(self, notice):
        device = self.enterprise.device
        device.serve(
            z.Service(
                notice=notice,
                method=z.ServiceMethod.ELECTRONIC,
                receiver=self.place.principal,
                consent=True,
            )
        )
        ordered = [self.passage, self.battery, self.signs]
        self.enterprise.until(
            lambda device: all(len(self.hazard(device, notice, it).deadlines) == 1 for it in ordered)
        )
        self.assertTrue(device.photo(self.found), "the enterprise sees the photo on its notice")
        for hazard, seed in ((self.passage, 21), (self.signs, 22)):
            photo = self.shoot_after(self.enterprise, notice, hazard, z.Purpose.RECTIFIED, seed)
            device.reply(
                z.Reply(
                    notice=notice,
                    hazard=hazard,
                    measures="已清理并划线管理",
                    responsible="安全科长",
                    finished_on=day(device),
                    photos=[photo],
                )
            )
        device.request_extension(
            z.ExtensionRequest(
                notice=notice,
                hazard=self.battery,
                term=z.Term(days=10, unit=z.DayUnit.NATURAL),
                reason="隔离柜需定制",
            )
        )
        self.enterprise.deliver()
        asked = self.supervisor.until(
            lambda device: (it := self.hazard(device, notice, self.battery)) and it.asked_extension
        )
        graded = self.hazard(self.supervisor.device, notice, self.battery)
        self.assertEqual(graded.status.grade, z.Grade.MAJOR)
        (offer,) = [it for it in graded.offers if it.step == "decide_major"]
        self.decide_as_offered(offer)
        telling = self.hazard(self.supervisor.device, notice, self.battery).timeline[-1].telling
        self.supervisor.device.decide_extension(
            z.ExtensionDecision(
                notice=notice,
                hazard=self.battery,
                request=asked.fact,
                granted=z.Term(days=5, unit=z.DayUnit.NATURAL),
                reason="同意延期五日",
            )
        )
        self.assertIn("按一般隐患办理", telling.title)
        self.assertEqual(telling.words, ["数量未达到判定标准"])
        self.supervisor.deliver()
        self.enterprise.until(
            lambda device: len(self.hazard(device, notice, self.battery).deadlines) == 2
        )
        lowered = self.hazard(self.enterprise.device, notice, self.battery).status.grade
        self.assertEqual(lowered, z.Grade.GENERAL)

    def decide_as_offered(self, offer):
        """States that a hazard is not major with nothing but what is offered and a reason."""
        self.assertTrue(offer.decision)
        waiting = self.supervisor.device.worklist(9, 9).waiting.rows
        self.assertIn(offer, [it.offer for it in waiting])
        (reason,) = offer.inputs
        self.assertTrue(reason.form.is_text())
        words = "数量未达到判定标准"
        self.assertLessEqual(len(words), reason.form.max)
        lowered = z.Value.FLAG(False)
        (choice,) = [it for it in offer.choices if it.sets["upheld"] == lowered]
        self.assertEqual(choice.needs, [reason.name])
        given = {name: value[0] for name, value in (offer.given | choice.sets).items()}
        self.supervisor.device.decide_major(z.MajorDecision(**given, reason=words))

    def recheck(self, notice):
        replied = z.HazardState.REPLIED
        self.li.until(
            lambda device: all(
                (it := self.hazard(device, notice, hazard)) and it.status.state == replied
                for hazard in (self.passage, self.signs)
            )
        )
        self.li.network.away = True
        self.assertTrue(self.li.device.photo(self.found), "the found photo is on the phone")
        self.rechecked = {}
        for hazard, passed, seed in ((self.passage, True, 31), (self.signs, False, 32)):
            photo = self.shoot_after(self.li, notice, hazard, z.Purpose.RECHECK, seed)
            self.li.device.recheck(
                z.Recheck(
                    notice=notice,
                    hazard=hazard,
                    passed=passed,
                    opinion="已按要求整改" if passed else "警示标志内容不全",
                    photos=[photo],
                    new_term=None if passed else z.Term(days=3, unit=z.DayUnit.WORKING),
                    second=self.wang.device.person().id,
                )
            )
            self.rechecked[hazard] = photo
        self.li.network.away = False
        self.li.deliver()
        for hazard in self.rechecked:
            (offer,) = self.wang.until(
                lambda device: [
                    it for it in self.hazard(device, notice, hazard).offers if it.step == "countersign"
                ]
            )
            given = {name: value[0] for name, value in offer.given.items()}
            self.wang.device.countersign(z.Countersigned(**given))
        self.wang.deliver()
        self.enterprise.until(
            lambda device: len(self.hazard(device, notice, self.signs).deadlines) == 2
        )
        again = self.hazard(self.enterprise.device, notice, self.signs).status
        self.assertEqual((again.state, again.round), (z.HazardState.RECTIFYING, 2))

    def close(self, notice):
        passed = self.supervisor.until(
            lambda device: self.hazard(device, notice, self.passage).passed_recheck
        )

        def closure(evidence):
            return z.ClosureDecision(
                notice=notice,
                hazard=self.passage,
                recheck=passed,
                approved=True,
                reason="",
                evidence=evidence,
            )

        after = self.rechecked[self.passage]
        with refused("photo_needed"):
            self.supervisor.device.close_hazard(closure([]))
        with refused("photo_reused"):
            self.supervisor.device.close_hazard(closure([self.found]))
        with refused("role_not_allowed"):
            self.li.device.close_hazard(closure([after]))
        self.supervisor.device.close_hazard(closure([after]))
        self.supervisor.deliver()
        closed = z.HazardState.CLOSED
        self.enterprise.until(
            lambda device: self.hazard(device, notice, self.passage).status.state == closed
        )
        device = self.supervisor.device
        deadline = self.hazard(device, notice, self.battery).status.deadline.date
        china = datetime.timezone(datetime.timedelta(hours=8))
        midnight = datetime.datetime.fromisoformat(deadline).replace(tzinfo=china)
        end = int(midnight.timestamp() * 1000) + 24 * 3600 * 1000
        late = [self.hazard(device, notice, self.battery, at).status.overdue for at in (end - 1, end)]
        self.assertEqual(late, [False, True])
        self.wang.device.sync()
        state = self.wang.device.inspection(self.visit).state
        self.assertEqual(state, z.InspectionState.NOTICE_ISSUED)


if __name__ == "__main__":
    unittest.main()
