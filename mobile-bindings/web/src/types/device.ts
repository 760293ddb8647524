// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { HazardStatus, InspectionState, OrderStatus, Statement, Supplement } from './act.js';
import type { Offer, Telling } from './case.js';
import type { CivilDate, Consequences, DeviceId, Digest, EnterpriseId, HazardId, InspectionId, NoticeId, PersonId, Reason, StreamId, Timestamp } from './core.js';
import type { BindingField, DocumentNumber, Fix, Notice, ParallelSubject, ParallelValue, Plan, Purpose, Record, Series, Service, SignOutcome, Source } from './domain.js';
import type { DraftView, HazardDraft, HazardView, Lack } from './draft.js';

/** How long texts may be, in characters. */
export type Bounds = { /** A name, title or code. */ name: number, /** A description, reason or opinion. */ text: number, /** A new password, at least. */ password_least: number, /** A new password, at most. */ password_most: number, };

/** A part of a device that changed. */
export type Changed = "outbox" | "tasks" | "notices" | "numbers" | "catalogue" | "photos" | "person";

/** A record that cannot be sealed before a named officer has decided. */
export type Conflict = { /** The visit. */ plan: Plan, /** Who decides. */ decider: PersonId | null, /** What the officers differ in. */ parallels: Array<Parallel>, /** The hazards that they differ in, with their photos. */ hazards: { [key in HazardId]: HazardView }, };

/** A decision for which others wait. */
export type Decision = { /** What this person may state. */ offer: Offer, /** With which hazard. */ about: HazardRow, };

/** A hazard of a visit: what was ordered on the spot because of it, or what may be. */
export type HazardOrder = { /** The hazard. */ hazard: HazardId, /** The order, and how it stands. */ order: OrderStatus | null, /** What this person may state about it now. */ offers: Array<Offer>, };

/** A hazard of a notice in a list. */
export type HazardRow = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Where it is. */ enterprise: EnterpriseId, /** What is wrong. */ description: string, /** How it stands. */ status: HazardStatus, };

/** One statement of a stream. */
export type HistoryEntry = { /** The fact. */ fact: Digest, /** Who stated it. */ by: PersonId, /** On which device. */ device: DeviceId, /** When it counts: the receipt's time, or the device's own before there is one. */ at: Timestamp, /** Place within its stream; none while only this device knows it. */ place: number | null, /** What it is, in words. */ title: string, /** What was stated. */ statement: Statement, };

/** What became of everything that a colleague's phone handed over. */
export type Imported = { /** The visit. */ inspection: InspectionId, /** Statements that are new here. */ facts: number, /** Draft changes that are new here. */ changes: number, /** Draft changes that follow something that is not here yet. */ waiting: number, /** Items that do not hold: signed by nobody of the team, or changed on the way. */ refused: number, };

/** An inspection as known here, edits of the last second included. */
export type InspectionView = { /** The plan, where it is known. */ plan: Plan | null, /** Officers who have arrived. */ arrived: Array<PersonId>, /** The sealed record. */ seal: SealView | null, /** Officers who cosigned the record. */ cosigned_by: Array<PersonId>, /** The part of each member of the team. */ parts: Array<PartView>, /** Hazards of this person that neither the sealed record nor a supplement holds. */ outside: Array<HazardId>, /** What was added after the seal. */ supplements: Array<SupplementView>, /** How the enterprise's person met the record. */ party: SignOutcome | null, /** What is being written. */ draft: DraftView, /** What it lacks before it can be sealed; once it is, what is lacking before the rest can be added. */ lacks: Array<Lack>, /** How much of the record's room is taken up, in percent; nothing more is taken at 100. */ filled: number, /** Who decides between differing values. */ decider: PersonId | null, /** Orders on the spot, by hazard; hazards without one of which nothing can be stated are left out. */ orders: Array<HazardOrder>, /** Whether this person can issue its notice here and now, with a number of this device. */ issues_on_site: boolean, /** What is proposed for a hazard that no check item names; none while nobody is signed in. */ unlisted: HazardDraft | null, /** Its state. */ state: InspectionState, };

/** Where an own item is. */
export type ItemState = "only_here" | "at_server" | { "refused": Reason } | { "quarantined": Reason } | { "rejected": Reason };

/** A block of numbers that a device was leased. */
export type LeasedNumbers = { /** The lease. */ lease: Digest, /** Its series. */ series: Series, /** The first number. */ first: number, /** The last one. */ last: number, /** Whose device it is. */ holder: PersonId, /** Since when. */ since: CivilDate, /** Why what was left of it is void; none while the device may issue with it. */ void: string | null, /** Whether this person may declare void what is left of it. */ may_void: boolean, };

/** A hazard of a notice, judged. */
export type NoticeHazard = { /** The hazard. */ hazard: HazardId, /** Its state, deadline and whether it is late. */ status: HazardStatus, /** What this person may state about it now. */ offers: Array<Offer>, /** What was stated about it and about its notice as a whole. */ timeline: Array<TimelineRow>, /** The newest photo of the state after, where there is one. */ after: Digest | null, /** What was ordered on the spot because of it, and how that stands. */ order: OrderStatus | null, /** Why the deadline that counts is on its date, one sentence for each step; empty while there is none. */ why: Array<string>, };

/** A notice in a list. */
export type NoticeRow = { /** The notice. */ id: NoticeId, /** Its number. */ number: DocumentNumber, /** Whose it is. */ enterprise: EnterpriseId, /** The date on the document. */ issued_on: CivilDate, /** For how many whole days it has not been served; none once it is. */ unserved_days: number | null, /** How each of its hazards stands. */ hazards: Array<HazardStatus>, };

/** A notice as known here. */
export type NoticeView = { /** The notice. */ notice: Notice, /** Its service. */ service: ServiceView | null, /** For how many whole days it has not been served; none once it is. */ unserved_days: number | null, /** Whether another notice counts in its place: it orders the same and was served or issued first. */ doubled: boolean, /** What follows when it is not obeyed. */ consequences: Consequences, /** Each hazard with its state and what this person may do next. */ hazards: Array<NoticeHazard>, };

/** How this device stands with numbers for notices that are issued on the spot. */
export type NumbersView = { /** The next one; none where all are used up. */ next: DocumentNumber | null, /** How many are left. */ left: number, /** Whether numbers were leased and few of them are left: it is time to ask for more. */ low: boolean, /** Whether the server has not answered a request yet. */ asked: boolean, };

/** Everything of one's own, newest first. */
export type Outbox = { /** Facts and draft changes. */ records: Array<OutboxRecord>, /** Files. */ files: Array<OutboxFile>, /** How many hazards of this person are in no record of their visit, wherever they are. */ outside: number, /** When the server was last heard: everything shown is as known then. */ last_contact: Timestamp | null, };

/** A file in the outbox. */
export type OutboxFile = { /** Its name. */ hash: Digest, /** Where it belongs. */ stream: StreamId, /** Its size. */ bytes: number, /** How much of it is at the server. */ sent: number, /** Where it is. */ state: ItemState, /** Why the last attempt to send it failed, for one that is still only here. */ waiting: Reason | null, };

/** A record in the outbox. */
export type OutboxRecord = { /** Its name. */ id: Digest, /** What it is, in words. */ title: string, /** Where it belongs; none for what cannot be read. */ stream: StreamId | null, /** When it was stated, by this device's clock; none for a draft. */ at: Timestamp | null, /** Where it is. */ state: ItemState, /** Why the server could not take it over yet, for one that is still only here. */ waiting: Reason | null, };

/** A part of a list. */
export type Page<T> = { /** How many there are in all. */ total: number, /** Those that were asked for. */ rows: Array<T>, };

/** A paper as a page. */
export type PaperPage = { /** Digest of its canonical bytes. */ digest: Digest, /** The page, which needs nothing else. */ html: string, /** Digest of the paper as the server issued it; none while something may still be added to it. A page with another digest is not word for word what was issued. */ issued: Digest | null, /** What this person may state about it now. */ offers: Array<Offer>, };

/** Differing values of a binding field that wait for a decision. */
export type Parallel = { /** What they are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The values with their authors. */ values: Array<ParallelValue>, };

/** The part of one member of the team. */
export type PartView = { /** Whose part. */ officer: PersonId, /** Whether the arrival is known here. */ arrived: boolean, /** When the part was finished, as far as it is known here. */ finished: Timestamp | null, /** Whether everything that was finished is in the draft here, or in the record once it is sealed. */ taken_in: boolean, /** Why the record was sealed without it; empty where it was not. */ reason: string, /** Whether the case shows work of this person that neither the record nor a supplement holds. */ outside: boolean, };

/** What is known of a photo at the shutter besides its bytes. */
export type PhotoMeta = { /** What it is for. */ purpose: Purpose, /** The hazard it shows. */ hazard: HazardId | null, /** How the bytes came to be. */ source: Source, /** Position fix, where there was one. */ fix: Fix | null, /** The photo on whose copy was drawn. */ derived_from: Digest | null, };

/** How far a synchronisation is. */
export type Progress = { "kind": "exchanged", /** Verdicts that came. */ verdicts: number, /** Items that came. */ items: number, } | { "kind": "uploading", /** The file. */ hash: Digest, /** How much of it is at the server. */ sent: number, /** Its size. */ bytes: number, /** Files of this run that are at the server. */ sent_files: number, /** Files of this run. */ total_files: number, /** Bytes that this run brought to the server. */ sent_bytes: number, /** Bytes that this run has to bring. */ total_bytes: number, } | { "kind": "finished" } | { "kind": "waiting" } & Reason | { "kind": "sign_in_needed" };

/** What is said of a refusal. */
export type RefusalWords = { /** One plain sentence. */ sentence: string, /** The one thing to do next. */ action: string, };

/** A sealed record with the fact that signatures name. */
export type SealView = { /** The fact. */ fact: Digest, /** Who sealed. */ by: PersonId, /** When, by the device's clock. */ sealed_at: Timestamp, /** The record. */ record: Record, };

/** The service of a notice. */
export type ServiceView = { /** From when it counts. */ at: Timestamp, /** How, and who received it. */ service: Service, };

/** How many own items are where, without the items. */
export type Standing = { /** Only on this device. */ waiting: number, /** Not accepted, or rejected by a supervisor. */ refused: number, /** Hazards of this person that are in no record of their visit, wherever they are. */ outside: number, /** Items that colleagues handed over here and that the server does not hold yet. */ carried: number, /** Photos that were never sent and whose file is not on this device any more. */ lost: number, /** Facts of others that came damaged or are damaged at the server. */ damaged: number, /** When the server was last heard. */ last_contact: Timestamp | null, };

/** What a stream is about, for whoever only names it. */
export type StreamAbout = { /** The stream. */ stream: StreamId, /** Whose premises. */ enterprise: EnterpriseId | null, /** The number of its notice. */ number: DocumentNumber | null, };

/** What was added to a record after it was sealed. */
export type SupplementView = { /** The fact that signatures name. */ fact: Digest, /** Who supplemented. */ by: PersonId, /** When it counts. */ at: Timestamp, /** Officers who signed it. */ cosigned_by: Array<PersonId>, /** What it says. */ supplement: Supplement, };

/** What a synchronisation did. */
export type SyncReport = { /** Exchanges made. */ exchanges: number, /** Items that came. */ received: number, /** Bytes of requests sent. */ bytes_up: number, /** Bytes of answers. */ bytes_down: number, /** Why it stopped before everything was done, if it did. */ waiting: Reason | null, /** Whether a person has to sign in again. */ sign_in_needed: boolean, };

/** What a frame brought. */
export type TakenFrame = { /** How many frames of its series are here. */ here: number, /** How many there are. */ of: number, /** With the last one, what came. */ imported: Imported | null, };

/** A planned or performed visit in a list. */
export type Task = { /** The plan. */ plan: Plan, /** Its state as known here. */ state: InspectionState, /** How many hazards of this person neither its sealed record nor a supplement holds. */ outside: number, };

/** One statement of a case as a screen shows it. */
export type TimelineRow = { /** The fact. */ fact: Digest, /** Stable name of its kind, such as `notice.served`. */ kind: string, /** The stream in which it was stated. */ stream: StreamId, /** The hazard that it is about, where it is about one alone. */ hazard: HazardId | null, /** Who stated it. */ by: PersonId, /** When it counts: the receipt's time, or the device's own before there is one. */ at: Timestamp, /** Place within its stream; none while only this device knows it. */ place: number | null, /** What a person reads and sees. */ telling: Telling, };

/** Whose part a record is sealed without, and why. */
export type Without = { /** Who. */ officer: PersonId, /** Why, in words. */ reason: string, };

/** Chinese terms, each list by stable name. */
export type Words = { /** States of a visit. */ inspection_state: { [key in string]: string }, /** States of a hazard. */ hazard_state: { [key in string]: string }, /** Names of the states in which nothing more is to be done. */ settled: Array<string>, /** Roles. */ role: { [key in string]: string }, /** Grades of a hazard. */ grade: { [key in string]: string }, /** Steps of escalation. */ escalation: { [key in string]: string }, /** Statements, such as `inspection.arrived`. */ statement: { [key in string]: string }, /** Refusals. */ refusal: { [key in string]: RefusalWords }, /** How long texts may be. */ bounds: Bounds, };

/** What a supervisor has to look at today. */
export type Worklist = { /** What waits for this person's decision; a hazard may wait for more than one. */ waiting: Page<Decision>, /** The hazards that are overdue, the longest first. */ overdue: Page<HazardRow>, /** The notices that nobody has served, the oldest first. */ unserved: Page<NoticeRow>, };
