package cn.zhicha

import cn.zhicha.core.*
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The shared vectors through the border: cases go in, answers come out, the comparison is Kotlin's own. */
class VectorsTest {
    private fun text(name: String) = File(repository, "fixtures/$name").readText()

    private fun file(name: String): JsonElement = JsonParser.parseString(text("vectors/$name.json"))

    private fun rows(name: String, part: String? = null): List<JsonObject> =
        (if (part == null) file(name) else file(name).asJsonObject[part]).asJsonArray.map { it.asJsonObject }

    private fun JsonObject.text(name: String): String = get(name).asString

    private fun same(pairs: List<Triple<Any, Any, Any>>, least: Int) {
        val wrong = pairs.filter { (_, answer, expected) -> answer != expected }
        assertEquals(emptyList(), wrong.take(5), "${wrong.size} of ${pairs.size}")
        assertTrue(pairs.size >= least, "${pairs.size}")
    }

    @Test
    fun gates() = RuleBook.read(text("vectors/gates.json")).use { book ->
        val pairs = rows("gates", "cells").flatMap { cell ->
            val (stage, statement) = cell.text("stage") to cell["statement"].asInt.toUInt()
            cell["codes"].asJsonObject.entrySet().flatMap { (code, people) ->
                people.asJsonArray.map { it.asString }.map { who ->
                    Triple("${cell.text("name")} $stage $who", book.gate(stage, statement, who), code)
                }
            }
        }
        same(pairs, 10_000)
    }

    @Test
    fun status() = RuleBook.read(text("vectors/status.json")).use { book ->
        val first = "41414141-4141-4141-4141-414141414141"
        val pairs = rows("status", "cases").flatMap { case ->
            val (stage, visit) = case.text("stage") to case["visit"].asJsonObject
            val status = JsonParser.parseString(book.hazardStatus(stage, first, case["now"].asLong))
            val state = (visit["state"] ?: visit["refused"]).asString
            listOf(Triple(case, book.visitState(stage), state), Triple(case, status, case["hazard"]))
        }
        same(pairs, 500)
    }

    @Test
    fun deadlines() {
        val years = listOf(2025, 2026).joinToString(",") { text("calendars/$it.json") }
        RuleBook.read("""{"calendars": [$years]}""").use { book ->
            val pairs = rows("deadlines").map { case ->
                val unit = DayUnit.valueOf(case.text("unit").uppercase())
                val mark = if (case["provisional"].asBoolean) "?" else ""
                val days = case["days"].asInt.toUShort()
                val answer = book.deadline(case.text("start"), days, unit, case["roll"].asBoolean)
                Triple(case, answer, case.text("date") + mark)
            }
            same(pairs, 100)
        }
    }

    @Test
    fun numbering() = RuleBook.read(text("vectors/numbering.json")).use { book ->
        val pairs = rows("numbering", "cases").map { case ->
            val last = case["last"].asLong.toUInt()
            Triple(case, book.number(case.text("department"), case["issued_at"].asLong, last), case.text("answer"))
        }
        same(pairs, 10)
    }

    @Test
    fun `merge policy`() = RuleBook.read("{}").use { book ->
        same(rows("merge_policy", "fields").map { Triple(it, book.mergePolicy(it.text("field")), it.text("policy")) }, 15)
    }

    @Test
    fun `credit codes`() = RuleBook.read("{}").use { book ->
        same(rows("credit_codes").map { Triple(it, book.isCreditCode(it.text("text")), it["valid"].asBoolean) }, 50)
    }
}
