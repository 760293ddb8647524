// What src/android names of Android, declared as its documentation says, so that test.sh can compile src/android
// where no Android SDK is. Never part of a library.
package android.security.keystore

import java.security.InvalidKeyException
import java.security.spec.AlgorithmParameterSpec

class KeyGenParameterSpec private constructor() : AlgorithmParameterSpec {
    @Suppress("UNUSED_PARAMETER")
    class Builder(keystoreAlias: String, purposes: Int) {
        fun setAlgorithmParameterSpec(spec: AlgorithmParameterSpec): Builder = this

        fun setDigests(vararg digests: String): Builder = this

        fun setUserAuthenticationRequired(required: Boolean): Builder = this

        @Deprecated("setUserAuthenticationParameters from API 30")
        fun setUserAuthenticationValidityDurationSeconds(seconds: Int): Builder = this

        fun build(): KeyGenParameterSpec = throw NotImplementedError()
    }
}

object KeyProperties {
    const val PURPOSE_SIGN = 4
    const val DIGEST_SHA256 = "SHA-256"
    const val KEY_ALGORITHM_EC = "EC"
}

class KeyPermanentlyInvalidatedException : InvalidKeyException()

class UserNotAuthenticatedException : InvalidKeyException()
