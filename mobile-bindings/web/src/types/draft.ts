// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { Digest, HazardId, ItemCode, PersonId, Reason } from './core.js';
import type { BindingField, Clause, Grade, ParallelSubject, Purpose, Term, Verdict } from './domain.js';

/** A check item in the draft. */
export type AnswerView = { /** The result. */ verdict: Field<Verdict> | null, /** The note. */ note: Field<string> | null, };

/** Everything in a draft. */
export type DraftView = { /** Answers by item. */ answers: { [key in ItemCode]: AnswerView }, /** Hazards by id, withdrawn ones included. */ hazards: { [key in HazardId]: HazardView }, };

/** One thing that an officer does to a draft. */
export type Edit = { "answer": { /** The item. */ item: ItemCode, /** The result. */ verdict: Verdict, /** A note, may be empty. */ note: string, } } | { "add_hazard": { /** Its id, fresh. */ hazard: HazardId, /** What is known of it. */ draft: HazardDraft, } } | { "set_hazard": { /** The hazard. */ hazard: HazardId, /** The field. */ field: HazardField, } } | { "attach_photo": { /** The hazard. */ hazard: HazardId, /** The photo. */ blob: Digest, /** As found, or after fixing on the spot. */ purpose: Purpose, } } | { "withdraw": { /** The hazard. */ hazard: HazardId, /** Why. */ reason: string, } } | { "resolve": { /** What the values are about. */ subject: ParallelSubject, /** Which field. */ field: BindingField, /** The chosen value as the draft holds it. */ value: string, } };

/** A field with all values that officers gave it without seeing each other, the shown one first. */
export type Field<T> = { /** The values with who wrote each, where known. Never empty. */ values: Array<[T, PersonId | null]>, };

/** A hazard as it is first written down. */
export type HazardDraft = { /** The check item that failed. */ item: ItemCode | null, /** What is wrong. */ description: string, /** Where. */ place: string, /** The duty that was broken. */ basis: Clause, /** Grade. */ grade: Grade, /** The criterion of a major grade. */ criterion: Clause | null, /** What is asked of the enterprise. */ measure: MeasureDraft, /** Who found it. */ found_by: PersonId, };

/** One field of a hazard with its new value. */
export type HazardField = { "field": "description", "value": string } | { "field": "place", "value": string } | { "field": "basis", "value": Clause } | { "field": "grade", "value": Grade } | { "field": "criterion", "value": Clause | null } | { "field": "measure", "value": MeasureDraft };

/** A hazard in the draft. */
export type HazardView = { /** The check item that failed. */ item: Field<ItemCode | null> | null, /** What is wrong. */ description: Field<string> | null, /** Where. */ place: Field<string> | null, /** The duty that was broken. */ basis: Field<Clause> | null, /** Grade. */ grade: Field<Grade> | null, /** The criterion of a major grade. */ criterion: Field<Clause | null> | null, /** What is asked of the enterprise. */ measure: Field<MeasureDraft> | null, /** Who found it. */ found_by: Field<PersonId> | null, /** Why it was taken back, if it was. */ withdrawn: string | null, /** Photos with their purpose. */ photos: { [key in Digest]: Purpose }, };

/** One thing that a draft lacks, with the refusal that sealing gives for it. */
export type Lack = { /** What it is about. */ subject: ParallelSubject, /** Why sealing is refused, with the field. */ refusal: Reason, };

/** What is asked of the enterprise, before the photos of the fixed state are named. */
export type MeasureDraft = { "measure": "rectify", "term": Term } | { "measure": "fixed_on_spot" };
