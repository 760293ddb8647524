package cn.zhicha

import cn.zhicha.core.*
import java.io.File
import kotlinx.coroutines.runBlocking

/** Runs a part of a test in a process that may die or be denied something. `shell` comes before the program. */
fun otherProcess(shell: String, vararg words: String): Process {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val properties = listOf("jna.library.path", "jna.boot.library.path", "zhicha.repository", "zhicha.server")
    val given = properties.mapNotNull { name -> System.getProperty(name)?.let { "-D$name=$it" } }
    val classes = listOf("-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), "cn.zhicha.OtherProcessKt")
    val command = listOf("bash", "-c", "$shell exec \"$@\"", "bash", java) + given + classes + words
    return ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

fun main(words: Array<String>) = runBlocking {
    val zhicha = Zhicha.open(File(words[1]), words.last().takeIf { "http" in it } ?: "http://127.0.0.1:9").get()
    when (words[0]) {
        "full" -> {
            val (visit, hazard, large) = words.drop(2)
            val stream = StreamId.Inspection(visit)
            val outcome = zhicha.ask { it.captureFile(stream, meta(Purpose.FOUND, hazard), large) }
            println((outcome as Outcome.DiskFull).reason.code)
        }
        // Dies like an app that the system ends: without a word.
        else -> zhicha.sync { if (it.files.filesDone == 12u) ProcessHandle.current().pid().let(::kill) }.get().let {}
    }
}

private fun kill(pid: Long) {
    ProcessBuilder("kill", "-KILL", "$pid").start().waitFor()
}
