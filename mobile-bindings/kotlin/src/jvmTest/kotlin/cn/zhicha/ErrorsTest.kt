package cn.zhicha

import cn.zhicha.core.*
import java.io.File
import java.nio.file.Files
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlinx.coroutines.runBlocking

/** What goes wrong arrives as a typed result with a stable code, and nothing that was saved is lost. */
class ErrorsTest {
    /** A key store that a person can lock. */
    private open class Vault : KeyVault {
        @Volatile var locked = false
        private val key = keyFile(File(Files.createTempDirectory(Town.folder.toPath(), "key-").toFile(), "key").path)

        override fun publicKey(): ByteArray = key.publicKey()

        override fun sign(message: ByteArray): ByteArray =
            if (locked) throw VaultException.Locked() else key.sign(message)
    }

    /** The key store of the Java platform, which answers like the one of Android: DER, either half. */
    private class PlatformVault : KeyVault {
        private val pair =
            KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()

        override fun publicKey(): ByteArray {
            val point = (pair.public as ECPublicKey).w
            return byteArrayOf(4) + listOf(point.affineX, point.affineY).map { number ->
                val bytes = number.toByteArray().takeLast(32).toByteArray()
                ByteArray(32 - bytes.size) + bytes
            }.reduce(ByteArray::plus)
        }

        override fun sign(message: ByteArray): ByteArray =
            Signature.getInstance("SHA256withECDSA").run { initSign(pair.private); update(message); sign() }
    }

    @Test
    fun `what the key store of the platform signs is accepted by the server`() = runBlocking {
        val (officer, visit) = officer(PlatformVault())
        officer.ask { it.arrive(arrival(visit)) }
        val hazard = newHazardId()
        officer.ask { it.addHazard(visit, hazard, draft(it, "疏散通道堆放货物", rectify(15))) }
        // Each photo is a signature; one in 65,536 runs would meet one half only.
        for (seed in 1L..16L) shoot(officer, visit, hazard, seed, side = 20)
        officer.deliver()
        val records = officer.ask { it.outbox().records }
        assertEquals(emptyList(), records.filter { it.state !is ItemState.AtServer })
    }

    private suspend fun officer(vault: KeyVault? = null): Pair<Phone, InspectionId> {
        val supervisor = Town.phone("hetong")
        val officer = Town.phone("xulang", vault)
        val visit = plan(supervisor, listOf(officer, Town.phone("zhuduyan")), supervisor.ask(::batteryPlant))
        return officer to visit
    }

    private fun arrival(visit: InspectionId) = Arrival(visit, certificateShown = true, plate = null, fix = null)

    @Test
    fun `a refusal names its code and what to do`() = runBlocking {
        val (officer, visit) = officer()
        val reason = assertIs<Outcome.Refused>(officer.zhicha.ask { it.seal(visit, emptyList()) }).reason
        assertEquals(listOf("not_arrived", "还没有入企登记。", "请先登记到达"), listOf(reason.code, reason.sentence, reason.action))
    }

    @Test
    fun `a locked device signs nothing and reads everything`() = runBlocking {
        val vault = Vault()
        val (officer, visit) = officer(vault)
        vault.locked = true
        val locked = assertIs<Outcome.Locked>(officer.zhicha.ask { it.arrive(arrival(visit)) })
        assertEquals("device_locked", locked.reason.code)
        assertEquals(InspectionState.PLANNED, officer.ask { it.inspection(visit)?.state })
        vault.locked = false
        officer.ask { it.arrive(arrival(visit)) }
        assertEquals(InspectionState.UNDERWAY, officer.ask { it.inspection(visit)?.state })
    }

    @Test
    fun `a text that is no id is told as such`() = runBlocking {
        val (officer, visit) = officer()
        for (bad in listOf("", "nonsense", visit.text.dropLast(1), visit.text + "0")) {
            val refused = assertIs<Outcome.BadId>(officer.zhicha.ask { it.inspection(InspectionId(bad)) })
            assertEquals("InspectionId", refused.reason.field)
        }
    }

    @Test
    fun `a lost network stops the call and nothing else`() = runBlocking {
        val (officer, visit) = officer()
        officer.network.away = true
        val lost = assertIs<Outcome.NetworkLost>(officer.zhicha.enrol("again"))
        assertEquals("java.io.IOException: no signal", lost.reason.detail)
        officer.ask { it.arrive(arrival(visit)) }
        val waiting = officer.zhicha.sync().get().waiting
        assertEquals("network_lost" to "java.io.IOException: no signal", waiting?.code to waiting?.detail)
        val folder = Files.createTempDirectory(Town.folder.toPath(), "nobody-").toFile()
        val nobody = Zhicha.open(folder, "http://127.0.0.1:9").get()
        assertIs<Outcome.NetworkLost>(nobody.signIn("xulang", "secret"))
        assertIs<Outcome.SignInNeeded>(nobody.ask { it.person() })
        Unit
    }

    @Test
    fun `a page of somebody between is no answer of the server`() = runBlocking {
        val portal = object : HttpTransport(Town.address) {
            override suspend fun send(call: HttpCall) = HttpAnswer(200u, "<html>请连接</html>".toByteArray())
        }
        val folder = Files.createTempDirectory(Town.folder.toPath(), "portal-").toFile()
        Zhicha.open(folder, Town.address, transport = portal).get().use {
            val lost = assertIs<Outcome.NetworkLost>(it.signIn("xulang", "secret"))
            assertEquals("network_foreign", lost.reason.code)
        }
    }

    @Test
    fun `a full disk is told and what was saved stays`() = runBlocking {
        val (officer, visit) = officer()
        val hazard = newHazardId()
        officer.ask { it.arrive(arrival(visit)) }
        officer.ask { it.addHazard(visit, hazard, draft(it, "疏散通道堆放货物", rectify(15))) }
        val saved = shoot(officer, visit, hazard, 1)
        val large = picture(Town.folder, 2, side = 800)
        officer.zhicha.close()
        val full = otherProcess(smallDisk(officer.folder), "full", officer.folder.path, visit.text, hazard.text, large)
        val output = full.inputStream.bufferedReader().readText()
        org.junit.Assume.assumeFalse("no disk may be mounted", full.waitFor() == 3)
        val (photo, answer, noteLength) = output.trim().split(Regex("\\s+"))
        assertEquals(listOf("device_full", "device_full"), listOf(photo, answer))
        Zhicha.open(officer.folder, Town.address).get().use { again ->
            val seen = again.ask { it.inspection(visit) }.get()!!
            assertEquals(listOf(saved), seen.hazards.single().photos.map { it.photo })
            assertEquals(listOf(noteLength.toInt()), seen.answers.map { it.note.length })
            again.ask { it.capture(StreamId.Inspection(visit), meta(Purpose.FOUND, hazard), large) }.get()
        }
        Unit
    }
}
