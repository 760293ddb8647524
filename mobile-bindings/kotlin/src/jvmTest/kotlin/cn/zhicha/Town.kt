package cn.zhicha

import cn.zhicha.core.*
import java.awt.image.BufferedImage
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.util.Random
import java.util.concurrent.TimeUnit
import javax.imageio.ImageIO

val china: ZoneId = ZoneId.of("Asia/Shanghai")
val repository = File(System.getProperty("zhicha.repository"))

/** The real server with the seeded zone as a process of its own, and people with devices. */
object Town {
    val folder: File = Files.createTempDirectory("zhicha-kotlin-").toFile()
    private val program: String = System.getProperty("zhicha.server")
    private val data = File(folder, "data").path
    private val seeded = seed()
    private val server = ProcessBuilder(program, "serve", "--data", data, "--listen", "127.0.0.1:0").start()
    val address: String

    init {
        Runtime.getRuntime().addShutdownHook(Thread { server.destroyForcibly().waitFor(); folder.deleteRecursively() })
        val output = generateSequence(server.errorStream.bufferedReader()::readLine).first { "http://" in it }
        address = "http://" + output.substringAfter("http://").trim().trimEnd('/')
    }

    private fun seed(): List<List<String>> {
        val passwords = File(folder, "passwords.txt")
        val fixtures = File(repository, "fixtures").path
        val words = listOf("seed", "--data", data, "--fixtures", fixtures, "--passwords", passwords.path)
        val seeding = ProcessBuilder(listOf(program) + words).inheritIO().start()
        check(seeding.waitFor(5, TimeUnit.MINUTES) && seeding.exitValue() == 0)
        return passwords.readLines().map { it.split("\t") }
    }

    /** A person's device: signed in, enrolled, with what the server has for this person. */
    suspend fun phone(name: String, vault: KeyVault? = null): Phone {
        val folder = Files.createTempDirectory(folder.toPath(), "$name-").toFile()
        val network = Network(address)
        val zhicha = Zhicha.open(folder, address, vault = vault, transport = network).get()
        zhicha.signIn(name, password(name)).get()
        zhicha.enrol("${name}的手机").get()
        zhicha.sync().get()
        return Phone(zhicha, network, folder)
    }

    fun password(name: String): String = seeded.first { it[0] == name }[1]

    /** The safety officer of an enterprise, found as the office would: by signing in. */
    suspend fun accountOf(enterprise: EnterpriseId): String =
        seeded.filter { "企业安全员" in it[2] }.map { it[0] }.first { name ->
            val folder = Files.createTempDirectory(folder.toPath(), "who-").toFile()
            Zhicha.open(folder, address).get().use { who ->
                who.signIn(name, password(name)).get().enterprise == enterprise
            }
        }
}

/** A transport whose connection can be cut. */
class Network(server: String) : HttpTransport(server) {
    @Volatile var away = false
    @Volatile var puts = 0

    override suspend fun send(call: HttpCall): HttpAnswer {
        if (away) throw IOException("no signal")
        if (call.method == "PUT") puts += 1
        return super.send(call)
    }
}

/** A device in a hand. */
class Phone(val zhicha: Zhicha, val network: Network, val folder: File) {
    suspend fun <T> ask(call: (Device) -> T): T = zhicha.ask(call).get()

    /** Synchronises until the device shows something, and gives it. Each round is a real exchange. */
    suspend fun <T : Any> until(shows: (Device) -> T?): T {
        repeat(2_000) {
            zhicha.sync().get()
            ask(shows)?.let { found -> return found }
        }
        error("never shown")
    }

    /** Synchronises until nothing of the person's own waits. */
    suspend fun deliver() {
        until { device -> Unit.takeIf { device.outbox().waiting == 0u } }
    }
}

/** Today in China as the device knows it. */
fun day(device: Device) = CivilDate(LocalDate.ofInstant(Instant.ofEpochMilli(device.now().millis), china).toString())

fun batteryPlant(device: Device): Enterprise = device.catalogue().enterprises.first { SectorCode("LB") in it.sectors }

/** Plans an unannounced visit and brings it to the team. */
suspend fun plan(supervisor: Phone, team: List<Phone>, place: Enterprise): InspectionId {
    val visit = newInspectionId()
    val people = team.map { phone -> phone.ask { it.person().id } }
    supervisor.ask {
        val (department, today) = it.person().department!! to day(it)
        val approval = "枣高应急检批〔2026〕18号"
        val kind = VisitKind.UNANNOUNCED
        it.plan(Plan(visit, place.id, department, people, kind, place.sectors, today, today, approval, null))
    }
    supervisor.deliver()
    for (phone in team) phone.until { it.tasks().find { known -> known.plan.inspection == visit } }
    return visit
}

fun rectify(days: Int, unit: DayUnit = DayUnit.NATURAL) = MeasureDraft.Rectify(Term(days.toUShort(), unit))

/** A hazard as an officer first writes it down. */
fun draft(device: Device, text: String, measure: MeasureDraft, grade: Grade = Grade.GENERAL) =
    HazardDraft(
        item = null,
        description = text,
        place = "一号仓库",
        basis = Clause("AQF", "第三十六条"),
        grade = grade,
        criterion = Clause("MEM10", "第八条(七)"),
        measure = measure,
        foundBy = device.person().id,
    )

/** A PNG of sensor noise; the same seed gives the same bytes. */
fun picture(folder: File, seed: Long, side: Int = 120): String {
    val noise = Random(seed)
    val image = BufferedImage(side, side, BufferedImage.TYPE_INT_RGB)
    for (y in 0 until side) for (x in 0 until side) image.setRGB(x, y, noise.nextInt(0x1000000))
    return File(folder, "picture-$seed.png").also { ImageIO.write(image, "png", it) }.path
}

fun meta(purpose: Purpose, hazard: HazardId?, source: Source = Source.CAMERA) = PhotoMeta(purpose, hazard, source, null)

/** Takes a photo of a hazard and attaches it. */
suspend fun shoot(phone: Phone, visit: InspectionId, hazard: HazardId, seed: Long, purpose: Purpose = Purpose.FOUND, side: Int = 120) =
    phone.ask {
        val path = picture(phone.folder, seed, side)
        val photo = it.capture(StreamId.Inspection(visit), meta(purpose, hazard), path)
        it.attachPhoto(visit, hazard, photo, purpose)
        photo
    }
