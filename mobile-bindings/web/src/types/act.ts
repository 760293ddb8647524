// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { CivilDate, DepartmentId, DeviceId, Digest, HazardId, InspectionId, NoticeId, PersonId, StreamId } from './core.js';
import type { Answer, BindingField, Clause, Deadline, DocumentNumber, Escalation, Fix, Grade, Hazard, Notice, NumberBlock, PaperKind, ParallelSubject, ParallelValue, Photo, Plan, Record, Series, Service, SignOutcome, SiteOrder, Term } from './domain.js';

/** An officer is on the premises. */
export type Arrival = { /** The visit. */ inspection: InspectionId, /** Whether the certificate was shown. */ certificate_shown: boolean, /** Code on the plate at the gate, where it was scanned. */ plate: string | null, /** Position fix, where there was one. */ fix: Fix | null, };

/** A photo was captured. */
export type Capture = { /** Where it belongs. */ stream: StreamId, /** The photo. */ photo: Photo, };

/** 销号 or its return, for one hazard. */
export type ClosureDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The recheck that the decision rests on. */ recheck: Digest, /** Whether it is closed; otherwise it goes back to recheck. */ approved: boolean, /** Why; needed when it goes back. */ reason: string, /** The photos that were looked at. */ evidence: Array<Digest>, };

/** The second officer signs the sealed record, or a supplement of it. */
export type Cosign = { /** The visit. */ inspection: InspectionId, /** The seal or the supplement that is signed. */ seal: Digest, };

/** The other officer says that a service or a recheck was as it is stated. */
export type Countersigned = { /** The notice. */ notice: NoticeId, /** The hazard, for a recheck. */ hazard: HazardId | null, /** The statement that is signed. */ statement: Digest, };

/** The server assigned a deadline. One per hazard and cause. */
export type DeadlineAssigned = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The fact that caused it: service, a granted extension or a failed recheck. */ cause: Digest, /** The deadline. */ deadline: Deadline, };

/** A deadline was counted again. One for each deadline and edition of the calendars.
 *
 * A later date counts from here on. An earlier one does not, since the enterprise may rely on what it was told; it is
 * stated all the same, so that everybody can see that it was looked at. */
export type DeadlineRecounted = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The fact that assigned the deadline. */ assigned: Digest, /** The date that counted until then. */ before: CivilDate, /** The deadline as it is counted now, with the calendars that were read. */ deadline: Deadline, };

/** A hazard should not have been recorded: proposed by an officer. */
export type DismissalProposed = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, /** The visit, in whose stream it stands: the enterprise does not read what officers propose. */ inspection: InspectionId | null, };

/** A hazard should not have been recorded: confirmed by a supervisor. */
export type Dismissed = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, };

/** More pressure on an open hazard. */
export type Escalated = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The step. */ step: Escalation, /** Why. */ reason: string, /** For an internal step the visit, in whose stream it stands. */ inspection: InspectionId | null, /** For a referral the organ that the matter goes to; none in statements from before it was asked for. */ to: string | null, };

/** A supervisor decides on more time. */
export type ExtensionDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The request. */ request: Digest, /** What is granted; none refuses. */ granted: Term | null, /** Why. */ reason: string, };

/** The enterprise asks for more time. */
export type ExtensionRequest = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** How much more, counted from the present deadline. */ term: Term, /** Why. */ reason: string, };

/** A hazard counts as major from here on. The notice keeps what it ordered. */
export type GradeRaised = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The criterion by which it is major. */ criterion: Clause, /** The facts that meet it. */ reason: string, };

/** State of a hazard. */
export type HazardState = "found" | "fixed_on_spot" | "issued" | "rectifying" | "replied" | "rechecked" | "closed" | "dismissed";

/** State of a hazard with what belongs to it. */
export type HazardStatus = { /** The state. */ state: HazardState, /** The grade that counts: as ordered or recorded, and general where a supervisor did not uphold a major one. None while neither notice nor record is known. */ grade: Grade | null, /** Whether the enterprise is late now. */ overdue: boolean, /** The deadline that counts. */ deadline: Deadline | null, /** Whole days that the enterprise has left, negative when it is late; none while it has nothing to do. */ days_left: number | null, /** Whether a request for more time waits for its decision. */ extension_pending: boolean, /** How often rectification was asked for: 1 before any failed recheck. */ round: number, /** The highest step of escalation. */ escalation: Escalation | null, };

/** State of a visit. */
export type InspectionState = "planned" | "underway" | "sealed" | "complete" | "notice_issued" | "settled";

/** The notice as it was handed over. From here on it is issued: the server repeats it word for word in the stream that
 * the enterprise reads and never takes it back. */
export type IssuedOnSite = { /** The visit. */ inspection: InspectionId, /** The notice. */ notice: Notice, /** The lease of its number. */ lease: Digest, /** Digest of the paper that was shown and signed by hand. */ paper: Digest, };

/** One paper as it was issued. */
export type IssuedPaper = { /** Which kind. */ kind: PaperKind, /** The fact that it rests on. */ fact: Digest, /** Digest of its canonical bytes. */ digest: Digest, /** The number that it was given with its first edition; none for a paper that has its number from its fact, and for one without numbers. */ number?: DocumentNumber, };

/** A supervisor decides whether a hazard that its officers graded major is major.
 *
 * It never holds up the notice: danger is ordered away at once, the grade is decided beside it and
 * before the closure. Critical, as every kind is: a reader that did not know it would show a grade
 * that does not count and offer closures by it. */
export type MajorDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Whether it is major; otherwise it counts as general. */ upheld: boolean, /** The facts that meet the criterion, or why they do not. */ reason: string, };

/** What cannot wait is ordered because of one hazard. The record is signed after it, the notice repeats it. */
export type MeasureOrdered = { /** The visit. */ inspection: InspectionId, /** The hazard. */ hazard: HazardId, /** What is ordered. */ order: SiteOrder, };

/** A block of numbers belongs to one device from now on: neither the server nor another device uses them. */
export type NumbersLeased = { /** The request that it answers. */ request: Digest, /** The device. */ device: DeviceId, /** Whose it is. */ person: PersonId, /** The numbers. */ block: NumberBlock, };

/** The device that signs this asks for a block of numbers. */
export type NumbersRequested = { /** The series. */ series: Series, /** Whose series it is. */ department: DepartmentId, };

/** The numbers of a block that no paper carries are void, such as those of a lost phone. A paper that was issued with
 * one of them before and comes later stands. */
export type NumbersVoided = { /** The series. */ series: Series, /** The lease of the block. */ lease: Digest, /** Why. */ reason: string, };

/** State of an order on the spot. */
export type OrderState = "ordered" | "stopped" | "resumption_requested" | "resumed" | "fixed" | "withdrawn";

/** An order on the spot with its state. */
export type OrderStatus = { /** The order. */ order: SiteOrder, /** What is ordered, in words. */ words: string, /** Its state. */ state: OrderState, /** The state in words. */ title: string, };

/** What is wrong in an issued paper, and how it reads rightly. */
export type PaperCorrected = { /** The stream in which the paper was issued. */ stream: StreamId, /** Its kind. */ paper: PaperKind, /** The fact that it rests on. */ fact: Digest, /** Digest of the edition that is corrected. */ replaces: Digest, /** What is wrong and how it reads rightly. */ correction: string, /** Why. */ reason: string, };

/** Papers as they are from here on, word for word. The bytes are kept beside the fact; whoever holds them finds here that
 * they are genuine. */
export type PapersIssued = { /** The stream of the facts that they rest on: whoever reads it may have them. */ stream: StreamId, /** The papers. */ papers: Array<IssuedPaper>, };

/** A named person chose between differing values; the others stay readable here. */
export type ParallelDecision = { /** The visit. */ inspection: InspectionId, /** What the values are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The values that were there, as text, with their authors. */ values: Array<ParallelValue>, /** Index of the chosen one. */ chosen: number, /** Why. */ reason: string, };

/** A member of the team has recorded everything of the own. The last one of a person counts. */
export type PartFinished = { /** The visit. */ inspection: InspectionId, /** Digests of the last changes that the author wrote to the draft, ascending, at most [`limits::DRAFT_HEADS`]; none where nothing was written. */ heads: Array<Digest>, };

/** The enterprise's person signed, or refused to. */
export type PartySign = { /** The visit. */ inspection: InspectionId, /** The seal that was shown. */ seal: Digest, /** What happened. */ outcome: SignOutcome, };

/** 复查意见 for one hazard. */
export type Recheck = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** Whether it is fixed. */ passed: boolean, /** The opinion in words. */ opinion: string, /** Photos of the recheck. */ photos: Array<Digest>, /** The new term when it is not fixed; none leaves the deadline as it was, and what follows to the supervisor. */ new_term: Term | null, /** The other officer, who signs too before it counts; none in statements from before two were asked for. */ second: PersonId | null, /** The newest reply that the officer knew: without signal it need not be the newest there is. None without a reply, and in statements from before it was named. */ reply: Digest | null, };

/** 整改方案 of a major hazard: who is responsible, what is done, with which money, until when, and what protects people
 * meanwhile. The last one counts. */
export type RectificationPlan = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** 责任: who answers for it. */ responsible: string, /** 措施: what is done. */ measures: string, /** 资金: how much money, from where. */ funds: string, /** 时限: the day by which it is done. */ until: CivilDate, /** 预案: what protects people meanwhile. */ emergency: string, };

/** 整改报告 for one hazard. */
export type Reply = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** What was done. */ measures: string, /** Who was responsible. */ responsible: string, /** When it was finished. */ finished_on: CivilDate, /** Photos of the state after. */ photos: Array<Digest>, };

/** Consent to resume, or its refusal. */
export type ResumptionDecision = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The request. */ request: Digest, /** Whether it may go on. */ granted: boolean, /** Why. */ reason: string, /** The photos that were looked at. */ photos: Array<Digest>, };

/** What was stopped may go on, asks the enterprise: what was done, with photos. */
export type ResumptionRequest = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** What was done and why it is safe. */ measures: string, /** Photos of the state after. */ photos: Array<Digest>, };

/** One official statement. */
export type Statement = { "kind": "planned", "body": Plan } | { "kind": "arrived", "body": Arrival } | { "kind": "captured", "body": Capture } | { "kind": "parallel_decided", "body": ParallelDecision } | { "kind": "measure_ordered", "body": MeasureOrdered } | { "kind": "part_finished", "body": PartFinished } | { "kind": "sealed", "body": Record } | { "kind": "supplemented", "body": Supplement } | { "kind": "cosigned", "body": Cosign } | { "kind": "party_signed", "body": PartySign } | { "kind": "issued_on_site", "body": IssuedOnSite } | { "kind": "notice_issued", "body": Notice } | { "kind": "notice_served", "body": Service } | { "kind": "countersigned", "body": Countersigned } | { "kind": "major_decided", "body": MajorDecision } | { "kind": "grade_raised", "body": GradeRaised } | { "kind": "deadline_assigned", "body": DeadlineAssigned } | { "kind": "deadline_recounted", "body": DeadlineRecounted } | { "kind": "plan_submitted", "body": RectificationPlan } | { "kind": "replied", "body": Reply } | { "kind": "resumption_requested", "body": ResumptionRequest } | { "kind": "resumption_decided", "body": ResumptionDecision } | { "kind": "extension_requested", "body": ExtensionRequest } | { "kind": "extension_decided", "body": ExtensionDecision } | { "kind": "rechecked", "body": Recheck } | { "kind": "term_ordered", "body": TermOrdered } | { "kind": "closure_decided", "body": ClosureDecision } | { "kind": "supervision_listed", "body": SupervisionListed } | { "kind": "escalated", "body": Escalated } | { "kind": "dismissal_proposed", "body": DismissalProposed } | { "kind": "dismissed", "body": Dismissed } | { "kind": "papers_issued", "body": PapersIssued } | { "kind": "paper_corrected", "body": PaperCorrected } | { "kind": "numbers_requested", "body": NumbersRequested } | { "kind": "numbers_leased", "body": NumbersLeased } | { "kind": "numbers_voided", "body": NumbersVoided } | { "kind": "unknown", "body": { /** Its number. */ kind: number, /** Its bytes. */ body: Array<number>, } };

/** An open major hazard is listed for supervision. */
export type SupervisionListed = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The last day on which it may still be open. */ until: CivilDate, /** Why. */ reason: string, /** The photos that were looked at. */ photos: Array<Digest>, };

/** What was found at the visit and is not in its record. It counts once another officer has signed it, and goes on a
 * notice of its own. */
export type Supplement = { /** The visit. */ inspection: InspectionId, /** The seal of the record that is supplemented. */ seal: Digest, /** Answers, ascending by item. */ answers: Array<Answer>, /** Hazards that no record or earlier supplement holds, ascending by id. */ hazards: Array<Hazard>, /** Every photo of the hazards. */ manifest: Array<Digest>, /** Version of the checklist catalogue that was used. */ catalogue: string, /** Digests of the last changes of the draft that it was made of, ascending. */ draft: Array<Digest>, };

/** A term that a supervisor sets once officers may set none any more. */
export type TermOrdered = { /** The notice. */ notice: NoticeId, /** The hazard. */ hazard: HazardId, /** The failed recheck that it follows. */ recheck: Digest, /** The term, counted from this statement. */ term: Term, /** Why another term and no other step. */ reason: string, };
