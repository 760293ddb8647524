// As keystore.kt.
package android.provider

import android.content.ContentResolver

object Settings {
    object Global {
        const val BOOT_COUNT = "boot_count"

        @Suppress("UNUSED_PARAMETER")
        fun getInt(resolver: ContentResolver, name: String, default: Int): Int = throw NotImplementedError()
    }
}
