package cn.zhicha

import cn.zhicha.core.DeviceException
import cn.zhicha.core.InternalException
import cn.zhicha.core.Reason
import cn.zhicha.core.reasonOf
import java.nio.charset.CharacterCodingException

/** What a call came to. A call that failed changed nothing; what was saved before stays saved. */
sealed interface Outcome<out T> {
    /** It is done, and what it wrote is on disk. */
    data class Done<T>(val value: T) : Outcome<T>

    /** It was not done. `reason.code` is for programs, its sentences are for people. */
    sealed interface Failed : Outcome<Nothing> {
        val reason: Reason
    }

    /** The rules, the form or the server do not allow it. */
    data class Refused(override val reason: Reason) : Failed

    /** The key store is locked: unlock and call again. */
    data class Locked(override val reason: Reason) : Failed

    /** A text that should name something does not. */
    data class BadId(override val reason: Reason) : Failed

    /** No room is left on the device. */
    data class DiskFull(override val reason: Reason) : Failed

    /** No answer of the server came: none at all, or one of somebody between (`network_foreign`). */
    data class NetworkLost(override val reason: Reason) : Failed

    /** A person has to sign in first. */
    data class SignInNeeded(override val reason: Reason) : Failed

    /** Another process or object holds the folder. */
    data class InUse(override val reason: Reason) : Failed

    /** The device was closed. */
    data class Closed(override val reason: Reason) : Failed
}

/** The value, or the error as an exception. */
fun <T> Outcome<T>.get(): T =
    when (this) {
        is Outcome.Done -> value
        is Outcome.Refused -> throw DeviceException.Refused(reason)
        is Outcome.Locked -> throw DeviceException.Locked(reason)
        is Outcome.BadId -> throw DeviceException.BadId(reason)
        is Outcome.DiskFull -> throw DeviceException.DiskFull(reason)
        is Outcome.NetworkLost -> throw DeviceException.NetworkLost(reason)
        is Outcome.SignInNeeded -> throw DeviceException.SignInNeeded(reason)
        is Outcome.InUse -> throw DeviceException.InUse(reason)
        is Outcome.Closed -> throw DeviceException.Closed(reason)
    }

internal fun DeviceException.asOutcome(): Outcome.Failed =
    when (this) {
        is DeviceException.Refused -> Outcome.Refused(reason)
        is DeviceException.Locked -> Outcome.Locked(reason)
        is DeviceException.BadId -> Outcome.BadId(reason)
        is DeviceException.DiskFull -> Outcome.DiskFull(reason)
        is DeviceException.NetworkLost -> Outcome.NetworkLost(reason)
        is DeviceException.SignInNeeded -> Outcome.SignInNeeded(reason)
        is DeviceException.InUse -> Outcome.InUse(reason)
        is DeviceException.Closed -> Outcome.Closed(reason)
    }

/** Does something with a device; whatever the border says comes back as an [Outcome]. */
internal suspend fun <T> attempt(work: suspend () -> T): Outcome<T> =
    try {
        Outcome.Done(work())
    } catch (failed: DeviceException) {
        failed.asOutcome()
    } catch (text: CharacterCodingException) {
        // Half of a character, such as a cut emoji: no text of the border.
        Outcome.Refused(reasonOf("field_malformed", detail = "$text"))
    } catch (fault: InternalException) {
        Outcome.Refused(reasonOf("app_error", detail = fault.message?.lineSequence()?.first()))
    }
