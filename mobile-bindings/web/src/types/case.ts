// Written from the types of the core by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { CivilDate, Digest } from './core.js';
import type { Clause, DayUnit, Purpose, Term } from './domain.js';

/** A way to state it. */
export type Choice = { /** What the button says. */ title: string, /** How the button looks. */ tone: Tone, /** Fields of the body that follow from it. */ sets: { [key in string]: Value }, /** Inputs that it wants and that must be filled in. */ needs: Array<string>, /** Inputs that it takes as they are. */ takes: Array<string>, /** What stands for inputs that it takes and that are empty. */ fills: { [key in string]: string }, };

/** What can be filled in. */
export type Form = { "form": "text", "of": { /** Most characters. */ max: number, /** Whether it usually has several lines. */ long: boolean, /** What is filled in already. */ value: string, } } | { "form": "term", "of": { /** What is filled in already. */ value: Term, /** Most days. */ max: number, /** Which days count. */ unit: DayUnit, } } | { "form": "photos", "of": { /** What they are for. */ purpose: Purpose, /** Most photos. */ max: number, } } | { "form": "choice", "of": { /** Stable name and title of each. */ options: Array<[string, string]>, } } | { "form": "several", "of": { /** Stable name and title of each. */ options: Array<[string, string]>, } } | { "form": "date", "of": { /** What is proposed, for the reason that the hint says; none where the day is a claim of whoever states it. */ value: CivilDate | null, /** The earliest that is taken; none without a bound. */ from: CivilDate | null, /** The latest that is taken; none without a bound. */ to: CivilDate | null, } } | { "form": "clause", "of": { /** From which it is chosen. */ clauses: Array<Clause>, } } | { "form": "drawing" } | { "form": "look", "of": { /** The photos. */ photos: Array<Digest>, } };

/** One thing to fill in. */
export type Input = { /** The field of the body. */ name: string, /** What stands before it. */ label: string, /** What is said inside of it while it is empty. */ hint: string, /** What is filled in, with bounds. */ form: Form, };

/** One thing that a person may state now. */
export type Offer = { /** Stable name of the step, such as `recheck`. */ step: string, /** The kind of statement, as its JSON form names it. */ kind: string, /** What a button says. */ title: string, /** Whether others wait until this person has decided. */ decision: boolean, /** Fields of the body that are fixed. */ given: { [key in string]: Value }, /** What has to be known to decide, in words. */ background: Array<string>, /** What is filled in. */ inputs: Array<Input>, /** The ways to state it: one button each. */ choices: Array<Choice>, };

/** What a person reads and sees of a statement. */
export type Telling = { /** What happened, in a few words. */ title: string, /** What was written. */ words: Array<string>, /** Photos that belong to it. */ photos: Array<Digest>, };

/** How a button looks. */
export type Tone = "primary" | "plain" | "danger";

/** The value of a field. */
export type Value = boolean | string | Array<string>;
