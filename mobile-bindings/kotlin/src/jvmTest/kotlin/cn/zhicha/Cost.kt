package cn.zhicha

import cn.zhicha.core.*
import java.io.File

private fun residentKb(): Long =
    File("/proc/self/status").readLines().first { it.startsWith("VmRSS:") }.split(Regex("\\s+"))[1].toLong()

private fun measure(name: String, calls: Int, call: (Int) -> Unit) {
    // The virtual machine compiles what it has seen often; what is measured is a phone in use.
    repeat(calls) { call(it) }
    val before = residentKb()
    val began = System.nanoTime()
    repeat(calls) { call(it) }
    val micros = (System.nanoTime() - began) / 1e3 / calls
    println("$name\t%.1f\t${maxOf(0, residentKb() - before)}".format(micros))
}

/** Measures calls across the border. Words: a folder of a device, an inspection, a check item. */
fun main(words: Array<String>) {
    val folder = words[0]
    val (visit, item) = InspectionId(words[1]) to ItemCode(words[2])
    val device = Device.open(folder, keyFile(File(folder, "key").path), processClock())
    val book = RuleBook.read("{}")
    val question = """{"merge_policy": {"field": "hazard.grade"}}"""
    measure("rule", 20_000) { book.ask(question) }
    measure("read", 200) { device.inspection(visit) }
    measure("write", 200) { device.answer(visit, item, Verdict.PASS, "$it") }
    println("process\t0\t${residentKb()}")
}
