// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.

/** One account in a list. */
export type AccountRow = { /** Account name. */ username: string, /** Whose it is. */ person: Person, };

/** One answered check item. */
export type Answer = { /** The item. */ item: ItemCode, /** The result. */ verdict: Verdict, /** A note, may be empty. */ note: string, };

/** A check item in the draft. */
export type AnswerView = { /** The result. */ verdict: Field<Verdict> | null, /** The note. */ note: Field<string> | null, };

/** An officer is on the premises. */
export type Arrival = { /** The visit. */ inspection: InspectionId, /** Whether the certificate was shown. */ certificate_shown: boolean, /** Code on the plate at the gate, where it was scanned. */ plate: string | null, /** Position fix, where there was one. */ fix: Fix | null, };

/** A field whose value binds the enterprise. Differing values are kept until one is chosen. */
export type BindingField = "grade" | "basis" | "measure" | "verdict";

/** One question or order. Each is one method of [`Device`]. */
export type Call = { "call": "person" } | { "call": "id" } | { "call": "now" } | { "call": "catalogue" } | { "call": "catalogue_of", /** Which visit. */ id: InspectionId, } | { "call": "words" } | { "call": "tasks" } | { "call": "open_tasks" } | { "call": "inspection", /** Which. */ id: InspectionId, } | { "call": "edit", /** Which visit. */ id: InspectionId, /** What is done. */ edit: Edit, } | { "call": "parallels", /** Which visit. */ id: InspectionId, } | { "call": "conflicts" } | { "call": "decide", /** Which visit. */ id: InspectionId, /** What the values are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The chosen value, as it was listed. */ chosen: string, /** Why. */ reason: string, } | { "call": "seal", /** Which visit. */ id: InspectionId, } | { "call": "notices" } | { "call": "open_notices", /** How many are passed by. */ skip: number, /** How many are wanted. */ take: number, } | { "call": "settled_notices", /** How many are passed by. */ skip: number, /** How many are wanted. */ take: number, } | { "call": "desk", /** How many decisions are wanted. */ waiting: number, /** How many overdue hazards are wanted. */ overdue: number, } | { "call": "about", /** Which. */ streams: Array<StreamId>, } | { "call": "notice", /** Which. */ id: NoticeId, /** As it stands when; now unless said. */ at: Timestamp | null, } | { "call": "history", /** Which. */ stream: StreamId, } | { "call": "state", /** What. */ statement: Statement, } | { "call": "outbox" } | { "call": "standing" } | { "call": "may_erase" } | { "call": "is_delivered", /** Which visit. */ inspection: InspectionId, };

/** A photo was captured. */
export type Capture = { /** Where it belongs. */ stream: StreamId, /** The photo. */ photo: Photo, };

/** A hazard of a case with its state. */
export type CaseHazard = { /** Which hazard. */ hazard: HazardId, /** Its state. */ status: HazardStatus, };

/** `GET /api/v1/cases/{kind}/{id}`: everything that the reader may see of a case, in order. */
export type CaseTimeline = { /** The visit; never told to an enterprise. */ inspection: InspectionId | null, /** The notice, once issued. */ notice: NoticeId | null, /** State of the visit; none for an enterprise, or when a newer server is needed to say it. */ state: InspectionState | null, /** The hazards with their states at the time of the answer. */ hazards: Array<CaseHazard>, /** What was stated, in the order in which it counts. */ entries: Array<TimelineEntry>, };

/** Reference data of one reader group.
 *
 * Staff get everything; enterprises get departments, laws and calendars only, so that nothing
 * in it depends on whom the authorities look at. */
export type Catalogue = { /** Version in words, such as `2026-11-23`. */ version: string, /** Departments. */ departments: Array<Department>, /** Streets. */ streets: Array<Street>, /** Laws and standards. */ laws: Array<LawDocument>, /** Checklists. */ checklists: Array<Checklist>, /** Working-day calendars. */ calendars: Array<WorkCalendar>, /** Enterprises. */ enterprises: Array<Enterprise>, /** Officers. */ colleagues: Array<Colleague>, };

/** A part of a device that changed. */
export type Changed = "outbox" | "tasks" | "notices" | "catalogue" | "photos" | "person";

/** One check item: what to look at, how, on which basis. */
export type CheckItem = { /** Code. */ code: ItemCode, /** 查什么. */ what: string, /** 怎么查. */ how: string, /** Legal basis, the first one is proposed. */ basis: Array<Clause>, /** Grade proposed when the item fails. */ grade: Grade, /** Criterion for a major grade, where one is published. */ criterion: Clause | null, /** Suggested term in natural days; 0 means on the spot. */ days: number, /** What is proposed as wrong when the item fails: a statement, as it stands on a notice. */ finding: string, };

/** The check items of one sector. */
export type Checklist = { /** Sector. */ sector: SectorCode, /** Title. */ title: string, /** Items in order. */ items: Array<CheckItem>, };

/** A way to state it. */
export type Choice = { /** What the button says. */ title: string, /** How the button looks. */ tone: Tone, /** Fields of the body that follow from it. */ sets: { [key in string]: Value }, /** Inputs that it wants and that must be filled in. */ needs: Array<string>, /** Inputs that it takes as they are. */ takes: Array<string>, /** What stands for inputs that it takes and that are empty. */ fills: { [key in string]: string }, };

/** A calendar date in China. Text and CBOR form `YYYY-MM-DD`. */
export type CivilDate = string;

/** A clause of a law, rule or standard, with the edition that was in force. */
export type Clause = { /** Short id of the document in the catalogue, such as `AQF`. */ document: string, /** Clause within it, such as `第三十六条`. */ clause: string, };

/** 销号 or its return, for one hazard. */
export type ClosureDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The recheck that the decision rests on. */ recheck: Digest, /** Whether it is closed; otherwise it goes back to recheck. */ approved: boolean, /** Why; needed when it goes back. */ reason: string, /** The photos that were looked at. */ evidence: Array<Digest>, };

export type Code = "id_malformed" | "field_missing" | "field_too_long" | "field_malformed" | "too_many" | "too_large" | "not_canonical" | "malformed" | "version_unsupported" | "kind_unknown" | "credit_code_invalid" | "suite_unknown" | "signature_invalid" | "signature_malleable" | "device_unknown" | "device_revoked" | "author_mismatch" | "chain_broken" | "clock_ahead" | "wrong_stream" | "digest_mismatch" | "server_only" | "not_signed_in" | "wrong_password" | "too_many_attempts" | "role_not_allowed" | "not_on_team" | "other_department" | "other_enterprise" | "author_revoked" | "same_person" | "department_no_power" | "certificate_missing" | "not_found" | "proof_invalid" | "token_reused" | "account_disabled" | "already_exists" | "not_planned" | "two_officers_needed" | "not_arrived" | "decision_needed" | "not_the_decider" | "already_sealed" | "not_sealed" | "seal_mismatch" | "reason_needed" | "photo_needed" | "photo_reused" | "photo_unknown" | "criterion_needed" | "notice_not_issued" | "not_served" | "already_served" | "hazard_closed" | "not_replied" | "not_rechecked" | "extension_pending" | "extension_too_late" | "extension_unknown" | "term_invalid" | "hazard_unknown" | "newer_app_needed" | "evidence_pending" | "already_decided" | "nothing_to_decide" | "plan_refs_missing" | "offline_too_long" | "major_undecided" | "not_major" | "change_refused" | "change_too_large" | "change_waiting" | "path_not_allowed" | "draft_full" | "cursor_invalid" | "blob_unexpected" | "blob_offset" | "blob_empty" | "blob_not_image" | "rate_limited" | "server_busy" | "storage_failed" | "method_not_allowed" | "blob_torn" | "blob_undecodable" | "photo_pixels" | "device_full" | "device_locked" | "device_store" | "network_lost" | "key_unavailable" | "not_enrolled" | "device_in_use" | "device_closed" | "app_error" | "network_foreign" | "work_unsent" | "work_refused";

/** Name and certificate of an officer, as printed on documents. */
export type Colleague = { /** Who. */ id: PersonId, /** Name. */ name: string, /** Department. */ department: DepartmentId, /** Certificate number. */ certificate: string | null, };

/** A record that cannot be sealed before a named officer has decided. */
export type Conflict = { /** The visit. */ plan: Plan, /** Who decides. */ decider: PersonId | null, /** What the officers differ in. */ parallels: Array<Parallel>, /** The hazards that they differ in, with their photos. */ hazards: { [key in HazardId]: HazardView }, };

/** The second officer signs the sealed record. */
export type Cosign = { /** The visit. */ inspection: InspectionId, /** The seal that is signed. */ seal: Digest, };

/** 统一社会信用代码 (GB 32100-2015): 18 characters with a check character. */
export type CreditCode = string;

/** Which days count. */
export type DayUnit = "natural" | "working";

/** A date with the way it was counted, so that anyone can count again. */
export type Deadline = { /** The last day that is in time. */ date: CivilDate, /** The day of the event that started the count; it is not counted itself. */ start: CivilDate, /** The term that was counted. */ term: Term, /** Versions of the calendars that were read, such as `2026:1`; a year for which none is published yet is named with `?`, such as `2027:?`. */ calendars: Array<string>, /** Days within the count that did not count, in order. */ skipped: Array<CivilDate>, /** Whether a year without a published calendar was counted by weekdays alone. */ provisional: boolean, };

/** The server assigned a deadline. One per hazard and cause. */
export type DeadlineAssigned = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The fact that caused it: service, a granted extension or a failed recheck. */ cause: Digest, /** The deadline. */ deadline: Deadline, };

/** A decision for which others wait. */
export type Decision = { /** What this person may state. */ offer: Offer, /** With which hazard. */ about: HazardRow, };

/** A department of the zone. */
export type Department = { /** Which. */ id: DepartmentId, /** Name. */ name: string, /** Whether it may inspect and issue documents; leading a sector does not imply it. */ enforcement: boolean, /** Area and series of its rectification notices, such as `枣高` and `应急责改`. */ series: [string, string] | null, };

/** A department with or without enforcement power, such as `yingji`. */
export type DepartmentId = string;

/** What a desk has to see today. */
export type Desk = { /** What waits for this person's decision; a hazard may wait for more than one. */ waiting: Page<Decision>, /** The hazards that are overdue, the longest first. */ overdue: Page<HazardRow>, };

/** An enrolled device. */
export type DeviceId = string;

/** One enrolled device in a list. */
export type DeviceRow = { /** Which device. */ id: DeviceId, /** What its person calls it. */ label: string, /** From when it is enrolled. */ enrolled_at: Timestamp, /** From when it is not trusted any more. */ revoked_at: Timestamp | null, };

/** A digest with the name of its algorithm: one algorithm byte and 32 bytes.
 *
 * Text form `sha256:<64 hex digits>`; CBOR form a byte string of 33 bytes. */
export type Digest = string;

/** A hazard should not have been recorded: proposed by an officer. */
export type DismissalProposed = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, };

/** A hazard should not have been recorded: confirmed by a supervisor. */
export type Dismissed = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, };

/** Number of a document, unique per organ, kind of document and year, never used again.
 *
 * Text form `（枣高）应急责改〔2026〕7号`: area, organ and kind, year in 六角括号, no leading zeros. */
export type DocumentNumber = { /** Short name of the area, such as `枣高`. */ area: string, /** Organ and kind of document, such as `应急责改`. */ series: string, /** Year of issue. */ year: number, /** Serial number, from 1. */ serial: number, };

/** Everything in a draft. */
export type DraftView = { /** Answers by item. */ answers: { [key in ItemCode]: AnswerView }, /** Hazards by id, withdrawn ones included. */ hazards: { [key in HazardId]: HazardView }, };

/** One thing that an officer does to a draft. */
export type Edit = { "kind": "answer", /** The item. */ item: ItemCode, /** The result. */ verdict: Verdict, /** A note, may be empty. */ note: string, } | { "kind": "add_hazard", /** Its id, fresh. */ hazard: HazardId, /** What is known of it. */ draft: HazardDraft, } | { "kind": "set_hazard", /** The hazard. */ hazard: HazardId, /** The field. */ field: HazardField, } | { "kind": "attach_photo", /** The hazard. */ hazard: HazardId, /** The photo. */ blob: Digest, /** As found, or after fixing on the spot. */ purpose: Purpose, } | { "kind": "withdraw", /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, } | { "kind": "resolve", /** What the values are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The chosen value as the draft holds it. */ value: string, };

/** An enterprise or another place that is inspected. */
export type Enterprise = { /** Which enterprise. */ id: EnterpriseId, /** Registered name. */ name: string, /** Credit code; a construction site or a household has none. */ credit_code: CreditCode | null, /** Street of the zone. */ street: StreetCode, /** Sectors whose checklists apply. */ sectors: Array<SectorCode>, /** Address. */ address: string, /** 主要负责人 or 法定代表人. */ principal: string, /** Risk class A to D, from which the yearly frequency follows. */ risk_class: RiskClass, /** Position in WGS-84, where known. */ position: Position | null, };

/** An enterprise or another inspected place. */
export type EnterpriseId = string;

/** More pressure on an open hazard. */
export type Escalated = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The step. */ step: Escalation, /** Why. */ reason: string, };

/** Step of the escalation ladder. */
export type Escalation = "reminder" | "circular" | "interview" | "exposure" | "listing" | "filing" | "referral";

/** A supervisor decides on more time. */
export type ExtensionDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The request. */ request: Digest, /** What is granted; none refuses. */ granted: Term | null, /** Why. */ reason: string, };

/** The enterprise asks for more time. */
export type ExtensionRequest = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** How much more, counted from the present deadline. */ term: Term, /** Why. */ reason: string, };

/** A field with all values that officers gave it without seeing each other, the shown one first. */
export type Field<T> = { /** The values with who wrote each, where known. Never empty. */ values: Array<[T, PersonId | null]>, };

/** A position fix as the platform reported it. It is graded by people, never used to block. */
export type Fix = { /** Where. */ position: Position, /** Radius of 68 % confidence, in decimetres. */ accuracy_dm: number, /** Where the fix came from. */ source: FixSource, /** Whether the platform says that another program set the position. */ mock: boolean, };

/** Where a fix came from. */
export type FixSource = "satellite" | "network" | "external";

/** What can be filled in. */
export type Form = { "form": "text", "of": { /** Most characters. */ max: number, /** Whether it usually has several lines. */ long: boolean, /** What is filled in already. */ value: string, } } | { "form": "term", "of": { /** What is filled in already. */ value: Term, /** Most days. */ max: number, /** Which days count. */ unit: DayUnit, } } | { "form": "photos", "of": { /** What they are for. */ purpose: Purpose, /** Most photos. */ max: number, } } | { "form": "choice", "of": { /** Stable name and title of each. */ options: Array<[string, string]>, } } | { "form": "date", "of": { /** What is filled in already. */ value: CivilDate, } } | { "form": "look", "of": { /** The photos. */ photos: Array<Digest>, } };

/** 隐患等级. */
export type Grade = "general" | "major";

/** One hazard as sealed. */
export type Hazard = { /** Which hazard. */ id: HazardId, /** The check item that failed; none for what no checklist foresaw. */ item: ItemCode | null, /** What is wrong. */ description: string, /** Where in the enterprise. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion by which it is major. */ criterion: Clause | null, /** What is asked of the enterprise. */ measure: Measure, /** Photos as found. */ photos: Array<Digest>, /** Who found it. */ found_by: PersonId, };

/** A hazard as it is first written down. */
export type HazardDraft = { /** The check item that failed. */ item: ItemCode | null, /** What is wrong. */ description: string, /** Where. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion of a major grade. */ criterion: Clause | null, /** What is asked of the enterprise. */ measure: MeasureDraft, /** Who found it. */ found_by: PersonId, };

/** One field of a hazard with its new value. */
export type HazardField = { "field": "description", "value": string } | { "field": "place", "value": string } | { "field": "basis", "value": Clause } | { "field": "grade", "value": Grade } | { "field": "criterion", "value": Clause | null } | { "field": "measure", "value": MeasureDraft };

/** A hazard found during an inspection. */
export type HazardId = string;

/** One hazard in a list. */
export type HazardListRow = { /** Which hazard. */ hazard: HazardId, /** The visit that found it. */ inspection: InspectionId | null, /** Its notice, once issued. */ notice: NoticeId | null, /** Number of the notice. */ number: string | null, /** Where it was found. */ enterprise: EnterpriseId, /** Name of the enterprise. */ enterprise_name: string, /** Street of the enterprise. */ street: string, /** Sectors of the enterprise. */ sectors: Array<string>, /** Department that found it. */ department: DepartmentId, /** The grade that counts. */ grade: Grade, /** What is wrong. */ description: string, /** Where in the enterprise. */ place: string, /** State. */ state: HazardState, /** The Chinese term of the state. */ state_title: string, /** Whether it is overdue at the time of the page. */ overdue: boolean, /** Last day that is in time. */ deadline: CivilDate | null, /** Whether a request for more time waits. */ extension_pending: boolean, /** How often rectification was asked for. */ round: number, /** Highest step of escalation. */ escalation: Escalation | null, /** When the record with it was taken over. */ found_at: Timestamp, /** When it was closed or dismissed. */ closed_at: Timestamp | null, };

/** One page of hazards, the newest first. */
export type HazardPage = { /** Until when "overdue" was judged. */ at: Timestamp, /** How many match, on all pages together. */ total: number, /** The rows. */ rows: Array<HazardListRow>, /** Where the next page starts; none on the last one. */ next: string | null, };

/** `GET /api/v1/hazards`: which hazards. What is left out does not narrow the list. */
export type HazardQuery = { /** Street of the enterprise. */ street: StreetCode | null, /** One of the sectors of the enterprise. */ sector: SectorCode | null, /** Department that found it. */ department: DepartmentId | null, /** State. */ state: HazardState | null, /** Whether it is overdue now. */ overdue: boolean | null, /** Whether it falls due within so many days from today, today included. */ due_within: number | null, /** The grade that counts. */ grade: Grade | null, /** Words within the enterprise's name, the description, the place or the notice's number. */ text: string | null, /** `next` of the page before. */ after: string | null, /** Rows wanted, [`PAGE_ROWS`] if it is not said, at most [`PAGE_ROWS_MAX`]. */ limit: number | null, };

/** A hazard of a notice in a list. */
export type HazardRow = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Where it is. */ enterprise: EnterpriseId, /** What is wrong. */ description: string, /** How it stands. */ status: HazardStatus, };

/** State of a hazard. */
export type HazardState = "found" | "fixed_on_spot" | "issued" | "rectifying" | "replied" | "rechecked" | "closed" | "dismissed";

/** State of a hazard with what belongs to it. */
export type HazardStatus = { /** The state. */ state: HazardState, /** The grade that counts: as ordered or recorded, and general where a supervisor did not uphold a major one. None while neither notice nor record is known. */ grade: Grade | null, /** Whether the enterprise is late now. */ overdue: boolean, /** The deadline that counts. */ deadline: Deadline | null, /** Whole days that the enterprise has left, negative when it is late; none while it has nothing to do. */ days_left: number | null, /** Whether a request for more time waits for its decision. */ extension_pending: boolean, /** How often rectification was asked for: 1 before any failed recheck. */ round: number, /** The highest step of escalation. */ escalation: Escalation | null, };

/** A hazard in the draft. */
export type HazardView = { /** The check item that failed. */ item: Field<ItemCode | null> | null, /** What is wrong. */ description: Field<string> | null, /** Where. */ place: Field<string> | null, /** The duty that was broken. */ basis: Field<Clause> | null, /** Grade. */ grade: Field<Grade> | null, /** The criterion of a major grade. */ criterion: Field<Clause | null> | null, /** What is asked of the enterprise. */ measure: Field<MeasureDraft> | null, /** Who found it. */ found_by: Field<PersonId> | null, /** Why it was taken back, if it was. */ withdrawn: string | null, /** Photos with their purpose. */ photos: { [key in Digest]: Purpose }, };

/** One statement of a stream. */
export type HistoryEntry = { /** The fact. */ fact: Digest, /** Who stated it. */ by: PersonId, /** On which device. */ device: DeviceId, /** When it counts: the receipt's time, or the device's own before there is one. */ at: Timestamp, /** Place within its stream; none while only this device knows it. */ place: number | null, /** What it is, in words. */ title: string, /** What was stated. */ statement: Statement, };

/** One thing to fill in. */
export type Input = { /** The field of the body. */ name: string, /** What stands before it. */ label: string, /** What is said inside of it while it is empty. */ hint: string, /** What is filled in, with bounds. */ form: Form, };

/** An inspection: one planned or performed visit. */
export type InspectionId = string;

/** State of a visit. */
export type InspectionState = "planned" | "underway" | "sealed" | "complete" | "notice_issued" | "settled";

/** An inspection as known here, edits of the last second included. */
export type InspectionView = { /** The plan, where it is known. */ plan: Plan | null, /** Officers who have arrived. */ arrived: Array<PersonId>, /** The sealed record. */ seal: SealView | null, /** Officers who cosigned. */ cosigned_by: Array<PersonId>, /** How the enterprise's person met the record. */ party: SignOutcome | null, /** What is being written. */ draft: DraftView, /** What it lacks before it can be sealed; nothing once it is. */ lacks: Array<Lack>, /** Who decides between differing values. */ decider: PersonId | null, /** Its state. */ state: InspectionState, };

/** A check item within a pack. */
export type ItemCode = string;

/** Where an own item is. */
export type ItemState = "only_here" | "at_server" | { "refused": Reason } | { "quarantined": Reason } | { "rejected": Reason };

/** One thing that a draft lacks, with the refusal that sealing gives for it. */
export type Lack = { /** What it is about. */ subject: ParallelSubject, /** Why sealing is refused, with the field. */ refusal: Reason, };

/** A law, rule or standard. */
export type LawDocument = { /** Short id. */ id: string, /** Title. */ title: string, /** Number or edition. */ number: string, /** In force from. */ effective: CivilDate | null, };

/** A supervisor decides whether a hazard that its officers graded major is major.
 *
 * It never holds up the notice: danger is ordered away at once, the grade is decided beside it and
 * before the closure. Critical, as every kind is: a reader that did not know it would show a grade
 * that does not count and offer closures by it. */
export type MajorDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Whether it is major; otherwise it counts as general. */ upheld: boolean, /** The facts that meet the criterion, or why they do not. */ reason: string, };

/** What the officers order. */
export type Measure = { "measure": "rectify", /** The term, counted from service of the notice. */ term: Term, } | { "measure": "fixed_on_spot", /** Photos of the state after fixing. */ after: Array<Digest>, };

/** What is asked of the enterprise, before the photos of the fixed state are named. */
export type MeasureDraft = { "measure": "rectify", "term": Term } | { "measure": "fixed_on_spot" };

/** `POST /api/v1/accounts`: a new account. */
export type NewAccount = { /** Account name. */ username: string, /** First password, at most 256 bytes. */ password: string, /** Full name. */ name: string, /** Role. */ role: Role, /** Department, for staff. */ department: DepartmentId | null, /** Enterprise, for its people. */ enterprise: EnterpriseId | null, /** Certificate number, for inspectors. */ certificate: string | null, };

/** A rectification notice. It says all that the enterprise may know of the inspection. */
export type Notice = { /** Which notice. */ id: NoticeId, /** Its number. */ number: DocumentNumber, /** To whom. */ enterprise: EnterpriseId, /** From whom. */ department: DepartmentId, /** The officers of the visit, as printed. */ officers: Array<OfficerLine>, /** Date of issue. */ issued_on: CivilDate, /** The hazards, ascending by id. */ items: Array<NoticeItem>, };

/** A hazard of a notice, judged. */
export type NoticeHazard = { /** The hazard. */ hazard: HazardId, /** Its state, deadline and whether it is late. */ status: HazardStatus, /** What this person may state about it now. */ offers: Array<Offer>, /** What was stated about it and about its notice as a whole. */ timeline: Array<TimelineRow>, /** The newest photo of the state after, where there is one. */ after: Digest | null, };

/** A rectification notice. Random, so that an outsider learns nothing from it. */
export type NoticeId = string;

/** One hazard as the enterprise is told of it. */
export type NoticeItem = { /** The hazard. */ hazard: HazardId, /** What is wrong. */ description: string, /** Where. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion by which it is major. */ criterion: Clause | null, /** The term, counted from service. */ term: Term, /** Photos as found. */ photos: Array<Digest>, };

/** A notice in a list. */
export type NoticeRow = { /** The notice. */ id: NoticeId, /** Its number. */ number: DocumentNumber, /** Whose it is. */ enterprise: EnterpriseId, /** The date on the document. */ issued_on: CivilDate, /** How each of its hazards stands. */ hazards: Array<HazardStatus>, };

/** A notice as known here. */
export type NoticeView = { /** The notice. */ notice: Notice, /** Its service. */ service: ServiceView | null, /** Each hazard with its state and what this person may do next. */ hazards: Array<NoticeHazard>, };

/** One thing that a person may state now. */
export type Offer = { /** Stable name of the step, such as `recheck`. */ step: string, /** The kind of statement, as its JSON form names it. */ kind: string, /** What a button says. */ title: string, /** Whether others wait until this person has decided. */ decision: boolean, /** Fields of the body that are fixed. */ given: { [key in string]: Value }, /** What has to be known to decide, in words. */ background: Array<string>, /** What is filled in. */ inputs: Array<Input>, /** The ways to state it: one button each. */ choices: Array<Choice>, };

/** An officer as printed on a document. */
export type OfficerLine = { /** Who. */ id: PersonId, /** Name. */ name: string, /** Certificate number. */ certificate: string, };

/** Everything of one's own, newest first. */
export type Outbox = { /** Facts and draft changes. */ records: Array<OutboxRecord>, /** Files. */ files: Array<OutboxFile>, /** When the server was last heard: everything shown is as known then. */ last_contact: Timestamp | null, };

/** A file in the outbox. */
export type OutboxFile = { /** Its name. */ hash: Digest, /** Where it belongs. */ stream: StreamId, /** Its size. */ bytes: number, /** How much of it is at the server. */ sent: number, /** Where it is. */ state: ItemState, /** Why the last attempt to send it failed, for one that is still only here. */ waiting: Reason | null, };

/** A record in the outbox. */
export type OutboxRecord = { /** Its name. */ id: Digest, /** What it is, in words. */ title: string, /** Where it belongs; none for what cannot be read. */ stream: StreamId | null, /** When it was stated, by this device's clock; none for a draft. */ at: Timestamp | null, /** Where it is. */ state: ItemState, };

/** A part of a list. */
export type Page<T> = { /** How many there are in all. */ total: number, /** Those that were asked for. */ rows: Array<T>, };

/** Differing values of a binding field that wait for a decision. */
export type Parallel = { /** What they are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The values with their authors. */ values: Array<ParallelValue>, };

/** A named person chose between differing values; the others stay readable here. */
export type ParallelDecision = { /** The visit. */ inspection: InspectionId, /** What the values are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The values that were there, as text, with their authors. */ values: Array<ParallelValue>, /** Index of the chosen one. */ chosen: number, /** Why. */ reason: string, };

/** What a decision on differing values is about. */
export type ParallelSubject = { "subject": "hazard", "id": HazardId } | { "subject": "item", "id": ItemCode };

/** One of several differing values. */
export type ParallelValue = { /** Who wrote it, where known. */ by: PersonId | null, /** The value as the draft holds it. */ value: string, };

/** The enterprise's person signed, or refused to. */
export type PartySign = { /** The visit. */ inspection: InspectionId, /** The seal that was shown. */ seal: Digest, /** What happened. */ outcome: SignOutcome, };

/** A person as the rules need to know them, with the time in which the role is held. */
export type Person = { /** Who. */ id: PersonId, /** Full name. */ name: string, /** The role. */ role: Role, /** The department, for staff. */ department: DepartmentId | null, /** The enterprise, for its people. */ enterprise: EnterpriseId | null, /** Number of the enforcement certificate, for inspectors. */ certificate: string | null, /** From when the role is held. */ from: Timestamp, /** From when it is not held any more. */ revoked_at: Timestamp | null, };

/** A person with an account. */
export type PersonId = string;

/** One photo with its claims. The fact that carries it is signed at the shutter. */
export type Photo = { /** Digest of the original bytes. */ blob: Digest, /** Size of the original in bytes. */ bytes: number, /** Width in pixels, as captured. */ width: number, /** Height in pixels, as captured. */ height: number, /** What it is for. */ purpose: Purpose, /** The hazard it shows; a signature has none. */ hazard: HazardId | null, /** How the bytes came to be. */ source: Source, /** Position fix, where there was one. */ fix: Fix | null, /** The photo on whose copy was drawn; the original stays as it is. */ derived_from: Digest | null, };

/** What is known of a photo at the shutter besides its bytes. */
export type PhotoMeta = { /** What it is for. */ purpose: Purpose, /** The hazard it shows. */ hazard: HazardId | null, /** How the bytes came to be. */ source: Source, /** Position fix, where there was one. */ fix: Fix | null, /** The photo on whose copy was drawn. */ derived_from: Digest | null, };

/** A planned visit. */
export type Plan = { /** The visit. */ inspection: InspectionId, /** The place. */ enterprise: EnterpriseId, /** The department in whose name it happens. */ department: DepartmentId, /** The officers; the first one leads and decides differing opinions. */ team: Array<PersonId>, /** Kind of visit. */ kind: VisitKind, /** Checklists to use. */ sectors: Array<SectorCode>, /** First day. */ from: CivilDate, /** Last day. */ to: CivilDate, /** Number of the approval, with the reason for the visit. */ approval: string, /** The notice that a recheck is about. */ recheck_of: NoticeId | null, };

/** Degrees times ten million in WGS-84, never converted before storing. */
export type Position = { /** Latitude, north positive. */ lat_e7: number, /** Longitude, east positive. */ lon_e7: number, };

/** A refusal as a JSON body. */
export type Problem = { /** Stable name of the code. */ code: Code, /** Stable number of the code. */ number: number, /** HTTP status, repeated for readers of logs. */ status: number, /** One plain sentence in Chinese. */ title: string, /** The one thing to do next, in Chinese. */ action: string, /** The field, where one is to blame. */ field?: string | null, /** More for programs. */ detail?: string | null, };

/** How far a synchronisation is. */
export type Progress = { "kind": "exchanged", /** Verdicts that came. */ verdicts: number, /** Items that came. */ items: number, } | { "kind": "uploading", /** The file. */ hash: Digest, /** How much of it is at the server. */ sent: number, /** Its size. */ bytes: number, /** Files of this run that are at the server. */ sent_files: number, /** Files of this run. */ total_files: number, /** Bytes that this run brought to the server. */ sent_bytes: number, /** Bytes that this run has to bring. */ total_bytes: number, } | { "kind": "finished" } | { "kind": "waiting" } & Reason | { "kind": "sign_in_needed" };

/** What a photo is for. */
export type Purpose = "found" | "fixed_on_spot" | "rectified" | "recheck" | "signature";

/** `POST /api/v1/quarantine/{item}`: a supervisor's judgement. */
export type QuarantineDecision = { /** Whether the item is taken over. */ accept: boolean, /** Why; needed for both. */ reason: string, };

/** An item in quarantine. */
export type QuarantineItem = { /** Its name. */ item: Digest, /** What a fact would be called; none for a change of a draft. */ title: string | null, /** The stream it claims to belong to. */ stream: StreamId | null, /** Who sent it. */ author: PersonId, /** Name of the sender, where known. */ author_name: string | null, /** From which device. */ device: DeviceId, /** The department whose supervisors judge it; none: every supervisor. */ department: DepartmentId | null, /** Why it is here. */ code: Code, /** The same as a sentence. */ sentence: string, /** More for programs. */ detail: string | null, /** When it came. */ received_at: Timestamp, /** What the device's clock said, for a fact. */ claimed_at: Timestamp | null, /** Size of the item. */ bytes: number, /** Where it stands. */ state: QuarantineState, /** Who judged it. */ decided_by: PersonId | null, /** When. */ decided_at: Timestamp | null, /** Why. */ reason: string | null, };

/** One page of items in quarantine, the newest first. */
export type QuarantinePage = { /** The items. */ rows: Array<QuarantineItem>, /** Where the next page starts; none on the last one. */ next: string | null, };

/** Where an item in quarantine stands. */
export type QuarantineState = "waiting" | "accepted" | "rejected";

/** Why something was not accepted: the code, the field it is about and a detail for programs. */
export type Reason = { /** The stable reason. */ code: Code, /** The field, where one is to blame. */ field?: string | null, /** More for programs and logs; never names, places or texts of people. */ detail?: string | null, };

/** 复查意见 for one hazard. */
export type Recheck = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Whether it is fixed. */ passed: boolean, /** The opinion in words. */ opinion: string, /** Photos of the recheck. */ photos: Array<Digest>, /** The new term when it is not fixed. */ new_term: Term | null, };

/** 现场检查记录: what the officers sign. It stands alone, without the draft it came from. */
export type Record = { /** The visit. */ inspection: InspectionId, /** When the officers arrived, by the device's clock. */ arrived: Timestamp, /** When the record was closed, by the device's clock. */ finished: Timestamp, /** Answers, ascending by item. */ answers: Array<Answer>, /** Hazards, ascending by id. */ hazards: Array<Hazard>, /** Every photo of the record: it is delivered when the server holds all of them. */ manifest: Array<Digest>, /** Version of the checklist catalogue that was used. */ catalogue: string, /** Digests of the last changes of the draft that the record was made of, ascending, at most [`limits::DRAFT_HEADS`]: whoever signs the record signs for its draft. */ draft: Array<Digest>, };

/** What is said of a refusal. */
export type RefusalWords = { /** One plain sentence. */ sentence: string, /** The one thing to do next. */ action: string, };

/** 整改报告 for one hazard. */
export type Reply = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** What was done. */ measures: string, /** Who was responsible. */ responsible: string, /** When it was finished. */ finished_on: CivilDate, /** Photos of the state after. */ photos: Array<Digest>, };

/** `POST /api/v1/devices/{device}/revoke` and its like: who stops being trusted, from when. */
export type Revoke = { /** From when; work captured before is accepted, work captured after goes to quarantine. */ from: Timestamp, /** Why. */ reason: string, };

/** Supervision class of an enterprise, A lowest risk to D highest. */
export type RiskClass = "A" | "B" | "C" | "D";

/** What a person is. The rights of a role are in [`crate::rules::authority`]. */
export type Role = "inspector" | "assistant" | "expert" | "supervisor" | "coordinator" | "enterprise" | "administrator" | "auditor";

/** A sealed record with the fact that signatures name. */
export type SealView = { /** The fact. */ fact: Digest, /** Who sealed. */ by: PersonId, /** When, by the device's clock. */ sealed_at: Timestamp, /** The record. */ record: Record, };

/** A checklist pack, by the sector code of the action plan. */
export type SectorCode = string;

/** 送达: from here on the terms run. */
export type Service = { /** The notice. */ notice: NoticeId, /** How. */ method: ServiceMethod, /** Who received it, or who witnessed that it was left. */ receiver: string, };

/** How a document reached the enterprise. */
export type ServiceMethod = "electronic" | "in_person" | "left";

/** The service of a notice. */
export type ServiceView = { /** From when it counts. */ at: Timestamp, /** How, and who received it. */ service: Service, };

/** How the enterprise's person met the record. */
export type SignOutcome = { "outcome": "signed", /** Name. */ name: string, /** Post in the enterprise. */ post: string, /** The drawing. */ drawing: Digest, } | { "outcome": "refused", /** Why, as stated or observed. */ reason: string, /** A witness, where there was one. */ witness: string | null, };

/** How the bytes came to be. */
export type Source = "camera" | "import" | "drawing";

/** How many own items are where, without the items. */
export type Standing = { /** Only on this device. */ waiting: number, /** Not accepted, or rejected by a supervisor. */ refused: number, /** When the server was last heard. */ last_contact: Timestamp | null, };

/** One official statement. */
export type Statement = { "kind": "planned", "body": Plan } | { "kind": "arrived", "body": Arrival } | { "kind": "captured", "body": Capture } | { "kind": "parallel_decided", "body": ParallelDecision } | { "kind": "sealed", "body": Record } | { "kind": "cosigned", "body": Cosign } | { "kind": "party_signed", "body": PartySign } | { "kind": "notice_issued", "body": Notice } | { "kind": "notice_served", "body": Service } | { "kind": "major_decided", "body": MajorDecision } | { "kind": "deadline_assigned", "body": DeadlineAssigned } | { "kind": "replied", "body": Reply } | { "kind": "extension_requested", "body": ExtensionRequest } | { "kind": "extension_decided", "body": ExtensionDecision } | { "kind": "rechecked", "body": Recheck } | { "kind": "closure_decided", "body": ClosureDecision } | { "kind": "escalated", "body": Escalated } | { "kind": "dismissal_proposed", "body": DismissalProposed } | { "kind": "dismissed", "body": Dismissed } | { "kind": "unknown", "body": { /** Its number. */ kind: number, /** Its bytes. */ body: Array<number>, } };

/** What a stream is about, for whoever only names it. */
export type StreamAbout = { /** The stream. */ stream: StreamId, /** Whose premises. */ enterprise: EnterpriseId | null, /** The number of its notice. */ number: DocumentNumber | null, };

/** The file of facts that a statement belongs to, and by which it is shown to an audience.
 *
 * As CBOR `[kind, [id]]`, as JSON `{"stream": "notice", "id": "…"}`. */
export type StreamId = { /** Its kind. */ stream: StreamKind, /** Which one of that kind. */ id: string, };

/** Kind of a file of facts. Who may read one follows from its kind: [`crate::act::streams`]. */
export type StreamKind = "inspection" | "notice";

/** A street of the zone. */
export type Street = { /** Division code. */ code: StreetCode, /** Name. */ name: string, };

/** A street of the zone, by its division code. */
export type StreetCode = string;

/** What a synchronisation did. */
export type SyncReport = { /** Exchanges made. */ exchanges: number, /** Items that came. */ received: number, /** Bytes of requests sent. */ bytes_up: number, /** Bytes of answers. */ bytes_down: number, /** Why it stopped before everything was done, if it did. */ waiting: Reason | null, /** Whether a person has to sign in again. */ sign_in_needed: boolean, };

/** A planned or performed visit in a list. */
export type Task = { /** The plan. */ plan: Plan, /** Its state as known here. */ state: InspectionState, };

/** What a person reads and sees of a statement. */
export type Telling = { /** What happened, in a few words. */ title: string, /** What was written. */ words: Array<string>, /** Photos that belong to it. */ photos: Array<Digest>, };

/** A length of time on a document, such as 15 日 or 10 个工作日. */
export type Term = { /** How many. */ days: number, /** Of which days. */ unit: DayUnit, };

/** Between which two instants something happened, as far as it can be proved. */
export type TimeBounds = { /** Not before: the beacon, if it is genuine. */ not_before: Timestamp | null, /** Not after: the receipt. */ not_after: Timestamp, /** Whether the device's own clock lies inside of the bounds. */ wall_plausible: boolean, };

/** One statement of a case. */
export type TimelineEntry = { /** The fact. */ fact: Digest, /** The stream it belongs to. */ stream: StreamId, /** Its place within the stream. */ place: number, /** When the server took it over. */ received_at: Timestamp, /** Stable name of the kind. */ kind: string, /** What the kind is called. */ title: string, /** Who stated it. */ author: PersonId, /** Name of the author, where known; the server's own statements have none. */ author_name: string | null, /** On which device. */ device: DeviceId, /** What the device's clock said. */ claimed_at: Timestamp, /** Between which instants it was stated, as far as it can be proved. */ bounds: TimeBounds, /** Size of the signed bytes. */ bytes: number, /** What was stated. */ statement: Statement, };

/** One statement of a case as a screen shows it. */
export type TimelineRow = { /** The fact. */ fact: Digest, /** Stable name of its kind, such as `notice.served`. */ kind: string, /** The stream in which it was stated. */ stream: StreamId, /** The hazard that it is about, where it is about one alone. */ hazard: HazardId | null, /** Who stated it. */ by: PersonId, /** When it counts: the receipt's time, or the device's own before there is one. */ at: Timestamp, /** Place within its stream; none while only this device knows it. */ place: number | null, /** What a person reads and sees. */ telling: Telling, };

/** An instant in milliseconds since 1970-01-01T00:00:00Z. */
export type Timestamp = number;

/** How a button looks. */
export type Tone = "primary" | "plain" | "danger";

/** The value of a field. */
export type Value = boolean | string | Array<string>;

/** Result of one check item. */
export type Verdict = "pass" | "fail" | "not_applicable";

/** Whether the enterprise hears of the visit beforehand. */
export type VisitKind = "unannounced" | "announced" | "recheck";

/** Figures of a week. */
export type WeeklyCounts = { /** Hazards found in the week. */ found: number, /** Major ones among them, by the grade that counted when the report was frozen. */ major: number, /** Hazards closed, fixed on the spot or dismissed in the week. */ closed: number, /** Hazards whose term was extended in the week. */ extended: number, /** Hazards open at the end of the week. */ open: number, /** Those of them that are overdue. */ overdue: number, };

/** A week in figures, frozen when it was first asked for or when the week was over. */
export type WeeklyReport = { /** Monday. */ from: CivilDate, /** Sunday. */ to: CivilDate, /** When it was frozen. */ frozen_at: Timestamp, /** All departments and streets together. */ total: WeeklyCounts, /** By department and street, ascending. */ rows: Array<WeeklyRow>, };

/** The figures of one department in one street. */
export type WeeklyRow = { /** Department. */ department: DepartmentId, /** Street. */ street: string, /** The figures. */ counts: WeeklyCounts, };

/** Chinese terms, each list by stable name. */
export type Words = { /** States of a visit. */ inspection_state: { [key in string]: string }, /** States of a hazard. */ hazard_state: { [key in string]: string }, /** Names of the states in which nothing more is to be done. */ settled: Array<string>, /** Roles. */ role: { [key in string]: string }, /** Grades of a hazard. */ grade: { [key in string]: string }, /** Steps of escalation. */ escalation: { [key in string]: string }, /** Statements, such as `inspection.arrived`. */ statement: { [key in string]: string }, /** Refusals. */ refusal: { [key in string]: RefusalWords }, };

/** Days off and make-up working days of one year. */
export type WorkCalendar = { /** The year. */ year: number, /** Version of this table. */ version: string, /** Days off, ascending; weekends inside of a holiday included. */ holidays: Array<CivilDate>, /** Weekend days that are worked, ascending. */ workdays: Array<CivilDate>, };
