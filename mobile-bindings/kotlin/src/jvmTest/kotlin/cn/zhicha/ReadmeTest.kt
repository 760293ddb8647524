package cn.zhicha

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The lines of the README, compiled and run exactly as they stand there. */
class ReadmeTest {
    @Test
    fun `its lines record a hazard`() {
        val readme = File(repository, "mobile-bindings/kotlin/README.md").readText()
        val lines = readme.substringAfter("```kotlin\n").substringBefore("```").lines()
        assertTrue(lines.count { it.isNotBlank() && !it.trim().startsWith("//") } < 40)
        picture(Town.folder, 7).let { File(it).copyTo(File(Town.folder, "picture.jpg"), overwrite = true) }
        val java = File(System.getProperty("java.home"), "bin/java").path
        val library = "-Djna.library.path=" + System.getProperty("jna.library.path")
        val command = listOf(java, library, "-cp", System.getProperty("java.class.path"), "ReadmeKt")
        val run = ProcessBuilder(command).directory(Town.folder).redirectError(ProcessBuilder.Redirect.INHERIT)
        run.environment()["ZHICHA_SERVER"] = Town.address
        val process = run.start()
        val output = process.inputStream.bufferedReader().readLines()
        assertEquals(0, process.waitFor())
        assertEquals("0 waiting null", output.last())
    }
}
