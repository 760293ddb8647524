package cn.zhicha

import cn.zhicha.core.*
import java.io.File
import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.TimeSource
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull

/** What an app meets that holds a device wrongly, or stops it, or looks at it from two places. */
class FaultsTest {
    private fun folder() = Files.createTempDirectory(Town.folder.toPath(), "fault-").toFile()

    @Test
    fun `a cancelled synchronisation ends while its request is on the network`() = runBlocking {
        val officer = Town.phone("xulang")
        // A server that takes connections and answers none.
        java.net.ServerSocket(0).use { silent ->
            officer.zhicha.close()
            Zhicha.open(officer.folder, "http://127.0.0.1:${silent.localPort}").get().use { zhicha ->
                val began = TimeSource.Monotonic.markNow()
                assertNull(withTimeoutOrNull(200) { zhicha.sync() })
                assertTrue(began.elapsedNow().inWholeMilliseconds < 400, "${began.elapsedNow()}")
            }
        }
    }

    @Test
    fun `a device in use is told at once`() = runBlocking {
        val officer = Town.phone("xulang")
        val began = TimeSource.Monotonic.markNow()
        val refused = assertIs<Outcome.InUse>(Zhicha.open(officer.folder, Town.address))
        assertEquals("device_in_use", refused.reason.code)
        assertTrue(began.elapsedNow().inWholeMilliseconds < 1_000, "${began.elapsedNow()}")
        officer.zhicha.close()
        Zhicha.open(officer.folder, Town.address).get().close()
    }

    @Test
    fun `a closed device says so`() = runBlocking {
        val officer = Town.phone("xulang")
        officer.zhicha.close()
        officer.zhicha.close()
        assertEquals("device_closed", assertIs<Outcome.Closed>(officer.zhicha.ask { it.outbox() }).reason.code)
        assertIs<Outcome.Closed>(officer.zhicha.sync())
        Unit
    }

    @Test
    fun `half of a character is refused like any text of a wrong form`() = runBlocking {
        val officer = Town.phone("xulang")
        val refused = assertIs<Outcome.Refused>(officer.zhicha.enrol("\ud83d"))
        assertEquals("field_malformed", refused.reason.code)
    }

    @Test
    fun `a clock that throws is passed by`() = runBlocking {
        val broken = object : DeviceClock { override fun read(): ClockReading = error("no clock") }
        Zhicha.open(folder(), Town.address, clock = broken).get().use { zhicha ->
            val now = zhicha.ask { it.now() }.get()
            assertTrue(kotlin.math.abs(now.millis - System.currentTimeMillis()) < 60_000)
        }
    }

    @Test
    fun `a folder that cannot be made is a fault of the storage`() = runBlocking {
        val file = File(folder(), "file").apply { writeText("") }
        val refused = assertIs<Outcome.Refused>(Zhicha.open(File(file, "below"), Town.address))
        assertEquals("device_store", refused.reason.code)
    }

    @Test
    fun `what a key store throws is told in one line`() = runBlocking {
        val broken = object : KeyVault {
            override fun publicKey(): ByteArray = error("the chip does not answer")
            override fun sign(message: ByteArray): ByteArray = error("the chip does not answer")
        }
        val refused = assertIs<Outcome.Refused>(Zhicha.open(folder(), Town.address, vault = broken))
        assertEquals("key_unavailable", refused.reason.code)
        assertEquals(1, refused.reason.detail.orEmpty().lines().size)
    }

    @Test
    fun `changes are told whoever makes them`() = runBlocking {
        val supervisor = Town.phone("hetong")
        val place = supervisor.ask(::batteryPlant)
        var device: Device? = null
        supervisor.ask { device = it }
        val outboxes = mutableListOf<Outbox>()
        val watching = launch(start = CoroutineStart.UNDISPATCHED) { supervisor.zhicha.outbox.collect { outboxes += it } }
        val changed = async(start = CoroutineStart.UNDISPATCHED) { supervisor.zhicha.changes.first() }
        while (outboxes.isEmpty()) delay(1)
        // Not through the package's object: through the device that it holds.
        device!!.let {
            val (me, today) = it.person() to day(it)
            val officers = it.catalogue().colleagues.filter { one -> one.department == me.department && one.certificate != null }
            val team = officers.filter { one -> one.id != me.id }.take(2).map { one -> one.id }
            it.plan(Plan(newInspectionId(), place.id, me.department!!, team, VisitKind.UNANNOUNCED,
                place.sectors, today, today, "枣高应急检批〔2026〕18号", null))
        }
        assertEquals(setOf(Changed.OUTBOX, Changed.TASKS), changed.await())
        while (outboxes.last().waiting == 0u) delay(1)
        supervisor.zhicha.sync().get()
        while (outboxes.last().waiting != 0u) delay(1)
        watching.cancelAndJoin()
    }

    @Test
    fun `signing out is refused while something is unsent and then leaves an empty folder`() = runBlocking {
        val officer = Town.phone("xulang")
        val visit = plan(Town.phone("hetong"), listOf(officer, Town.phone("zhuduyan")), officer.ask(::batteryPlant))
        officer.ask { it.arrive(Arrival(visit, certificateShown = true, plate = null, fix = null)) }
        assertEquals("work_unsent", assertIs<Outcome.Refused>(officer.zhicha.signOut()).reason.code)
        officer.deliver()
        officer.zhicha.signOut().get()
        assertIs<Outcome.Closed>(officer.zhicha.ask { it.person() })
        Zhicha.open(officer.folder, Town.address).get().use { next ->
            assertIs<Outcome.SignInNeeded>(next.ask { it.person() })
            next.signIn("zhuduyan", Town.password("zhuduyan")).get()
            next.enrol("徐朗用过的手机").get()
        }
        Unit
    }
}
