// Zhicha in the browser: the whole product offline, as typed calls to a worker.
import type { Numbered, Order, Word } from './messages.js';
import { Refusal } from './refusal.js';
import type {
  Arrival,
  BindingField,
  Call,
  Catalogue,
  Changed,
  ClosureDecision,
  Conflict,
  Desk,
  DismissalProposed,
  Dismissed,
  Edit,
  Escalated,
  ExtensionDecision,
  ExtensionRequest,
  HazardDraft,
  HazardField,
  HistoryEntry,
  InspectionView,
  MajorDecision,
  NoticeRow,
  NoticeView,
  Outbox,
  Page,
  Parallel,
  ParallelSubject,
  Person,
  PhotoMeta,
  Plan,
  Progress,
  Purpose,
  Recheck,
  Reply,
  Service,
  SignOutcome,
  Standing,
  Statement,
  StreamAbout,
  StreamId,
  SyncReport,
  Task,
  Verdict,
  Words,
} from './types.js';

export * from './types.js';
export { Refusal, type BrowserCode } from './refusal.js';

/** How a device is opened. */
export interface OpenOptions {
  /** Name of the store; one device per name. `zhicha` unless given. */
  name?: string;
  /** Address of the server; the page's own unless given. */
  server?: string;
  /** Waits while another page holds the device, instead of being refused with `device_in_use`. */
  wait?: boolean;
  /** These parts changed, by what was written here or received; whoever shows them asks for them again. */
  onChange?: (parts: Changed[]) => void;
}

/** How much the browser keeps for this origin. */
export interface StorageState {
  /** Whether the browser promised not to evict it. */
  persisted: boolean;
  /** Bytes in use. */
  used: number;
  /** Bytes left, where the browser says it. */
  available: number | null;
}

/** Opens or makes the device of this browser. Whatever was saved before is there. */
export async function openDevice(options: OpenOptions = {}): Promise<Device> {
  const { name = 'zhicha', server = location.origin, wait = false, onChange } = options;
  const line = new Line(onChange);
  try {
    await line.json({ kind: 'open', name, server, wait });
  } catch (error) {
    line.end();
    throw error;
  }
  return new Device(line);
}

/** A name for a visit that is planned here. */
export function newInspectionId(): string {
  return crypto.randomUUID();
}

/** A name for a hazard that is found here. Two officers before the same hazard use one name. */
export function newHazardId(): string {
  return crypto.randomUUID();
}

let judges: Line | null = null;

/** What the rules say of rows of the shared vectors, in their order. Needs no device. */
export async function judge(tables: unknown, questions: unknown[]): Promise<unknown[]> {
  judges ??= new Line();
  return judges.json({ kind: 'judge', tables: JSON.stringify(tables), questions: JSON.stringify(questions) });
}

/** The line to a worker: orders out, answers in. */
class Line {
  private readonly worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private ended: Refusal | null = null;

  constructor(onChange?: (parts: Changed[]) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<Word>) => {
      if ('changed' in data) return onChange?.(data.changed);
      const waiting = this.waiting.get(data.n);
      if (!waiting) return;
      if ('progress' in data) return waiting.progress?.(JSON.parse(data.progress) as Progress);
      this.waiting.delete(data.n);
      if ('refused' in data) waiting.reject(Refusal.of(data.refused));
      else waiting.resolve('json' in data ? JSON.parse(data.json) : data.bytes);
    };
    this.worker.onerror = (event) => this.end(Refusal.browser('app_error', event.message));
  }

  json<T>(order: Order, progress?: (step: Progress) => void, signal?: AbortSignal): Promise<T> {
    if (this.ended) return Promise.reject(this.ended);
    const n = (this.last += 1);
    return new Promise<T>((resolve, reject) => {
      const accept = (value: unknown) => resolve(value as T);
      this.waiting.set(n, { resolve: accept, reject, ...(progress ? { progress } : {}) });
      this.worker.postMessage({ n, order } satisfies Numbered);
      signal?.addEventListener('abort', () => {
        if (!this.waiting.delete(n)) return;
        void this.json({ kind: 'stop', sync: n }).catch(() => {});
        reject(signal.reason);
      });
    });
  }

  get isEnded(): boolean {
    return this.ended !== null;
  }

  end(why = Refusal.browser('device_closed')): void {
    this.ended = why;
    this.worker.terminate();
    for (const waiting of this.waiting.values()) waiting.reject(why);
    this.waiting.clear();
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(why: unknown): void;
  progress?(step: Progress): void;
}

/** One person's device. Every method is refused with a {@link Refusal}. */
export class Device {
  /** @internal */
  constructor(private readonly line: Line) {}

  /** Saves an edit. When this returns it is on disk. */
  private edit(id: string, edit: Edit): Promise<void> {
    return this.ask({ call: 'edit', id, edit });
  }

  /** States something, such as what an offer of a notice offers. When this returns the fact is signed and on disk;
   * gives its id. */
  state(statement: Statement): Promise<string> {
    return this.ask({ call: 'state', statement });
  }

  private ask<T>(call: Call): Promise<T> {
    return this.line.json<T>({ kind: 'ask', call: JSON.stringify(call) });
  }

  /** Signs a person in, over the network. */
  signIn(username: string, password: string): Promise<Person> {
    return this.line.json({ kind: 'sign_in', username, password });
  }

  /** Enrols this device with proof that it holds its key, over the network. Gives its id. */
  enrol(label: string): Promise<string> {
    return this.line.json({ kind: 'enrol', label });
  }

  /** Who is signed in; works offline. */
  person(): Promise<Person | null> {
    return this.ask({ call: 'person' });
  }

  /** Under which name the device is enrolled. */
  id(): Promise<string | null> {
    return this.ask({ call: 'id' });
  }

  /** The time as well as it is known, in milliseconds. */
  now(): Promise<number> {
    return this.ask({ call: 'now' });
  }

  /** Checklists, laws, departments, calendars, enterprises. */
  catalogue(): Promise<Catalogue> {
    return this.ask({ call: 'catalogue' });
  }

  /** The same as it was when a visit was begun here, for as long as its draft is open. */
  catalogueOf(id: string): Promise<Catalogue> {
    return this.ask({ call: 'catalogue_of', id });
  }

  /** The field's Chinese terms by stable name, sentences of refusals included. */
  words(): Promise<Words> {
    return this.ask({ call: 'words' });
  }

  /** The visits of this person. */
  tasks(): Promise<Task[]> {
    return this.ask({ call: 'tasks' });
  }

  /** The visits of this person that are not settled. */
  openTasks(): Promise<Task[]> {
    return this.ask({ call: 'open_tasks' });
  }

  /** One visit, edits of the last second included; null if nothing is known of it here. */
  inspection(id: string): Promise<InspectionView | null> {
    return this.ask({ call: 'inspection', id });
  }

  /** Plans a visit. */
  plan(body: Plan): Promise<string> {
    return this.state({ kind: 'planned', body });
  }

  /** 入企登记. */
  arrive(body: Arrival): Promise<string> {
    return this.state({ kind: 'arrived', body });
  }

  /** Answers a check item. */
  answer(inspection: string, item: string, verdict: Verdict, note: string): Promise<void> {
    return this.edit(inspection, { kind: 'answer', item, verdict, note });
  }

  /** Writes down a hazard. */
  addHazard(inspection: string, hazard: string, draft: HazardDraft): Promise<void> {
    return this.edit(inspection, { kind: 'add_hazard', hazard, draft });
  }

  /** Changes a field of a hazard. */
  setHazard(inspection: string, hazard: string, field: HazardField): Promise<void> {
    return this.edit(inspection, { kind: 'set_hazard', hazard, field });
  }

  /** Adds a captured photo to a hazard. */
  attachPhoto(inspection: string, hazard: string, photo: string, purpose: Purpose): Promise<void> {
    return this.edit(inspection, { kind: 'attach_photo', hazard, blob: photo, purpose });
  }

  /** Takes a hazard back; it stays readable with the reason. */
  withdraw(inspection: string, hazard: string, reason: string): Promise<void> {
    return this.edit(inspection, { kind: 'withdraw', hazard, reason });
  }

  /** Differing values that wait for a decision. */
  parallels(id: string): Promise<Parallel[]> {
    return this.ask({ call: 'parallels', id });
  }

  /** The records under way in which officers differ. */
  conflicts(): Promise<Conflict[]> {
    return this.ask({ call: 'conflicts' });
  }

  /** Decides between differing values; gives the fact. */
  decide(
    id: string,
    subject: ParallelSubject,
    field: BindingField,
    chosen: string,
    reason: string,
  ): Promise<string> {
    return this.ask({ call: 'decide', id, subject, field, chosen, reason });
  }

  /** Seals a record; gives the fact. */
  seal(id: string): Promise<string> {
    return this.ask({ call: 'seal', id });
  }

  /** The notices of this person. */
  notices(): Promise<NoticeView[]> {
    return this.ask({ call: 'notices' });
  }

  /** A page of the notices with something left to do: first those with which this person may do something, then
   * by the nearest deadline. */
  openNotices(skip: number, take: number): Promise<Page<NoticeRow>> {
    return this.ask({ call: 'open_notices', skip, take });
  }

  /** A page of the other notices, the newest first; once `openNotices` has looked at them. */
  settledNotices(skip: number, take: number): Promise<NoticeRow[]> {
    return this.ask({ call: 'settled_notices', skip, take });
  }

  /** The first of what waits for this person's decision and of what is overdue. */
  desk(waiting: number, overdue: number): Promise<Desk> {
    return this.ask({ call: 'desk', waiting, overdue });
  }

  /** Whose premises streams are about, and under which number. */
  about(streams: StreamId[]): Promise<StreamAbout[]> {
    return this.ask({ call: 'about', streams });
  }

  /** One notice with its hazards as they stand at an instant, now unless one is given; null if it is not known here. */
  notice(id: string, at: number | null = null): Promise<NoticeView | null> {
    return this.ask({ call: 'notice', id, at });
  }

  /** Everything that was stated in a stream, in the order in which it counts. */
  history(stream: StreamId): Promise<HistoryEntry[]> {
    return this.ask({ call: 'history', stream });
  }

  /** The second officer signs the sealed record. */
  cosign(inspection: string, seal: string): Promise<string> {
    return this.state({ kind: 'cosigned', body: { inspection, seal } });
  }

  /** The enterprise's person signs the sealed record, or refuses to. */
  partySign(inspection: string, seal: string, outcome: SignOutcome): Promise<string> {
    return this.state({ kind: 'party_signed', body: { inspection, seal, outcome } });
  }

  /** 送达: from here on the terms run. */
  serve(body: Service): Promise<string> {
    return this.state({ kind: 'notice_served', body });
  }

  /** A supervisor decides whether a hazard that its officers graded major is major. */
  decideMajor(body: MajorDecision): Promise<string> {
    return this.state({ kind: 'major_decided', body });
  }

  /** 整改报告 for one hazard. */
  reply(body: Reply): Promise<string> {
    return this.state({ kind: 'replied', body });
  }

  /** The enterprise asks for more time. */
  requestExtension(body: ExtensionRequest): Promise<string> {
    return this.state({ kind: 'extension_requested', body });
  }

  /** A supervisor decides on more time. */
  decideExtension(body: ExtensionDecision): Promise<string> {
    return this.state({ kind: 'extension_decided', body });
  }

  /** 复查意见 for one hazard. */
  recheck(body: Recheck): Promise<string> {
    return this.state({ kind: 'rechecked', body });
  }

  /** 销号 or its return, for one hazard. */
  closeHazard(body: ClosureDecision): Promise<string> {
    return this.state({ kind: 'closure_decided', body });
  }

  /** More pressure on an open hazard. */
  escalate(body: Escalated): Promise<string> {
    return this.state({ kind: 'escalated', body });
  }

  /** An officer proposes that a hazard should not have been recorded. */
  proposeDismissal(body: DismissalProposed): Promise<string> {
    return this.state({ kind: 'dismissal_proposed', body });
  }

  /** A supervisor confirms it. */
  dismiss(body: Dismissed): Promise<string> {
    return this.state({ kind: 'dismissed', body });
  }

  /** Keeps a photo, unchanged; gives its name. */
  capture(stream: StreamId, meta: PhotoMeta, bytes: Uint8Array | Blob): Promise<string> {
    const texts = { stream: JSON.stringify(stream), meta: JSON.stringify(meta) };
    return this.line.json({ kind: 'capture', ...texts, bytes });
  }

  /** A photo that is on this device: the original, or else the small picture. */
  photo(hash: string): Promise<Blob | null> {
    return this.line.json<Bytes | null>({ kind: 'photo', hash }).then(picture);
  }

  /** Fetches the small picture of a photo that is not on this device, such as one of an old case, and keeps it;
   * needs the network. */
  fetchPhoto(hash: string): Promise<Blob | null> {
    return this.line.json<Bytes | null>({ kind: 'fetch', hash }).then(picture);
  }

  /** Where each record and each file is. */
  outbox(): Promise<Outbox> {
    return this.ask({ call: 'outbox' });
  }

  /** How many own items are where, without the items. */
  standing(): Promise<Standing> {
    return this.ask({ call: 'standing' });
  }

  /** Whether the server holds every photo of a sealed record. */
  isDelivered(inspection: string): Promise<boolean> {
    return this.ask({ call: 'is_delivered', inspection });
  }

  /** Synchronises until nothing is left or the network is lost. Who calls meanwhile waits for the same run.
   * An aborted one rejects at once with the signal's reason, as `fetch` does. */
  sync(onProgress?: (step: Progress) => void, signal?: AbortSignal): Promise<SyncReport> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return this.line.json({ kind: 'sync' }, onProgress, signal);
  }

  /** Asks the server for what no device holds, such as the lists of the office; needs the network. With a body
   * it is a `POST`. */
  office<T>(path: string, body?: unknown): Promise<T> {
    return this.line.json({ kind: 'office', path, body: body === undefined ? null : JSON.stringify(body) });
  }

  /** How much room there is, and whether the browser may take it back. */
  async storage(): Promise<StorageState> {
    const [persisted, estimate] = await Promise.all([
      navigator.storage.persisted(),
      navigator.storage.estimate(),
    ]);
    const { usage: used = 0, quota } = estimate;
    return { persisted, used, available: quota === undefined ? null : Math.max(0, quota - used) };
  }

  /** Asks the browser not to evict what is stored. */
  persist(): Promise<boolean> {
    return navigator.storage.persist();
  }

  /** Signs out and removes everything of this person from the browser; refused while something is unsent. */
  async signOut(): Promise<void> {
    await this.line.json({ kind: 'erase' });
    this.line.end();
  }

  /** Closes the device; another page can open it at once. Closing again does nothing. */
  async close(): Promise<void> {
    if (this.line.isEnded) return;
    await this.line.json({ kind: 'close' });
    this.line.end();
  }
}

type Bytes = Uint8Array<ArrayBuffer>;

const picture = (bytes: Bytes | null): Blob | null => bytes && new Blob([bytes], { type: typeOf(bytes) });

/** Kind of a picture by its first bytes. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) return 'image/png';
  return bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';
}
