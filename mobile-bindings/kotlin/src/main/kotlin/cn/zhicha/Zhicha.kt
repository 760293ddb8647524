package cn.zhicha

import cn.zhicha.core.Device
import cn.zhicha.core.DeviceClock
import cn.zhicha.core.DeviceException
import cn.zhicha.core.KeyVault
import cn.zhicha.core.Outbox
import cn.zhicha.core.SyncReport
import cn.zhicha.core.SyncStep
import cn.zhicha.core.Transport
import cn.zhicha.core.keyFile
import cn.zhicha.core.processClock
import java.io.File
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
 * One person's device for coroutines: calls suspend instead of blocking, progress and outbox are flows.
 * A folder belongs to one process and one [Zhicha] at a time.
 */
class Zhicha
private constructor(private val device: Device, private val work: CoroutineDispatcher) : AutoCloseable {
    private val changes = MutableStateFlow(0L)

    /**
     * Asks the device something or has it do something, away from the caller's thread:
     * `zhicha.ask { it.seal(visit) }`. When it is done, what it wrote is on disk.
     */
    suspend fun <T> ask(call: (Device) -> T): Outcome<T> =
        withContext(work) {
            try {
                Outcome.Done(call(device)).also { changes.update { it + 1 } }
            } catch (failed: DeviceException) {
                failed.asOutcome()
            }
        }

    /**
     * Synchronises while it is collected, one request per step. Cancelling the collector stops after the
     * request under way; what was done stays done and the next collection goes on from there, also in
     * another process. Fails with a [DeviceException] when the device itself cannot go on.
     */
    fun syncSteps(): Flow<SyncStep> =
        flow {
                device.beginSync().use { run ->
                    do {
                        val step = run.step()
                        emit(step)
                    } while (!step.done)
                }
            }
            .buffer(Channel.RENDEZVOUS)
            .flowOn(work)
            .onEach { changes.update { it + 1 } }

    /** Synchronises until everything is done or the run has to wait; `report.waiting` says why. */
    suspend fun sync(onStep: suspend (SyncStep) -> Unit = {}): Outcome<SyncReport> =
        try {
            Outcome.Done(syncSteps().onEach(onStep).last().report)
        } catch (failed: DeviceException) {
            failed.asOutcome()
        }

    /** The outbox now and after each change that came through this object. */
    val outbox: Flow<Outbox> = changes.map { device.outbox() }.distinctUntilChanged().flowOn(work)

    /** Lets the folder go. */
    override fun close() = device.close()

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
        ): Outcome<Zhicha> =
            withContext(work) {
                try {
                    folder.mkdirs()
                    val keys = vault ?: keyFile(File(folder, "key").path)
                    Outcome.Done(Zhicha(Device.open(folder.path, keys, clock, transport), work))
                } catch (failed: DeviceException) {
                    failed.asOutcome()
                }
            }
    }
}
