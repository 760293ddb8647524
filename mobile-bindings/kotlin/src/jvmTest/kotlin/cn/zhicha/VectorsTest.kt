package cn.zhicha

import cn.zhicha.core.RuleBook
import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * The shared vectors through the border: questions go in, answers come out, the comparison is Kotlin's own.
 * `ZHICHA_VECTORS` names another folder of them.
 */
class VectorsTest {
    private val folder = System.getenv("ZHICHA_VECTORS") ?: "$repository/fixtures/vectors"

    private fun read(path: String): JsonElement = JsonParser.parseString(File(path).readText())

    private fun vectors(name: String) = read("$folder/$name.json")

    private fun rows(file: JsonElement, part: String? = null): List<JsonObject> =
        (if (part == null) file else file.asJsonObject[part]).asJsonArray.map { it.asJsonObject }

    private fun json(vararg fields: Pair<String, JsonElement>) =
        JsonObject().apply { fields.forEach { (name, value) -> add(name, value) } }

    /** Fields of a row. */
    private fun fields(row: JsonObject, vararg names: String) = json(*names.map { it to row[it] }.toTypedArray())

    /** A question with fields of a row. */
    private fun question(ask: String, row: JsonObject, vararg names: String) = json(ask to fields(row, *names))

    /** Asks each question and compares with the answer beside it. */
    private fun same(tables: JsonElement, rows: List<Pair<JsonElement, JsonElement>>, least: Int) =
        RuleBook.read("$tables").use { book ->
            val answers = rows.map { (question, _) -> JsonParser.parseString(book.ask("$question")) }
            val wrong = rows.zip(answers).filter { (row, answer) -> row.second != answer }
            val shown = wrong.take(5).map { (row, answer) -> "${row.first}: $answer, not ${row.second}" }
            assertEquals(emptyList(), shown, "${wrong.size} of ${rows.size}")
            assertTrue(rows.size >= least, "${rows.size}")
        }

    @Test
    fun gates() {
        val file = vectors("gates")
        val rows = rows(file, "cells").flatMap { cell ->
            cell["codes"].asJsonObject.entrySet().flatMap { (code, people) ->
                people.asJsonArray.map { who ->
                    json("gate" to fields(cell, "stage", "statement").apply { add("person", who) }) to JsonPrimitive(code)
                }
            }
        }
        same(file, rows, 10_000)
    }

    @Test
    fun status() {
        val file = vectors("status")
        val first = JsonPrimitive("41414141-4141-4141-4141-414141414141")
        val rows = rows(file, "cases").map { case ->
            val question = json("status" to fields(case, "stage", "now").apply { add("hazard", first) })
            question to json("visit" to case["visit"], "hazard" to case["hazard"])
        }
        same(file, rows, 250)
    }

    @Test
    fun deadlines() {
        val years = JsonArray().apply { for (year in 2025..2026) add(read("$repository/fixtures/calendars/$year.json")) }
        val rows = rows(vectors("deadlines")).map { case ->
            val day = json("date" to case["date"], "provisional" to case["provisional"])
            val asked = fields(case, "start", "roll").apply { add("term", fields(case, "days", "unit")) }
            json("deadline" to asked) to day
        }
        same(json("calendars" to years), rows, 100)
    }

    @Test
    fun numbering() {
        val file = vectors("numbering")
        val asked = { it: JsonObject -> question("number", it, "department", "issued_at", "last") }
        same(file, rows(file, "cases").map { asked(it) to it["answer"] }, 10)
    }

    @Test
    fun `merge policy`() {
        val fields = rows(vectors("merge_policy"), "fields")
        same(JsonObject(), fields.map { question("merge_policy", it, "field") to it["policy"] }, 15)
    }

    @Test
    fun `credit codes`() =
        same(JsonObject(), rows(vectors("credit_codes")).map { question("credit_code", it, "text") to it["valid"] }, 50)
}
