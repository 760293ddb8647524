// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { CivilDate, DepartmentId, Digest, EnterpriseId, HazardId, InspectionId, ItemCode, NoticeId, PersonId, SectorCode, StreetCode, Timestamp } from './core.js';

/** One answered check item. */
export type Answer = { /** The item. */ item: ItemCode, /** The result. */ verdict: Verdict, /** A note, may be empty. */ note: string, };

/** A field whose value binds the enterprise. Differing values are kept until one is chosen. */
export type BindingField = "grade" | "basis" | "measure" | "verdict";

/** Reference data of one reader group.
 *
 * Staff get everything; enterprises get departments, laws and calendars only, so that nothing
 * in it depends on whom the authorities look at. */
export type Catalogue = { /** Version in words, such as `2026-11-23`. */ version: string, /** Departments. */ departments: Array<Department>, /** Streets. */ streets: Array<Street>, /** Laws and standards. */ laws: Array<LawDocument>, /** Checklists. */ checklists: Array<Checklist>, /** Working-day calendars. */ calendars: Array<WorkCalendar>, /** Enterprises. */ enterprises: Array<Enterprise>, /** Officers. */ colleagues: Array<Colleague>, /** Bounds of terms. */ procedures: Array<Procedure>, /** Which department leads a sector and which may act there. */ competence: Array<Competence>, /** Criteria for major hazards, by sector. */ criteria: Array<SectorCriteria>, /** Which clause punishes which duty. */ penalties: Array<Penalty>, /** Terms that are proposed where no item proposes one. */ terms: Array<DefaultTerm>, /** Forms of papers, organs and rules of counting. */ papers: Papers, };

/** One check item: what to look at, how, on which basis. */
export type CheckItem = { /** Code. */ code: ItemCode, /** 查什么. */ what: string, /** 怎么查. */ how: string, /** The duty that is broken when the item fails: clauses that impose one, the first in force that day is proposed. */ basis: Array<Clause>, /** Grade proposed when the item fails. */ grade: Grade, /** Criterion for a major grade, where one is published. */ criterion: Clause | null, /** Suggested term in natural days; 0 means on the spot. */ days: number, /** What is proposed as wrong when the item fails: a statement, as it stands on a notice. */ finding: string, /** Clauses that punish it. */ penalties: Array<Clause>, /** Ids of standards that say how the duty is met, where no clause of theirs is known. */ standards: Array<string>, /** What to do at once, until it is rectified. */ immediate: string, /** What shows it: photos and papers. */ evidence: Array<string>, /** How sure it is that the basis fits. */ sure: Sure, /** What is not verified. Shown; blocks nothing. */ unsure: string | null, /** Condition under which the failure is major. */ major_if: string | null, /** Whether failing may need a case to be filed or transferred. */ case_hint: boolean, };

/** The check items of one sector. */
export type Checklist = { /** Sector. */ sector: SectorCode, /** Title. */ title: string, /** Items in order. */ items: Array<CheckItem>, /** What an inspector of the sector has to know. */ note: string, };

/** A clause of a law, rule or standard, with the edition that was in force. */
export type Clause = { /** Short id of the document in the catalogue, such as `AQF`. */ document: string, /** Clause within it, such as `第三十六条`. */ clause: string, };

/** A clause as it reads on a day: what a screen or a paper shows of it. */
export type ClauseReading = { /** The clause. */ clause: Clause, /** Title of its document. */ title: string, /** The edition. */ edition: string, /** What it says, in our words; empty where only the text is there. */ gist: string, /** Its text, where it was imported. */ text: string | null, /** Why it is not verified, where it is not. */ doubt: string | null, /** Whether an edition with this clause is in force on the day. */ in_force: boolean, };

/** Name and certificate of an officer, as printed on documents. */
export type Colleague = { /** Who. */ id: PersonId, /** Name. */ name: string, /** Department. */ department: DepartmentId, /** Certificate number. */ certificate: string | null, };

/** What a department is to a sector, from one day until another. */
export type Competence = { /** The sector. */ sector: SectorCode, /** The department. */ department: DepartmentId, /** Whether it leads the work in the sector (牵头). */ leads: boolean, /** Whether it may inspect there and issue papers. */ may_issue: boolean, /** First day. */ from: CivilDate, /** Last day; none while it goes on. */ until: CivilDate | null, /** What says so, as people read it. */ basis: string, /** Whether a legal office has confirmed it. */ verified: boolean, };

/** By which rules days are counted, within their days: each as it is cited. */
export type CountingRule = { /** First day. */ from: CivilDate, /** Last day; none while it is in use. */ until: CivilDate | null, /** That the day of the event is not counted. */ start: string, /** Which days are worked; `{year}` stands for the year. */ working: string, /** That a last day which is a holiday moves. */ roll: string, /** Whether a legal office has confirmed it. */ verified: boolean, /** How natural days are counted, and whether their last day moves: a clause of a sentence, may be empty. */ natural: string, };

/** 统一社会信用代码 (GB 32100-2015): 18 characters with a check character. */
export type CreditCode = string;

/** Which days count. */
export type DayUnit = "natural" | "working";

/** A date with the way it was counted, so that anyone can count again. */
export type Deadline = { /** The last day that is in time. */ date: CivilDate, /** The day of the event that started the count; it is not counted itself. */ start: CivilDate, /** The term that was counted. */ term: Term, /** Versions of the calendars that were read, such as `2026:1`; a year for which none is published yet is named with `?`, such as `2027:?`. */ calendars: Array<string>, /** Days within the count that did not count, in order. */ skipped: Array<CivilDate>, /** Whether a year without a published calendar was counted by weekdays alone. */ provisional: boolean, };

/** The term, and the duty, that are proposed where no check item proposes one. */
export type DefaultTerm = { /** Sector; none is any sector without a row of its own. */ sector: SectorCode | null, /** Grade of the hazard. */ grade: Grade, /** The term. */ term: Term, /** Clause that sets it; none where no law does. */ basis: Clause | null, /** First day; none is always. */ from: CivilDate | null, /** Last day; none while it is open. */ until: CivilDate | null, /** How well it is known. */ known: Known, /** The duty that is proposed; none where the officer has to choose one. */ duty: Clause | null, };

/** A department of the zone. */
export type Department = { /** Which. */ id: DepartmentId, /** Name. */ name: string, /** Whether it may inspect and issue documents; leading a sector does not imply it. */ enforcement: boolean, /** Area and series of its rectification notices, such as `枣高` and `应急责改`. */ series: [string, string] | null, };

/** Number of a document, unique per organ, kind of document and year, never used again.
 *
 * Text form `（枣高）应急责改〔2026〕7号`: area, organ and kind, year in 六角括号, no leading zeros. */
export type DocumentNumber = { /** Short name of the area, such as `枣高`. */ area: string, /** Organ and kind of document, such as `应急责改`. */ series: string, /** Year of issue. */ year: number, /** Serial number, from 1. */ serial: number, };

/** One edition of a document. */
export type Edition = { /** Number or year, such as `2021修正`. */ number: string, /** First day in force; none where it is not known: then it counts as in force, and is not verified. */ from: CivilDate | null, /** Last day in force; none while it is open. */ until: CivilDate | null, /** Day on which it was passed; imported texts name their edition by it. */ passed: CivilDate | null, /** How well the edition is known. */ known: Known, /** Clauses that are cited somewhere. */ clauses: Array<Provision>, };

/** An enterprise or another place that is inspected. */
export type Enterprise = { /** Which enterprise. */ id: EnterpriseId, /** Registered name. */ name: string, /** Credit code; a construction site or a household has none. */ credit_code: CreditCode | null, /** Street of the zone. */ street: StreetCode, /** Sectors whose checklists apply. */ sectors: Array<SectorCode>, /** Address. */ address: string, /** 主要负责人 or 法定代表人. */ principal: string, /** Risk class A to D, from which the yearly frequency follows. */ risk_class: RiskClass, /** Position in WGS-84, where known. */ position: Position | null, };

/** Step of the escalation ladder. */
export type Escalation = "reminder" | "circular" | "interview" | "exposure" | "listing" | "filing" | "referral";

/** A position fix as the platform reported it. It is graded by people, never used to block. */
export type Fix = { /** Where. */ position: Position, /** Radius of 68 % confidence, in decimetres. */ accuracy_dm: number, /** Where the fix came from. */ source: FixSource, /** Whether the platform says that another program set the position. */ mock: boolean, };

/** Where a fix came from. */
export type FixSource = "satellite" | "network" | "external";

/** 隐患等级. */
export type Grade = "general" | "major";

/** What one part rests on: clauses of law, or a paper of the bureau itself. */
export type Ground = { /** Clauses that set it. */ basis: Array<Clause>, /** Whether somebody has compared it with the text of these clauses. */ verified: boolean, /** The paper by which the bureau itself orders it. */ by_order: Order | null, };

/** What the parts of a procedure rest on. */
export type Grounds = { /** Terms of officers after failed rechecks: how many, how long. */ retries: Ground, /** Extensions: how many, how long. */ extensions: Ground, /** Two officers, and proof of service. */ two_officers: Ground, /** The plan of a major hazard. */ major_plan: Ground, /** Terms of supervisors after failed rechecks. */ further_terms: Ground, };

/** One hazard as sealed. */
export type Hazard = { /** Which hazard. */ id: HazardId, /** The check item that failed; none for what no checklist foresaw. */ item: ItemCode | null, /** What is wrong. */ description: string, /** Where in the enterprise. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion by which it is major. */ criterion: Clause | null, /** What is asked of the enterprise. */ measure: Measure, /** Photos as found. */ photos: Array<Digest>, /** Who found it. */ found_by: PersonId, };

/** How well something is known. */
export type Known = "verified" | { "unverified": string };

/** A law, rule or standard. */
export type LawDocument = { /** Short id. */ id: string, /** Title. */ title: string, /** Number of the newest edition, for readers that know no editions; files leave it out. */ number: string, /** First day of the newest edition, likewise. */ effective: CivilDate | null, /** What kind of document. */ kind: LawKind, /** Editions, oldest first. */ editions: Array<Edition>, /** The title as papers cite it, where it is longer than the one that people use. */ full_title: string | null, };

/** What kind of document it is. */
export type LawKind = "statute" | "standard" | "criteria" | "notice";

/** What the officers order. */
export type Measure = { "rectify": { /** The term, counted from service of the notice. */ term: Term, } } | { "fixed_on_spot": { /** Photos of the state after fixing. */ after: Array<Digest>, } };

/** A rectification notice. It says all that the enterprise may know of the inspection. */
export type Notice = { /** Which notice. */ id: NoticeId, /** Its number. */ number: DocumentNumber, /** To whom. */ enterprise: EnterpriseId, /** From whom. */ department: DepartmentId, /** The officers of the visit, as printed. */ officers: Array<OfficerLine>, /** Date of issue. */ issued_on: CivilDate, /** The hazards, ascending by id. */ items: Array<NoticeItem>, };

/** One hazard as the enterprise is told of it. */
export type NoticeItem = { /** The hazard. */ hazard: HazardId, /** What is wrong. */ description: string, /** Where. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion by which it is major. */ criterion: Clause | null, /** The term, counted from service. */ term: Term, /** Photos as found. */ photos: Array<Digest>, /** What was ordered on the spot, before the notice. */ site_order: SiteOrder | null, };

/** Numbers that follow one another. */
export type NumberBlock = { /** Of which series. */ series: Series, /** The first serial number. */ first: number, /** The last one. */ last: number, };

/** An officer as printed on a document. */
export type OfficerLine = { /** Who. */ id: PersonId, /** Name. */ name: string, /** Certificate number. */ certificate: string, };

/** A paper of the bureau. */
export type Order = { /** Title, and number where it has one. */ title: string, /** Its date. */ date: CivilDate, };

/** How an organ stands on its papers, within its days. */
export type Organ = { /** Which. */ department: DepartmentId, /** First day. */ from: CivilDate, /** Last day; none while it is so. */ until: CivilDate | null, /** Full name, as on its seal. */ name: string, /** Who decides on an application for review (复议机关). */ review: string | null, /** The court of a suit. */ court: string | null, /** Where to complain. */ phone: string | null, /** Whether a legal office has confirmed it. */ verified: boolean, /** Its code in numbers, such as `应急`. */ code: string, };

/** Kinds of papers. */
export type PaperKind = "inspection_plan" | "visit_notice" | "inspection_record" | "measure_decision" | "rectification_notice" | "proof_of_service" | "extension" | "recheck_opinion" | "further_term" | "resumption_opinion" | "listed_supervision" | "referral" | "file_cover" | "file_index";

/** The form of one kind of paper, of one organ or of all that have none of their own, within its days. */
export type PaperTemplate = { /** Of which kind. */ kind: PaperKind, /** Of which organ; none for all that have no own one. */ department: DepartmentId | null, /** First day. */ from: CivilDate, /** Last day; none while it is in use. */ until: CivilDate | null, /** Title. */ title: string, /** Organ and kind in its number, such as `应急检记` or, with the organ's own code, `{code}检记`; none for a paper without a number. */ series: string | null, /** Its texts. */ passages: Array<Passage>, /** Whether a legal office has confirmed title and fields. */ verified: boolean, };

/** Everything that papers need besides the case and the law. */
export type Papers = { /** Forms. */ templates: Array<PaperTemplate>, /** Organs. */ organs: Array<Organ>, /** Rules of counting. */ counting: Array<CountingRule>, };

/** What a decision on differing values is about. */
export type ParallelSubject = { "subject": "hazard", "id": HazardId } | { "subject": "item", "id": ItemCode };

/** One of several differing values. */
export type ParallelValue = { /** Who wrote it, where known. */ by: PersonId | null, /** The value as the draft holds it. */ value: string, };

/** What a record says of the part of one member of the team: it is in the record, or why it is not. */
export type Part = { /** Whose part. */ officer: PersonId, /** The statement that it is done, with everything that it names in the record. */ part: Digest | null, /** Why the record was sealed without it; empty where it is in the record. */ reason: string, };

/** A text of a paper at a named place, such as `remedies`. Names in braces stand for what the paper is about, such as
 * `{enterprise}`. */
export type Passage = { /** Where it stands. */ place: string, /** The text. */ text: string, /** What it rests on. */ basis: Array<Clause>, /** Whether a legal office has confirmed it; the paper says so where not. */ verified: boolean, };

/** Which clause punishes that a duty was broken. */
export type Penalty = { /** The duty. */ duty: Clause, /** The clause that punishes it; its gist says how. */ clause: Clause, /** How well it is known that this clause punishes this duty. */ known: Known, };

/** A person as the rules need to know them, with the time in which the role is held. */
export type Person = { /** Who. */ id: PersonId, /** Full name. */ name: string, /** The role. */ role: Role, /** The department, for staff. */ department: DepartmentId | null, /** The enterprise, for its people. */ enterprise: EnterpriseId | null, /** Number of the enforcement certificate, for inspectors. */ certificate: string | null, /** From when the role is held. */ from: Timestamp, /** From when it is not held any more. */ revoked_at: Timestamp | null, };

/** One photo with its claims. The fact that carries it is signed at the shutter. */
export type Photo = { /** Digest of the original bytes. */ blob: Digest, /** Size of the original in bytes. */ bytes: number, /** Width in pixels, as captured. */ width: number, /** Height in pixels, as captured. */ height: number, /** What it is for. */ purpose: Purpose, /** The hazard it shows; a signature has none. */ hazard: HazardId | null, /** How the bytes came to be. */ source: Source, /** Position fix, where there was one. */ fix: Fix | null, /** The photo on whose copy was drawn; the original stays as it is. */ derived_from: Digest | null, };

/** A planned visit. */
export type Plan = { /** The visit. */ inspection: InspectionId, /** The place. */ enterprise: EnterpriseId, /** The department in whose name it happens. */ department: DepartmentId, /** The officers; the first one leads and decides differing opinions. */ team: Array<PersonId>, /** Kind of visit. */ kind: VisitKind, /** Checklists to use. */ sectors: Array<SectorCode>, /** First day. */ from: CivilDate, /** Last day. */ to: CivilDate, /** Number of the approval, with the reason for the visit. */ approval: string, /** The notice that a recheck is about. */ recheck_of: NoticeId | null, };

/** Degrees times ten million in WGS-84, never converted before storing. */
export type Position = { /** Latitude, north positive. */ lat_e7: number, /** Longitude, east positive. */ lon_e7: number, };

/** Bounds of terms in force from one day until another. Each part says what it rests on ([`Grounds`]); one that rests on
 * nothing known is told to people and blocks nothing. */
export type Procedure = { /** First day. */ from: CivilDate, /** Last day; none while it goes on. */ until: CivilDate | null, /** Most days of a term after a failed recheck. */ retry_days: number, /** How many terms an officer may set after failed rechecks; every further one is the supervisor's. */ retries: number, /** Most days of one extension. */ extension_days: number, /** How many extensions one hazard may get. */ extensions: number, /** Whether service by officers and rechecks need two of them, and service its proof: a signature, a refusal with its witness, or the consent to electronic service. */ two_officers: boolean, /** Whether a major hazard is closed only with a plan of its rectification. */ major_plan: boolean, /** How many terms supervisors may set after failed rechecks, once officers may set none any more; none where nothing names a number. */ further_terms: number | null, /** The term that is filled in for a term after a failed recheck; a person may change it. */ retry_proposed: Term | null, /** The term that is filled in when more time is asked for. */ extension_proposed: Term | null, /** What each part rests on. */ grounds: Grounds, };

/** One clause of an edition. */
export type Provision = { /** Which, in its one form: `第三十六条第一款`, or `4.2a` in a standard. */ clause: string, /** What it says, in one or two sentences of our own. Empty where only the text was imported. */ gist: string, /** Its text, where it was imported. */ text: string | null, /** How well number and gist are known. */ known: Known, };

/** What a photo is for. */
export type Purpose = "found" | "fixed_on_spot" | "rectified" | "recheck" | "signature";

/** 现场检查记录: what the officers sign. It stands alone, without the draft it came from. */
export type Record = { /** The visit. */ inspection: InspectionId, /** When the officers arrived, by the device's clock. */ arrived: Timestamp, /** When the record was closed, by the device's clock. */ finished: Timestamp, /** Answers, ascending by item. */ answers: Array<Answer>, /** Hazards, ascending by id. */ hazards: Array<Hazard>, /** Every photo of the record: it is delivered when the server holds all of them. */ manifest: Array<Digest>, /** Version of the checklist catalogue that was used. */ catalogue: string, /** Digests of the last changes of the draft that the record was made of, ascending, at most [`limits::DRAFT_HEADS`]: whoever signs the record signs for its draft. */ draft: Array<Digest>, /** What became of the part of each other member of the team, ascending by officer. Records that were sealed before parts were stated have none. */ parts: Array<Part>, };

/** Supervision class of an enterprise, A lowest risk to D highest. */
export type RiskClass = "A" | "B" | "C" | "D";

/** What a person is. The rights of a role are in [`crate::rules::authority`]. */
export type Role = "inspector" | "assistant" | "expert" | "supervisor" | "coordinator" | "enterprise" | "administrator" | "auditor";

/** The criteria by which hazards of a sector are major, to choose from. */
export type SectorCriteria = { /** The sector. */ sector: SectorCode, /** What whoever chooses has to know, such as who confirms the grade. */ note: string, /** Clauses of criteria in the order in which they are offered. Their documents say from when to when. */ clauses: Array<Clause>, /** How well the choice for this sector is known. */ known: Known, };

/** A series of numbers within one year: `（枣高）应急责改〔2026〕`. */
export type Series = { /** Short name of the area, such as `枣高`. */ area: string, /** Organ and kind of document, such as `应急责改`. */ series: string, /** Year of issue. */ year: number, };

/** 送达: from here on the terms run. */
export type Service = { /** The notice. */ notice: NoticeId, /** How. */ method: ServiceMethod, /** Who received it, or who witnessed that it was left. */ receiver: string, /** The other officer, who signs too before it counts; none for electronic service, and in statements from before two officers were asked for. */ second: PersonId | null, /** The receiver's signature, drawn. */ signature: Digest | null, /** Why it was not received. */ refusal: string | null, /** Who witnessed the refusal. */ witness: string | null, /** The picture of the paper as it was left. */ photo: Digest | null, /** Whether the enterprise agrees to be served by the system. */ consent: boolean, /** Digest of the paper that the receiver was shown and signed, where it was shown on a screen. */ paper: Digest | null, };

/** How a document reached the enterprise. */
export type ServiceMethod = "electronic" | "in_person" | "left";

/** How the enterprise's person met the record. */
export type SignOutcome = { "signed": { /** Name. */ name: string, /** Post in the enterprise. */ post: string, /** The drawing. */ drawing: Digest, } } | { "refused": { /** Why, as stated or observed. */ reason: string, /** A witness, where there was one. */ witness: string | null, } };

/** One thing that is ordered at once. */
export type SiteMeasure = "remove_at_once" | "withdraw" | "stop_production" | "stop_use";

/** What is ordered at once because of one hazard. */
export type SiteOrder = { /** What, ascending, each once. */ measures: Array<SiteMeasure>, /** Of what: the workshop, the device, the people. */ scope: string, /** Why it cannot wait. */ reason: string, /** On which day. */ on: CivilDate, };

/** How the bytes came to be. */
export type Source = "camera" | "import" | "drawing";

/** A street of the zone. */
export type Street = { /** Division code. */ code: StreetCode, /** Name. */ name: string, };

/** How sure it is that the basis of a check item fits. */
export type Sure = "high" | "medium" | "low";

/** A length of time on a document, such as 15 日 or 10 个工作日. */
export type Term = { /** How many. */ days: number, /** Of which days. */ unit: DayUnit, };

/** Result of one check item. */
export type Verdict = "pass" | "fail" | "not_applicable";

/** Whether the enterprise hears of the visit beforehand. */
export type VisitKind = "unannounced" | "announced" | "recheck";

/** Days off and make-up working days of one year. */
export type WorkCalendar = { /** The year. */ year: number, /** Version of this table. */ version: string, /** Days off, ascending; weekends inside of a holiday included. */ holidays: Array<CivilDate>, /** Weekend days that are worked, ascending. */ workdays: Array<CivilDate>, };
