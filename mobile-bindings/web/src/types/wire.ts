// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { HazardState, HazardStatus, InspectionState, Statement } from './act.js';
import type { Telling } from './case.js';
import type { CivilDate, Code, DepartmentId, DeviceId, Digest, EnterpriseId, HazardId, InspectionId, NoticeId, PersonId, SectorCode, SessionId, StreamId, StreetCode, TimeBounds, Timestamp } from './core.js';
import type { Escalation, Grade, Person, Role } from './domain.js';

/** Why something is done to an account. */
export type AccountReason = { /** Why. */ reason: string, };

/** One account in a list. */
export type AccountRow = { /** Account name. */ username: string, /** Whose it is. */ person: Person, /** That a revoked person is to be restored, and another administrator has to confirm it. */ restore_proposed?: RestoreProposal | null, };

/** What happened. */
export type AuditKind = "signed_in" | "sign_in_failed" | "locked" | "token_reused" | "signed_out" | "password_changed" | "password_reset" | "account_added" | "person_revoked" | "restore_proposed" | "person_restored" | "device_enrolled" | "device_revoked" | "quarantine_decided" | "report_given";

/** One page of events of security, the newest first. */
export type AuditPage = { /** The rows. */ rows: Array<AuditRow>, /** Places of this page at which the chain does not hold: a row was changed, left out or put between. Empty when all of it is as it was written. */ broken: Array<number>, /** Where the next page starts; none on the last one. */ next: number | null, };

/** `GET /api/v1/audit`: which page. */
export type AuditQuery = { /** `next` of the page before. */ after: number | null, /** Rows wanted, [`super::api_office::PAGE_ROWS`] if it is not said, at most [`super::api_office::PAGE_ROWS_MAX`]. */ limit: number | null, };

/** One event of security. */
export type AuditRow = { /** Its place, from 1. */ place: number, /** When it happened, for the first time where it is counted. */ at: Timestamp, /** When it happened for the last time within the hour. */ last_at: Timestamp, /** How often. */ times: number, /** What happened. */ kind: AuditKind, /** The same in Chinese. */ title: string, /** Who did it; none where nobody was signed in. */ who: PersonId | null, /** Name of who did it. */ who_name: string | null, /** About whom or what: a person, a device, an item, a report, or the account name that was tried. */ about: string | null, /** Name of the person whom it is about. */ about_name: string | null, /** Network address, where it is known. */ address: string | null, /** More of it, such as the reason. */ detail: string | null, /** Digest over this row and the digest of the row before. */ digest: string, };

/** A hazard of a case with its state. */
export type CaseHazard = { /** Which hazard. */ hazard: HazardId, /** What is wrong and where, as recorded or ordered. */ name: string, /** Its state. */ status: HazardStatus, };

/** `GET /api/v1/cases/{kind}/{id}`: everything that the reader may see of a case, in order. */
export type CaseTimeline = { /** The visit; never told to an enterprise. */ inspection: InspectionId | null, /** The notice, once issued. */ notice: NoticeId | null, /** State of the visit; none for an enterprise, or when a newer server is needed to say it. */ state: InspectionState | null, /** The hazards with their states at the time of the answer. */ hazards: Array<CaseHazard>, /** What was stated, in the order in which it counts. */ entries: Array<TimelineEntry>, };

/** One cell of a sheet. */
export type Cell = number | string | null;

/** `POST /api/v1/password`: a new password for oneself. */
export type ChangePassword = { /** The old one; not asked of whoever signed in with a code for a forgotten password. */ old?: string | null, /** The new one: visible characters, neither the account name nor one of those that everybody tries. */ new: string, };

/** One column of a sheet. */
export type Column = { /** Its name, for programs. */ name: string, /** What stands above it. */ title: string, /** What its cells hold. */ kind: ColumnKind, };

/** What the cells of a column hold. */
export type ColumnKind = "name" | "text" | "count" | "date";

/** One enrolled device in a list. */
export type DeviceRow = { /** Which device. */ id: DeviceId, /** What its person calls it. */ label: string, /** From when it is enrolled. */ enrolled_at: Timestamp, /** From when it is not trusted any more. */ revoked_at: Timestamp | null, };

/** A form in which a sheet can be had as a file. */
export type FileFormat = "csv" | "xlsx";

/** One hazard in a list. */
export type HazardListRow = { /** Which hazard. */ hazard: HazardId, /** The visit that found it. */ inspection: InspectionId | null, /** Its notice, once issued. */ notice: NoticeId | null, /** Number of the notice. */ number: string | null, /** Where it was found. */ enterprise: EnterpriseId, /** Name of the enterprise. */ enterprise_name: string, /** Street of the enterprise. */ street: string, /** Sectors of the enterprise. */ sectors: Array<string>, /** Department that found it. */ department: DepartmentId, /** The grade that counts. */ grade: Grade, /** What is wrong. */ description: string, /** Where in the enterprise. */ place: string, /** State. */ state: HazardState, /** The Chinese term of the state. */ state_title: string, /** Whether it is overdue at the time of the page. */ overdue: boolean, /** Last day that is in time. */ deadline: CivilDate | null, /** Whether a request for more time waits. */ extension_pending: boolean, /** How often rectification was asked for. */ round: number, /** Highest step of escalation. */ escalation: Escalation | null, /** When the record with it was taken over. */ found_at: Timestamp, /** When it was closed or dismissed. */ closed_at: Timestamp | null, };

/** One page of hazards, the newest first. */
export type HazardPage = { /** Until when "overdue" was judged. */ at: Timestamp, /** How many match, on all pages together. */ total: number, /** The rows. */ rows: Array<HazardListRow>, /** Where the next page starts; none on the last one. */ next: string | null, };

/** `GET /api/v1/hazards`: which hazards. What is left out does not narrow the list. */
export type HazardQuery = { /** Street of the enterprise. */ street: StreetCode | null, /** One of the sectors of the enterprise. */ sector: SectorCode | null, /** Department that found it. */ department: DepartmentId | null, /** State. */ state: HazardState | null, /** Whether it is overdue now. */ overdue: boolean | null, /** Whether it falls due within so many days from today, today included. */ due_within: number | null, /** The grade that counts. */ grade: Grade | null, /** Words within the enterprise's name, the description, the place or the notice's number. */ text: string | null, /** `next` of the page before. */ after: string | null, /** Rows wanted, [`PAGE_ROWS`] if it is not said, at most [`PAGE_ROWS_MAX`]. */ limit: number | null, /** `json`, or `csv` or `xlsx` for a file of all that match. */ format: string | null, /** Whether the file comes within JSON. */ in_json: boolean | null, };

/** A hazard that no record holds, in words. */
export type HeldHazard = { /** Which. */ hazard: HazardId, /** What is wrong. */ description: string, /** Where in the enterprise. */ place: string, /** Grade, where it is written. */ grade: Grade | null, /** Name of who found it, where known. */ found_by: string | null, /** Its photos. */ photos: Array<Digest>, };

/** Everything that came for a visit after its record was sealed. */
export type HeldVisit = { /** The visit. */ inspection: InspectionId, /** Where it was. */ enterprise: EnterpriseId | null, /** Name of the enterprise, where known. */ enterprise_name: string | null, /** How many items there are. */ items: number, /** Hazards that are recorded there and that neither the record nor a supplement holds. */ hazards: Array<HeldHazard>, };

/** `POST /api/v1/accounts`: a new account. */
export type NewAccount = { /** Account name: 3 to 32 letters, Chinese characters, digits, `.`, `_` and `-`; kept in lower case. */ username: string, /** First password, as [`super::api_accounts::ChangePassword`] asks for it. */ password: string, /** Full name. */ name: string, /** Role. */ role: Role, /** Department, for staff. */ department: DepartmentId | null, /** Enterprise, for its people. */ enterprise: EnterpriseId | null, /** Certificate number, for inspectors. */ certificate: string | null, };

/** Answer to [`ChangePassword`]. */
export type PasswordChanged = { /** How many other sessions ended with it. */ ended: number, };

/** `POST /api/v1/accounts/{person}/password`: what to tell a person who forgot the password. */
export type PasswordReset = { /** Signs in once in the place of the password, and then a new one has to be set. It is not shown again. */ code: string, /** Until when it signs in. */ until: Timestamp, };

/** A refusal as a JSON body. */
export type Problem = { /** Stable name of the code. */ code: Code, /** Stable number of the code. */ number: number, /** HTTP status, repeated for readers of logs. */ status: number, /** One plain sentence in Chinese. */ title: string, /** The one thing to do next, in Chinese. */ action: string, /** The field, where one is to blame. */ field?: string | null, /** More for programs. */ detail?: string | null, };

/** `POST /api/v1/quarantine/{item}`: a supervisor's judgement. */
export type QuarantineDecision = { /** Whether the item is taken over. */ accept: boolean, /** Why; needed for both. */ reason: string, };

/** An item in quarantine. */
export type QuarantineItem = { /** Its name. */ item: Digest, /** What a fact would be called; none for a change of a draft. */ title: string | null, /** The stream it claims to belong to. */ stream: StreamId | null, /** Who sent it. */ author: PersonId, /** Name of the sender, where known. */ author_name: string | null, /** From which device. */ device: DeviceId, /** The department whose supervisors judge it; none: every supervisor. */ department: DepartmentId | null, /** Why it is here: what people are told first. */ code: Code, /** Everything that stands against it, as sentences. */ sentence: string, /** More for programs. */ detail: string | null, /** When it came. */ received_at: Timestamp, /** What the device's clock said, for a fact. */ claimed_at: Timestamp | null, /** Size of the item. */ bytes: number, /** Where it stands. */ state: QuarantineState, /** Who judged it. */ decided_by: PersonId | null, /** When. */ decided_at: Timestamp | null, /** Why. */ reason: string | null, /** What came for a visit after its record was sealed is one matter: this row stands for all of it, and so does the judgement. */ visit: HeldVisit | null, };

/** One page of items in quarantine, the newest first. */
export type QuarantinePage = { /** The items. */ rows: Array<QuarantineItem>, /** What is stored there and cannot be read. */ unread: Array<UnreadItem>, /** Where the next page starts; none on the last one. */ next: string | null, };

/** Where an item in quarantine stands. */
export type QuarantineState = "waiting" | "accepted" | "rejected" | "supplemented";

/** One of several values. */
export type ReportChoice = { /** The value; empty for all. */ value: string, /** What it is called. */ title: string, };

/** `GET /api/v1/reports`: one report with what can be asked of it. */
export type ReportEntry = { /** Its name in addresses. */ name: string, /** What it is called. */ title: string, /** What it shows, in a sentence. */ about: string, /** What can be asked. */ inputs: Array<ReportInput>, };

/** One thing that can be asked of a report: a parameter of its address. */
export type ReportInput = { /** Name of the parameter. */ name: string, /** What it is called. */ title: string, /** What may be given. A date if there is nothing to choose from. */ choices: Array<ReportChoice> | null, /** What counts when nothing is given: a value of `choices`, or a date. */ usual: string, };

/** `POST /api/v1/accounts/{person}/restore`: that a revoked person is to be restored. Another administrator confirms it. */
export type RestoreProposal = { /** Who proposed it. */ by: PersonId, /** When. */ at: Timestamp, /** Why. */ reason: string, };

/** `POST /api/v1/devices/{device}/revoke` and its like: who stops being trusted, from when. */
export type Revoke = { /** From when; work captured before is accepted, work captured after goes to quarantine. */ from: Timestamp, /** Why. */ reason: string, };

/** Answer to [`Revoke`]. */
export type Revoked = { /** From when it is not trusted any more. */ revoked_at: Timestamp, };

/** Answer to the end of a session. */
export type SessionEnded = { /** Which session ended. */ session: SessionId, };

/** `GET /api/v1/sessions`: one session of one's own. */
export type SessionRow = { /** Which session. */ id: SessionId, /** When it began. */ signed_in_at: Timestamp, /** When it was renewed last. */ renewed_at: Timestamp, /** Until when it can be renewed. */ ends_at: Timestamp, /** The device that proved to renew it. */ device: DeviceId | null, /** Network address from which it began, where it is known. */ address: string | null, /** Whether it is the one that asks. */ current: boolean, };

/** `GET /api/v1/set-aside`: files in which the server cannot state what it owes, such as a notice or a deadline. */
export type SetAsidePage = { /** How many the reader may know of. */ total: number, /** Those that wait longest, at most [`PAGE_ROWS_MAX`]. */ rows: Array<SetAsideRow>, };

/** A file that was set aside: nothing is stated in it until its reason is gone, then everything by itself. */
export type SetAsideRow = { /** The stream in which something is owed. */ stream: StreamId, /** The enterprise it is about, for whoever reads the stream. */ enterprise: EnterpriseId | null, /** Name of the enterprise, where known. */ enterprise_name: string | null, /** Why nothing can be stated. */ code: Code, /** The same as a sentence. */ sentence: string, /** The one thing to do. */ action: string, /** Since when. */ since: Timestamp, };

/** A table that answers a question. It is stored when it is frozen and read for ever: a new field has a default. */
export type Sheet = { /** What it is called. */ title: string, /** The time that it is about, in words that can stand in the name of a file. */ period: string, /** What narrowed it, in words. */ narrowed: Array<string>, /** Until when what the server had taken over is counted. */ until: Timestamp, /** When it was frozen: from then on it stays as it is. None if it was computed for this answer. */ frozen_at: Timestamp | null, /** What a reader has to know about the figures. */ notes: Array<string>, /** The columns. */ columns: Array<Column>, /** The rows, each with a cell for every column. */ rows: Array<Array<Cell>>, /** All rows together, where that says something. */ total: Array<Cell> | null, };

/** A file within JSON, for whoever cannot ask for anything else. */
export type SheetFile = { /** Its name. */ name: string, /** Its media type. */ media_type: string, /** Its bytes in base64, URL-safe, without padding. */ content: string, };

/** One statement of a case. */
export type TimelineEntry = { /** The fact. */ fact: Digest, /** The stream it belongs to. */ stream: StreamId, /** Its place within the stream. */ place: number, /** When the server took it over. */ received_at: Timestamp, /** Stable name of the kind. */ kind: string, /** What the kind is called. */ title: string, /** The hazard that it is about, unless it is about the visit or the notice as a whole. */ hazard: HazardId | null, /** What is shown of it. */ telling: Telling, /** Who stated it. */ author: PersonId, /** Name of the author, where known; the server's own statements have none. */ author_name: string | null, /** On which device. */ device: DeviceId, /** What the device's clock said. */ claimed_at: Timestamp, /** Between which instants it was stated, as far as it can be proved. */ bounds: TimeBounds, /** Size of the signed bytes. */ bytes: number, /** What was stated. */ statement: Statement, };

/** What is stored in quarantine and cannot be read: nobody can judge it, and the office's administrator restores it. */
export type UnreadItem = { /** Its name, as it is stored, in hexadecimal. */ item: string, /** When it came, where that can be read. */ received_at: Timestamp | null, /** Why it cannot be judged. */ code: Code, /** The same as a sentence. */ sentence: string, /** What of it cannot be read, for programs. */ detail: string, };
