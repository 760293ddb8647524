package cn.zhicha

import android.content.ContentResolver
import android.os.SystemClock
import android.provider.Settings
import cn.zhicha.core.ClockReading
import cn.zhicha.core.DeviceClock
import cn.zhicha.core.Timestamp
import java.nio.ByteBuffer

/** The phone's clocks: what counts since its start goes on in sleep, and its starts are counted. */
class AndroidClock(private val resolver: ContentResolver) : DeviceClock {
    override fun read(): ClockReading {
        val starts = Settings.Global.getInt(resolver, Settings.Global.BOOT_COUNT, 0)
        return ClockReading(
            wall = Timestamp(System.currentTimeMillis()),
            monotonicMs = SystemClock.elapsedRealtime().toULong(),
            boot = ByteBuffer.allocate(Long.SIZE_BYTES).putLong(starts.toLong()).array(),
        )
    }
}
