package cn.zhicha.core

// Ids, digests, dates and instants as types of their own: mixing them up does not compile. They hold any text; the
// call that gets one refuses it if it names nothing.

/** A calendar date in China, `YYYY-MM-DD`. */
@JvmInline
value class CivilDate(val text: String) {
    override fun toString() = text
}

/** 统一社会信用代码. */
@JvmInline
value class CreditCode(val text: String) {
    override fun toString() = text
}

/** A department with or without the power to enforce. */
@JvmInline
value class DepartmentId(val text: String) {
    override fun toString() = text
}

/** An enrolled device. */
@JvmInline
value class DeviceId(val text: String) {
    override fun toString() = text
}

/** The name of a photo or of a fact: `sha256:` and 64 hex digits. */
@JvmInline
value class Digest(val text: String) {
    override fun toString() = text
}

/** An enterprise or another inspected place. */
@JvmInline
value class EnterpriseId(val text: String) {
    override fun toString() = text
}

/** A hazard found at a visit. */
@JvmInline
value class HazardId(val text: String) {
    override fun toString() = text
}

/** One planned or performed visit. */
@JvmInline
value class InspectionId(val text: String) {
    override fun toString() = text
}

/** A check item. */
@JvmInline
value class ItemCode(val text: String) {
    override fun toString() = text
}

/** A rectification notice. */
@JvmInline
value class NoticeId(val text: String) {
    override fun toString() = text
}

/** A person with an account. */
@JvmInline
value class PersonId(val text: String) {
    override fun toString() = text
}

/** A checklist pack. */
@JvmInline
value class SectorCode(val text: String) {
    override fun toString() = text
}

/** A series of document numbers within one year. */
@JvmInline
value class SeriesId(val text: String) {
    override fun toString() = text
}

/** A street of the zone. */
@JvmInline
value class StreetCode(val text: String) {
    override fun toString() = text
}

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
@JvmInline
value class Timestamp(val millis: Long) : Comparable<Timestamp> {
    override fun compareTo(other: Timestamp) = millis.compareTo(other.millis)

    override fun toString() = millis.toString()
}
