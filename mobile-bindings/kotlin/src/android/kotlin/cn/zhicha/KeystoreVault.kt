package cn.zhicha

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import cn.zhicha.core.KeyVault
import cn.zhicha.core.VaultException
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.KeyPairGenerator
import java.security.KeyStore
import java.security.PrivateKey
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec

/**
 * A P-256 key of the Android Keystore that never leaves the phone's hardware. With [unlockSeconds] it signs only for
 * that long after the person unlocked the phone; later it reports that it is locked.
 */
class KeystoreVault(private val alias: String = "zhicha", private val unlockSeconds: Int? = null) : KeyVault {
    private val store = KeyStore.getInstance("AndroidKeyStore").apply { load(null) }

    override fun publicKey(): ByteArray = unavailable {
        if (!store.containsAlias(alias)) make()
        val point = (store.getCertificate(alias).publicKey as ECPublicKey).w
        byteArrayOf(4) + coordinate(point.affineX) + coordinate(point.affineY)
    }

    override fun sign(message: ByteArray): ByteArray = unavailable {
        val signature = Signature.getInstance("SHA256withECDSA")
        signature.initSign(store.getKey(alias, null) as PrivateKey)
        signature.update(message)
        signature.sign()
    }

    private fun make() {
        val spec = KeyGenParameterSpec.Builder(alias, KeyProperties.PURPOSE_SIGN)
        spec.setAlgorithmParameterSpec(ECGenParameterSpec("secp256r1"))
        spec.setDigests(KeyProperties.DIGEST_SHA256)
        if (unlockSeconds != null) {
            spec.setUserAuthenticationRequired(true)
            @Suppress("DEPRECATION") spec.setUserAuthenticationValidityDurationSeconds(unlockSeconds)
        }
        val maker = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, "AndroidKeyStore")
        maker.initialize(spec.build())
        maker.generateKeyPair()
    }

    private fun coordinate(number: BigInteger): ByteArray {
        val bytes = number.toByteArray().takeLast(COORDINATE).toByteArray()
        return ByteArray(COORDINATE - bytes.size) + bytes
    }

    private fun <T> unavailable(use: () -> T): T =
        try {
            use()
        } catch (locked: UserNotAuthenticatedException) {
            throw VaultException.Locked()
        } catch (gone: KeyPermanentlyInvalidatedException) {
            throw VaultException.Unavailable("the key was invalidated")
        } catch (failed: GeneralSecurityException) {
            throw VaultException.Unavailable(failed.message ?: failed.javaClass.simpleName)
        }

    private companion object {
        const val COORDINATE = 32
    }
}
