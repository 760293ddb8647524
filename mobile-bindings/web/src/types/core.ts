// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { PaperKind } from './domain.js';

/** A calendar date in China. Text and CBOR form `YYYY-MM-DD`. */
export type CivilDate = string;

export type Code = "id_malformed" | "field_missing" | "field_too_long" | "field_malformed" | "too_many" | "too_large" | "not_canonical" | "malformed" | "version_unsupported" | "kind_unknown" | "credit_code_invalid" | "suite_unknown" | "signature_invalid" | "signature_malleable" | "device_unknown" | "device_revoked" | "author_mismatch" | "chain_broken" | "clock_ahead" | "wrong_stream" | "digest_mismatch" | "server_only" | "not_signed_in" | "wrong_password" | "too_many_attempts" | "role_not_allowed" | "not_on_team" | "other_department" | "other_enterprise" | "author_revoked" | "same_person" | "department_no_power" | "certificate_missing" | "not_found" | "proof_invalid" | "token_reused" | "account_disabled" | "revoked_earlier" | "last_administrator" | "not_revoked" | "fresh_sign_in_needed" | "too_many_devices" | "password_change_needed" | "old_password_wrong" | "password_unfit" | "not_competent" | "already_exists" | "not_planned" | "two_officers_needed" | "not_arrived" | "decision_needed" | "not_the_decider" | "already_sealed" | "not_sealed" | "seal_mismatch" | "reason_needed" | "photo_needed" | "photo_reused" | "photo_unknown" | "criterion_needed" | "notice_not_issued" | "not_served" | "already_served" | "hazard_closed" | "not_replied" | "not_rechecked" | "extension_pending" | "extension_too_late" | "extension_unknown" | "term_invalid" | "hazard_unknown" | "newer_app_needed" | "evidence_pending" | "already_decided" | "nothing_to_decide" | "plan_refs_missing" | "major_undecided" | "not_major" | "part_missing" | "record_damaged" | "outside_window" | "clause_needed" | "retries_used_up" | "extensions_used_up" | "extension_too_long" | "internal_matter" | "already_major" | "consent_needed" | "signature_needed" | "witness_needed" | "not_named" | "plan_needed" | "resumption_needed" | "not_stopped" | "signatures_missing" | "number_not_leased" | "number_taken" | "paper_unknown" | "other_approver_needed" | "terms_used_up" | "paper_differs" | "evidence_unreadable" | "change_refused" | "change_too_large" | "change_waiting" | "path_not_allowed" | "draft_full" | "cursor_invalid" | "blob_unexpected" | "blob_offset" | "blob_empty" | "blob_not_image" | "rate_limited" | "server_busy" | "storage_failed" | "method_not_allowed" | "blob_torn" | "blob_undecodable" | "photo_pixels" | "blob_damaged" | "quarantine_full" | "parts_full" | "device_full" | "device_locked" | "device_store" | "network_lost" | "key_unavailable" | "not_enrolled" | "device_in_use" | "device_closed" | "app_error" | "network_foreign" | "work_unsent" | "work_refused";

/** What follows when a notice is not obeyed, as its paper says it. */
export type Consequences = { /** For every hazard. */ every: Array<string>, /** What a major one brings along besides. */ major: Array<string>, };

/** A department with or without enforcement power, such as `yingji`. */
export type DepartmentId = string;

/** An enrolled device. */
export type DeviceId = string;

/** A digest with the name of its algorithm: one algorithm byte and 32 bytes.
 *
 * Text form `sha256:<64 hex digits>`; CBOR form a byte string of 33 bytes. */
export type Digest = string;

/** An enterprise or another inspected place. */
export type EnterpriseId = string;

/** A hazard found during an inspection. */
export type HazardId = string;

/** An inspection: one planned or performed visit. */
export type InspectionId = string;

/** A check item within a pack. */
export type ItemCode = string;

/** A rectification notice. Random, so that an outsider learns nothing from it. */
export type NoticeId = string;

/** A paper in a list. Each edition of it has a row of its own, the one that stands comes last. */
export type PaperRow = { /** Which kind. */ kind: PaperKind, /** The fact that it rests on. */ fact: Digest, /** Title. */ title: string, /** Number, where it has one. */ number: string | null, /** Date. */ on: CivilDate | null, /** Digest of its canonical bytes. */ digest: Digest, /** Whether everything that its notice orders was taken back. */ withdrawn: boolean, /** The day on which the server issued it, word for word; none while something may still be added to it. */ issued: CivilDate | null, /** Which edition it is, from one. */ edition: number, /** Whether it was corrected: another edition stands in its place, or is about to. */ replaced: boolean, };

/** A person with an account. */
export type PersonId = string;

/** Why something was not accepted: the code, the field it is about and a detail for programs. */
export type Reason = { /** The stable reason. */ code: Code, /** The field, where one is to blame. */ field?: string | null, /** More for programs and logs; never names, places or texts of people. */ detail?: string | null, };

/** A checklist pack, by the sector code of the action plan. */
export type SectorCode = string;

/** A session of somebody who signed in. */
export type SessionId = string;

/** The file of facts that a statement belongs to, and by which it is shown to an audience.
 *
 * As CBOR `[kind, [id]]`, as JSON `{"stream": "notice", "id": "…"}`. */
export type StreamId = { /** Its kind. */ stream: StreamKind, /** Which one of that kind. */ id: string, };

/** Kind of a file of facts. Who may read one follows from its kind: [`crate::act::streams`]. */
export type StreamKind = "inspection" | "notice" | "numbers";

/** A street of the zone, by its division code. */
export type StreetCode = string;

/** Between which two instants something happened, as far as it can be proved. */
export type TimeBounds = { /** Not before: the beacon, if it is genuine. */ not_before: Timestamp | null, /** Not after: the receipt. */ not_after: Timestamp, /** Whether the device's own clock lies inside of the bounds. */ wall_plausible: boolean, };

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = number;
