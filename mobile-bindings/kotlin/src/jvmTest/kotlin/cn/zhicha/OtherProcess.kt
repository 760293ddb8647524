package cn.zhicha

import cn.zhicha.core.*
import java.io.File
import kotlinx.coroutines.runBlocking

/** Runs a process with a folder on a disk of its own that is nearly full. */
fun smallDisk(folder: File) = listOf(File(repository, "mobile-bindings/small_disk.sh").path, folder.path)

/** Runs a part of a test in a process that may die or be denied something, `under` another program if one is given. */
fun otherProcess(under: List<String>, vararg words: String): Process {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val properties = listOf("jna.library.path", "jna.boot.library.path", "zhicha.repository", "zhicha.server")
    val given = properties.mapNotNull { name -> System.getProperty(name)?.let { "-D$name=$it" } }
    val classes = listOf("-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), "cn.zhicha.OtherProcessKt")
    return ProcessBuilder(under + java + given + classes + words).redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

fun main(words: Array<String>) = runBlocking {
    val zhicha = Zhicha.open(File(words[1]), words.last().takeIf { "http" in it } ?: "http://127.0.0.1:9").get()
    when (words[0]) {
        "full" -> {
            val (visit, hazard) = InspectionId(words[2]) to HazardId(words[3])
            val large = words[4]
            val stream = StreamId.Inspection(visit)
            val photo = zhicha.ask { it.capture(stream, meta(Purpose.FOUND, hazard), large) }
            println((photo as Outcome.DiskFull).reason.code)
            // Each note is a letter longer, so that its length says which was the last.
            val item = zhicha.ask { it.catalogue().checklists.first().items.first().code }.get()
            val (letters, answer) = (1000..2000).firstNotNullOf { letters ->
                val answer = zhicha.ask { it.answer(visit, item, Verdict.FAIL, "满".repeat(letters)) }
                (letters to answer).takeIf { answer is Outcome.Failed }
            }
            println("${(answer as Outcome.DiskFull).reason.code} ${letters - 1}")
        }
        // Dies like an app that the system ends: without a word.
        else -> zhicha.sync { if (it.files.filesDone == 12u) ProcessHandle.current().pid().let(::kill) }.get().let {}
    }
}

private fun kill(pid: Long) {
    ProcessBuilder("kill", "-KILL", "$pid").start().waitFor()
}
