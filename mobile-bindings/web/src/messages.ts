// What page and worker say to each other.
import type { Said } from './refusal.js';
import type { Changed } from './types.js';

export type Order =
  | { kind: 'open'; name: string; server: string; wait: boolean }
  | { kind: 'ask'; call: string }
  | { kind: 'capture'; stream: string; meta: string; bytes: Uint8Array | Blob }
  | { kind: 'photo'; hash: string }
  | { kind: 'fetch'; hash: string }
  | { kind: 'sign_in'; username: string; password: string }
  | { kind: 'enrol'; label: string }
  | { kind: 'office'; path: string; body: string | null }
  | { kind: 'sync' }
  | { kind: 'stop'; sync: number }
  | { kind: 'erase' }
  | { kind: 'close' }
  | { kind: 'judge'; tables: string; questions: string };

/** An order under its number. */
export type Numbered = { n: number; order: Order };

/** Answers carry JSON text of the core as it is; the page reads it once. */
export type Word =
  | { n: number; json: string }
  | { n: number; bytes: Uint8Array | null }
  | { n: number; refused: Said }
  | { n: number; progress: string }
  | { changed: Changed[] };
