package cn.zhicha

import cn.zhicha.core.*
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking

/** The main job from Kotlin: a visit without signal becomes a closed case, on the real server. */
class VisitTest {
    private lateinit var supervisor: Phone
    private lateinit var wang: Phone
    private lateinit var li: Phone
    private lateinit var enterprise: Phone
    private lateinit var place: Enterprise
    private var visit = newInspectionId()
    private var found = Digest("")
    private val rechecked = mutableMapOf<HazardId, Digest>()
    private val passage = newHazardId()
    private val extinguishers = newHazardId()
    private val battery = newHazardId()
    private val signs = newHazardId()

    private suspend fun refused(code: String, phone: Phone, call: (Device) -> Unit) {
        val outcome = assertIs<Outcome.Refused>(phone.zhicha.ask(call))
        assertEquals(code, outcome.reason.code)
    }

    @Test
    fun `a visit without signal becomes a closed case`() = runBlocking {
        supervisor = Town.phone("hetong")
        wang = Town.phone("xulang")
        li = Town.phone("zhuduyan")
        place = supervisor.ask(::batteryPlant)
        enterprise = Town.phone(Town.accountOf(place.id))
        visit = plan(supervisor, listOf(wang, li), place)
        visitWithoutSignal()
        decideAndSign()
        val notice = notice()
        answer(notice)
        recheck(notice)
        close(notice)
    }

    private suspend fun visitWithoutSignal() {
        for (phone in listOf(wang, li)) {
            phone.network.away = true
            phone.ask { it.arrive(Arrival(visit, certificateShown = true, plate = null, fix = null)) }
        }
        val lists = wang.ask { it.catalogue().checklists }.filter { it.sector in place.sectors }
        val items = lists.flatMap { it.items }.map { it.code }.take(40)
        assertTrue(items.size >= 20)
        items.forEachIndexed { n, item ->
            (if (n % 2 == 0) wang else li).ask { it.answer(visit, item, Verdict.PASS, "") }
        }
        suspend fun add(phone: Phone, hazard: HazardId, text: String, measure: MeasureDraft, grade: Grade = Grade.GENERAL) =
            phone.ask { it.addHazard(visit, hazard, draft(it, text, measure, grade)) }
        add(wang, passage, "疏散通道堆放货物", rectify(15))
        found = shoot(wang, visit, passage, 1)
        add(li, extinguishers, "一具灭火器倒地", MeasureDraft.FixedOnSpot)
        shoot(li, visit, extinguishers, 2)
        shoot(li, visit, extinguishers, 3, Purpose.FIXED_ON_SPOT)
        add(li, signs, "有限空间未设置安全警示标志", rectify(5, DayUnit.WORKING))
        shoot(li, visit, signs, 4)
        add(wang, battery, "故障电池未单独隔离存放", rectify(7), Grade.MAJOR)
        add(li, battery, "故障电池未单独隔离存放", rectify(7), Grade.GENERAL)
        shoot(wang, visit, battery, 5)
        wang.ask { it.setHazard(visit, battery, HazardField.Place("二号仓库")) }

        assertEquals("network_lost", wang.zhicha.sync().get().waiting?.code)
        assertTrue(wang.zhicha.outbox.first().waiting > 0u)
        for (phone in listOf(wang, li)) {
            phone.network.away = false
            phone.deliver()
        }
        wang.zhicha.sync().get()
        val (mine, other) = listOf(wang, li).map { phone -> phone.ask { it.inspection(visit)!! } }
        assertEquals(mine.hazards, other.hazards)
        assertEquals(4, mine.hazards.size)
        assertEquals(InspectionState.UNDERWAY, mine.state)
        assertEquals(listOf(battery), mine.hazards.filter { it.parallel }.map { it.id })
    }

    private suspend fun decideAndSign() {
        refused("decision_needed", wang) { it.seal(visit, emptyList()) }
        val differing = wang.ask { it.parallels(visit) }.single()
        val me = wang.ask { it.person().id }
        val major = differing.values.first { it.by == me }.value
        val decide = { it: Device -> it.decide(visit, differing.subject, differing.field, major, "对照判定标准"); Unit }
        refused("not_the_decider", li, decide)
        wang.ask(decide)
        refused("part_missing", wang) { it.seal(visit, emptyList()) }
        li.ask { it.finishPart(visit) }
        li.deliver()
        wang.deliver()
        val seal = wang.ask { it.seal(visit, emptyList()) }
        wang.ask {
            val path = picture(wang.folder, 9)
            val drawing = it.capture(StreamId.Inspection(visit), meta(Purpose.SIGNATURE, null, Source.DRAWING), path)
            it.partySign(visit, seal, SignOutcome.Signed(place.principal, "主要负责人", drawing))
        }
        wang.deliver()
        li.until { it.inspection(visit)?.seal }
        refused("already_sealed", li) { it.withdraw(visit, signs, "已封存") }
        li.ask { it.cosign(visit, seal) }
        li.deliver()
        assertTrue(wang.ask { it.isDelivered(visit) })
    }

    private suspend fun notice(): NoticeId {
        val issued = enterprise.until { it.notices().firstOrNull() }
        assertEquals(3, issued.notice.items.size)
        assertEquals(2, issued.notice.officers.size)
        assertTrue(Regex("（枣高）应急责改〔\\d{4}〕\\d+号").matches(issued.number))
        return issued.notice.id
    }

    private fun hazard(device: Device, notice: NoticeId, hazard: HazardId, at: Timestamp? = null): NoticeHazard? =
        device.notice(notice, at)?.hazards?.find { it.hazard == hazard }

    private suspend fun shootAfter(phone: Phone, notice: NoticeId, hazard: HazardId, purpose: Purpose, seed: Long) =
        phone.ask { it.capture(StreamId.Notice(notice), meta(purpose, hazard), picture(phone.folder, seed)) }

    private suspend fun answer(notice: NoticeId) {
        enterprise.ask { it.serve(Service(notice, ServiceMethod.ELECTRONIC, place.principal, consent = true)) }
        enterprise.until { device ->
            Unit.takeIf { listOf(passage, battery, signs).all { hazard(device, notice, it)?.deadlines?.size == 1 } }
        }
        assertNotNull(enterprise.ask { it.photo(found) }, "the enterprise sees the photo on its notice")
        for ((hazard, seed) in listOf(passage to 21L, signs to 22L)) {
            val photo = shootAfter(enterprise, notice, hazard, Purpose.RECTIFIED, seed)
            enterprise.ask { it.reply(Reply(notice, hazard, "已清理并划线管理", "安全科长", day(it), listOf(photo))) }
        }
        val ten = Term(10u, DayUnit.NATURAL)
        enterprise.ask { it.requestExtension(ExtensionRequest(notice, battery, ten, "隔离柜需定制")) }
        enterprise.deliver()
        val asked = supervisor.until { hazard(it, notice, battery)?.askedExtension }
        val graded = supervisor.ask { hazard(it, notice, battery)!! }
        assertEquals(Grade.MAJOR, graded.status.grade)
        decideAsOffered(graded.offers.single { it.step == "decide_major" })
        val telling = supervisor.ask { hazard(it, notice, battery)!! }.timeline.last().telling
        assertEquals(listOf("数量未达到判定标准"), telling.words)
        val five = Term(5u, DayUnit.NATURAL)
        supervisor.ask { it.decideExtension(ExtensionDecision(notice, battery, asked.fact, five, "同意延期五日")) }
        supervisor.deliver()
        enterprise.until { device -> Unit.takeIf { hazard(device, notice, battery)?.deadlines?.size == 2 } }
        assertEquals(Grade.GENERAL, enterprise.ask { hazard(it, notice, battery)!!.status.grade })
    }

    /** States that a hazard is not major with nothing but what is offered and a reason. */
    private suspend fun decideAsOffered(offer: Offer) {
        assertTrue(offer.decision)
        assertTrue(offer in supervisor.ask { it.worklist(9u, 9u) }.waiting.rows.map { it.offer })
        val reason = offer.inputs.single()
        val words = "数量未达到判定标准"
        assertTrue(words.length.toUInt() <= assertIs<Form.Text>(reason.form).max)
        val lowered = offer.choices.single { it.sets["upheld"] == Value.Flag(false) }
        assertEquals(listOf(reason.name), lowered.needs)
        val (notice, hazard) = listOf("notice", "hazard").map { assertIs<Value.Word>(offer.given[it]).v1 }
        supervisor.ask { it.decideMajor(MajorDecision(NoticeId(notice), HazardId(hazard), false, words)) }
    }

    private suspend fun recheck(notice: NoticeId) {
        li.until { device ->
            val replied = { it: HazardId -> hazard(device, notice, it)?.status?.state == HazardState.REPLIED }
            Unit.takeIf { replied(passage) && replied(signs) }
        }
        li.network.away = true
        assertNotNull(li.ask { it.photo(found) }, "the found photo is on the phone")
        val second = wang.ask { it.person().id }
        for ((hazard, passed, seed) in listOf(Triple(passage, true, 31L), Triple(signs, false, 32L))) {
            val photo = shootAfter(li, notice, hazard, Purpose.RECHECK, seed)
            val opinion = if (passed) "已按要求整改" else "警示标志内容不全"
            val term = Term(3u, DayUnit.WORKING).takeUnless { passed }
            li.ask { it.recheck(Recheck(notice, hazard, passed, opinion, listOf(photo), term, second)) }
            rechecked[hazard] = photo
        }
        li.network.away = false
        li.deliver()
        for (hazard in listOf(passage, signs)) {
            val offer = wang.until { hazard(it, notice, hazard)?.offers?.find { it.step == "countersign" } }
            val seen = Digest(assertIs<Value.Word>(offer.given["statement"]).v1)
            wang.ask { it.countersign(Countersigned(notice, hazard, seen)) }
        }
        wang.deliver()
        enterprise.until { device -> Unit.takeIf { hazard(device, notice, signs)?.deadlines?.size == 2 } }
        val again = enterprise.ask { hazard(it, notice, signs)!!.status }
        assertEquals(HazardState.RECTIFYING to 2u, again.state to again.round)
    }

    private suspend fun close(notice: NoticeId) {
        val passed = supervisor.until { hazard(it, notice, passage)?.passedRecheck }
        val after = rechecked.getValue(passage)
        fun closure(evidence: List<Digest>) = ClosureDecision(notice, passage, passed, true, "", evidence)
        refused("photo_needed", supervisor) { it.closeHazard(closure(emptyList())) }
        refused("photo_reused", supervisor) { it.closeHazard(closure(listOf(found))) }
        refused("role_not_allowed", li) { it.closeHazard(closure(listOf(after))) }
        supervisor.ask { it.closeHazard(closure(listOf(after))) }
        supervisor.deliver()
        enterprise.until { device ->
            Unit.takeIf { hazard(device, notice, passage)?.status?.state == HazardState.CLOSED }
        }
        val deadline = supervisor.ask { hazard(it, notice, battery)!!.status.deadline!!.date }
        val end = LocalDate.parse(deadline.text).plusDays(1).atStartOfDay(china).toInstant().toEpochMilli()
        val late = listOf(end - 1, end).map { at -> supervisor.ask { hazard(it, notice, battery, Timestamp(at))!!.status.overdue } }
        assertEquals(listOf(false, true), late)
        wang.zhicha.sync().get()
        assertEquals(InspectionState.NOTICE_ISSUED, wang.ask { it.inspection(visit)!!.state })
    }
}
