package cn.zhicha

import cn.zhicha.core.HttpAnswer
import cn.zhicha.core.HttpCall
import cn.zhicha.core.NetworkLost
import cn.zhicha.core.Transport
import java.io.IOException
import java.net.HttpURLConnection
import java.net.URI

/** Requests over the platform's own client, on Android and on the JVM, with its certificates and proxies. */
open class HttpTransport(server: String, private val timeoutMs: Int = 30_000) : Transport {
    private val server = server.trimEnd('/')

    override fun send(call: HttpCall): HttpAnswer =
        try {
            val connection = URI(server + call.path).toURL().openConnection() as HttpURLConnection
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
            HttpAnswer(status.toUShort(), stream?.use { it.readBytes() } ?: ByteArray(0))
        } catch (lost: IOException) {
            throw NetworkLost.NoAnswer(lost.message ?: lost.javaClass.simpleName)
        }
}
