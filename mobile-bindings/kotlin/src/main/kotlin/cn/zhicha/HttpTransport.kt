package cn.zhicha

import cn.zhicha.core.HttpAnswer
import cn.zhicha.core.HttpCall
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URI
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine

/** Sends requests. Whatever an app uses has its platform's certificates, proxies and knowledge of the connection. */
fun interface Transport {
    /** Sends a request and gives the answer, whatever its status. An [IOException] says that none came; its text is kept. */
    suspend fun send(call: HttpCall): HttpAnswer
}

/** Requests over the platform's own client, on Android and on the JVM. Cancelling a request closes it at once. */
open class HttpTransport(server: String, private val timeoutMs: Int = 30_000) : Transport {
    private val server = server.trimEnd('/')

    override suspend fun send(call: HttpCall): HttpAnswer {
        val address = try { URI(server + call.path).toURL() } catch (wrong: Exception) { throw IOException("$wrong", wrong) }
        val connection = address.openConnection() as HttpURLConnection
        return suspendCancellableCoroutine { caller ->
            val blocking = Dispatchers.IO
            caller.invokeOnCancellation { blocking.dispatch(EmptyCoroutineContext) { connection.disconnect() } }
            blocking.dispatch(EmptyCoroutineContext) { caller.resumeWith(runCatching { exchange(connection, call) }) }
        }
    }

    private fun exchange(connection: HttpURLConnection, call: HttpCall): HttpAnswer {
        connection.requestMethod = call.method
        connection.connectTimeout = timeoutMs
        connection.readTimeout = timeoutMs
        call.headers.forEach { connection.setRequestProperty(it.name, it.value) }
        if (call.body.isNotEmpty() || call.method != "GET") {
            connection.doOutput = true
            connection.outputStream.use { it.write(call.body) }
        }
        val status = connection.responseCode
        val stream = if (status < 400) connection.inputStream else connection.errorStream
        return HttpAnswer(status.toUShort(), stream?.use { it.readBytes() } ?: ByteArray(0))
    }
}
