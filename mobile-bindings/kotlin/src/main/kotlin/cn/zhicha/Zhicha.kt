package cn.zhicha

import cn.zhicha.core.Changed
import cn.zhicha.core.Device
import cn.zhicha.core.DeviceClock
import cn.zhicha.core.DeviceId
import cn.zhicha.core.Digest
import cn.zhicha.core.KeyVault
import cn.zhicha.core.Observer
import cn.zhicha.core.Outbox
import cn.zhicha.core.Person
import cn.zhicha.core.Requests
import cn.zhicha.core.SyncReport
import cn.zhicha.core.SyncStep
import cn.zhicha.core.keyFile
import cn.zhicha.core.processClock
import java.io.File
import java.io.IOException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.withContext

/**
 * One person's device for coroutines: calls suspend instead of blocking, progress and changes are flows.
 * A folder belongs to one [Zhicha] at a time, in whichever process.
 */
class Zhicha
private constructor(
    private val device: Device,
    private val transport: Transport,
    private val work: CoroutineDispatcher,
    private val ownKey: File?,
) : AutoCloseable {
    /** How often each part changed. */
    private val versions = MutableStateFlow(emptyMap<Changed, Long>())

    init {
        device.observe(
            object : Observer {
                override fun changed(parts: List<Changed>) =
                    versions.update { it + parts.map { part -> part to (it[part] ?: 0) + 1 } }
            }
        )
    }

    /**
     * Asks the device something or has it do something, away from the caller's thread:
     * `zhicha.ask { it.seal(visit, emptyList()) }`. When it is done, what it wrote is on disk.
     */
    suspend fun <T> ask(call: (Device) -> T): Outcome<T> = attempt { withContext(work) { call(device) } }

    /** Signs a person in, who stays signed in on this device. Needs the network. */
    suspend fun signIn(username: String, password: String): Outcome<Person> =
        over({ beginSignIn(username, password) }) { device.person() }

    /** Enrols this device with proof that it holds its key. Needed once, after the first sign-in. Needs the network. */
    suspend fun enrol(label: String): Outcome<DeviceId> = over({ beginEnrol(label) }) { device.id() }

    /** Fetches the small picture of a photo that no synchronisation brings; gives its file. Needs the network. */
    suspend fun fetchPhoto(photo: Digest): Outcome<String?> = over({ beginFetchPhoto(photo) }) { device.photo(photo) }

    /** Asks the server for what no device holds: JSON in, JSON out; with a body it is a POST. Needs the network. */
    suspend fun office(path: String, body: String? = null): Outcome<String> =
        over({ beginOffice(path, body) }) { it.answer() }

    /**
     * Synchronises while it is collected, one request per step. Cancelling the collector stops at once, the request
     * under way included; what was done stays done and the next collection goes on from there, also in
     * another process. Fails with a [cn.zhicha.core.DeviceException] when the device itself cannot go on.
     */
    fun syncSteps(): Flow<SyncStep> =
        flow {
                device.beginSync().use { requests ->
                    do {
                        val going = sendNext(requests)
                        emit(requests.step())
                    } while (going)
                }
            }
            .buffer(Channel.RENDEZVOUS)
            .flowOn(work)

    /** Synchronises until everything is done or the run has to wait; `report.waiting` says why. */
    suspend fun sync(onStep: suspend (SyncStep) -> Unit = {}): Outcome<SyncReport> =
        attempt { syncSteps().onEach(onStep).last().report }

    /** What changed, whoever changed it. Parts that changed while the collector was busy come together. */
    val changes: Flow<Set<Changed>> = flow {
        var seen = versions.value
        versions.collect { now ->
            val parts = now.filter { (part, count) -> seen[part] != count }.keys
            seen = now
            if (parts.isNotEmpty()) emit(parts)
        }
    }

    /** The outbox now and after each change of it, whoever made it. */
    val outbox: Flow<Outbox> =
        versions.map { it[Changed.OUTBOX] }.distinctUntilChanged().map { device.outbox() }.flowOn(work)

    /** Removes everything of this person from the folder and closes the device; refused while something is unsent. */
    suspend fun signOut(): Outcome<Unit> = ask { it.signOut() }.also { if (it is Outcome.Done) ownKey?.delete() }

    /** Closes the folder at once; later calls give [Outcome.Closed]. */
    override fun close() = device.shut()

    private suspend fun <T> over(begin: Device.() -> Requests, then: (Requests) -> T): Outcome<T> = attempt {
        withContext(work) {
            device.begin().use { requests ->
                while (sendNext(requests)) { /* One request after the other. */ }
                then(requests)
            }
        }
    }

    /** Sends the next request and brings its answer; whether there was one. */
    private suspend fun sendNext(requests: Requests): Boolean {
        val call = requests.nextRequest() ?: return false
        val answer =
            try {
                transport.send(call)
            } catch (lost: IOException) {
                requests.noAnswer(lost.toString())
                return true
            }
        requests.takeAnswer(answer)
        return true
    }

    companion object {
        /**
         * Opens or makes a device in a folder of its own; whatever was saved there before is there. Without
         * a vault the key lies in the folder: right for offices and tests. On Android pass a `KeystoreVault`
         * and an `AndroidClock`.
         */
        suspend fun open(
            folder: File,
            server: String,
            vault: KeyVault? = null,
            clock: DeviceClock = processClock(),
            transport: Transport = HttpTransport(server),
            work: CoroutineDispatcher = Dispatchers.IO,
        ): Outcome<Zhicha> = attempt {
            withContext(work) {
                folder.mkdirs()
                val key = File(folder, "key").takeIf { vault == null }
                val keys = vault ?: keyFile(File(folder, "key").path)
                Zhicha(Device.open(folder.path, keys, clock), transport, work, key)
            }
        }
    }
}
