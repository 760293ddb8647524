// Messages between the page and its worker.
import type { Repair } from './files.js';
import type { RefusalBody } from './refusal.js';
import type { Changed } from './types.js';

export type WorkerRequest =
  | { kind: 'open'; name: string; server: string; wait: boolean; repair: Repair | null }
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

/** A request with its number. */
export type NumberedRequest = { n: number; request: WorkerRequest };

/** Answers carry JSON text of the core as it is; the page reads it once. */
export type WorkerMessage =
  | { n: number; json: string }
  | { n: number; bytes: Uint8Array | null }
  | { n: number; refused: RefusalBody }
  | { n: number; progress: string }
  | { changed: Changed[] };
