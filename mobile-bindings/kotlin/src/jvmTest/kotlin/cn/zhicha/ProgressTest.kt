package cn.zhicha

import cn.zhicha.core.*
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

private const val PHOTOS = 40

/** Forty photos on their way: counted, cancelled, killed, and carried on with. */
class ProgressTest {
    private suspend fun loaded(seed: Long): Phone {
        val supervisor = Town.phone("hetong")
        val officer = Town.phone("xulang")
        val visit = plan(supervisor, listOf(officer, Town.phone("zhuduyan")), supervisor.ask(::batteryPlant))
        officer.ask { it.arrive(Arrival(visit, certificateShown = true, plate = null, fix = null)) }
        var hazard = newHazardId()
        for (n in 0 until PHOTOS) {
            if (n % 10 == 0) {
                hazard = newHazardId()
                officer.ask { it.addHazard(visit, hazard, draft(it, "疏散通道堆放货物", rectify(15))) }
            }
            shoot(officer, visit, hazard, seed + n, side = 60)
        }
        return officer
    }

    private suspend fun waiting(zhicha: Zhicha) =
        zhicha.ask { it.outbox().files.filter { file -> file.state is ItemState.OnlyHere } }.get()

    @Test
    fun `an upload of forty photos reports items and bytes`() = runBlocking {
        val officer = loaded(1000)
        val size = waiting(officer.zhicha).sumOf { it.bytes }
        val steps = officer.zhicha.syncSteps().toList().map { it.files }
        assertEquals(steps.map { it.bytesDone }.sorted(), steps.map { it.bytesDone }, "it never goes back")
        assertEquals((0u..PHOTOS.toUInt()).toSet(), steps.map { it.filesDone }.toSet(), "each photo is told")
        assertEquals(Tally(PHOTOS.toUInt(), PHOTOS.toUInt(), size, size), steps.last())
        assertEquals(emptyList(), waiting(officer.zhicha))
        assertEquals(0u, officer.zhicha.outbox.first().waiting)
    }

    @Test
    fun `cancelling leaves a state from which the next collection goes on`() = runBlocking {
        val officer = loaded(2000)
        // `first` cancels the flow as soon as it has what it wants.
        officer.zhicha.syncSteps().first { it.files.filesDone == 15u }
        val (left, sent) = waiting(officer.zhicha).size to officer.network.puts
        assertTrue(left in 1..PHOTOS - 15, "$left")
        officer.zhicha.sync().get()
        assertEquals(emptyList(), waiting(officer.zhicha))
        assertTrue(officer.network.puts - sent <= left + 1, "nothing is sent twice but the one under way")
    }

    @Test
    fun `a process killed in between goes on where it was`() = runBlocking {
        val officer = loaded(4000)
        officer.zhicha.close()
        val killed = otherProcess(emptyList(), "killed", officer.folder.path, Town.address)
        assertEquals(137, killed.waitFor())
        Zhicha.open(officer.folder, Town.address).get().use { again ->
            val left = waiting(again).size
            assertTrue(left in 1..PHOTOS - 10, "$left")
            assertEquals(left.toUInt(), again.syncSteps().toList().last().files.files)
            assertEquals(emptyList(), waiting(again))
        }
    }
}
