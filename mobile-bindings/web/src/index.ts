// Zhicha in the browser: the whole product offline, as typed calls to a worker.
import { Acts } from './acts.js';
import { WorkerClient } from './client.js';
import type { Lost, Repair } from './files.js';
import { Refusal } from './refusal.js';
import type {
  BindingField,
  Call,
  Catalogue,
  Changed,
  Clause,
  ClauseReading,
  Conflict,
  Edit,
  HazardDraft,
  HazardField,
  HistoryEntry,
  InspectionView,
  NoticeRow,
  NoticeView,
  LeasedNumbers,
  NumbersView,
  Outbox,
  Page,
  PaperKind,
  PaperPage,
  PaperRow,
  Parallel,
  ParallelSubject,
  Person,
  PhotoMeta,
  Progress,
  Purpose,
  SignOutcome,
  Standing,
  TakenFrame,
  Statement,
  StreamAbout,
  StreamId,
  SyncReport,
  Task,
  Verdict,
  Without,
  Words,
  Worklist,
} from './types.js';

export * from './types.js';
export { exportFiles, foldersOf, type Lost, type Repair } from './files.js';
export { Refusal, type BrowserCode } from './refusal.js';

/** How a device is opened. */
export interface OpenOptions {
  /** Name of the store; one device per name. `zhicha` unless given. */
  name?: string;
  /** Address of the server; the page's own unless given. */
  server?: string;
  /** Waits while another page holds the device, instead of being refused with `device_in_use`. */
  wait?: boolean;
  /** What to do about a store or a key store that cannot be opened. Nothing is erased by it. */
  repair?: Repair;
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
  const { name = 'zhicha', server = location.origin, wait = false, repair = null, onChange } = options;
  const client = new WorkerClient(onChange);
  try {
    return new Device(client, await client.json<Lost>({ kind: 'open', name, server, wait, repair }));
  } catch (error) {
    client.end();
    throw error;
  }
}

/** A name for a visit that is planned here. */
export function newInspectionId(): string {
  return crypto.randomUUID();
}

/** A name for a hazard that is found here. Two officers before the same hazard use one name. */
export function newHazardId(): string {
  return crypto.randomUUID();
}

let rulesWorker: WorkerClient | null = null;

/** What the rules say of rows of the shared vectors, in their order. Needs no device. */
export async function judge(tables: unknown, questions: unknown[]): Promise<unknown[]> {
  rulesWorker ??= new WorkerClient();
  return rulesWorker.json({ kind: 'judge', tables: JSON.stringify(tables), questions: JSON.stringify(questions) });
}

/** One person's device. Every method is refused with a {@link Refusal}. */
export class Device extends Acts {
  /** @internal */
  constructor(
    private readonly client: WorkerClient,
    /** What the browser did not keep, as it was found when the device was opened. */
    readonly lost: Lost,
  ) {
    super();
  }

  /** Saves an edit. When this returns it is on disk. */
  private edit(id: string, edit: Edit): Promise<void> {
    return this.ask({ edit: { id, edit } });
  }

  /** States something, such as what an offer of a notice offers. When this returns the fact is signed and on disk;
   * gives its id. */
  override state(statement: Statement): Promise<string> {
    return this.ask({ state: { statement } });
  }

  private ask<T>(call: Call): Promise<T> {
    return this.client.json<T>({ kind: 'ask', call: JSON.stringify(call, wellFormed) });
  }

  /** Signs a person in, over the network. */
  signIn(username: string, password: string): Promise<Person> {
    return this.client.json({ kind: 'sign_in', username, password });
  }

  /** Enrols this device with proof that it holds its key, over the network. Gives its id. */
  enrol(label: string): Promise<string> {
    return this.client.json({ kind: 'enrol', label });
  }

  /** Who is signed in; works offline. */
  person(): Promise<Person | null> {
    return this.ask('person');
  }

  /** Under which name the device is enrolled. */
  id(): Promise<string | null> {
    return this.ask('id');
  }

  /** The time as well as it is known, in milliseconds. */
  now(): Promise<number> {
    return this.ask('now');
  }

  /** Checklists, laws, departments, calendars, enterprises. */
  catalogue(): Promise<Catalogue> {
    return this.ask('catalogue');
  }

  /** The same as it was when a visit was begun here, for as long as its draft is open. */
  catalogueOf(id: string): Promise<Catalogue> {
    return this.ask({ catalogue_of: { id } });
  }

  /** How a clause reads on the day of a visit: title, edition, gist, text where it was imported. */
  clauseOf(id: string, clause: Clause): Promise<ClauseReading | null> {
    return this.ask({ clause_of: { id, clause } });
  }

  /** The criteria from which a major grade is chosen for a sector on the day of a visit. */
  criteriaOf(id: string, sector: string): Promise<ClauseReading[]> {
    return this.ask({ criteria_of: { id, sector } });
  }

  /** The clauses that impose duties on the day of a visit, from which the basis of a hazard is chosen. */
  dutiesOf(id: string): Promise<ClauseReading[]> {
    return this.ask({ duties_of: { id } });
  }

  /** The field's Chinese terms by stable name, sentences of refusals included. */
  words(): Promise<Words> {
    return this.ask('words');
  }

  /** The visits of this person. */
  tasks(): Promise<Task[]> {
    return this.ask('tasks');
  }

  /** The visits of this person that are not settled. */
  openTasks(): Promise<Task[]> {
    return this.ask('open_tasks');
  }

  /** One visit, edits of the last second included; null if nothing is known of it here. */
  inspection(id: string): Promise<InspectionView | null> {
    return this.ask({ inspection: { id } });
  }

  /** Answers a check item. */
  answer(inspection: string, item: string, verdict: Verdict, note: string): Promise<void> {
    return this.edit(inspection, { answer: { item, verdict, note } });
  }

  /** Writes down a hazard. */
  addHazard(inspection: string, hazard: string, draft: HazardDraft): Promise<void> {
    return this.edit(inspection, { add_hazard: { hazard, draft } });
  }

  /** Changes a field of a hazard. */
  setHazard(inspection: string, hazard: string, field: HazardField): Promise<void> {
    return this.edit(inspection, { set_hazard: { hazard, field } });
  }

  /** Adds a captured photo to a hazard. */
  attachPhoto(inspection: string, hazard: string, photo: string, purpose: Purpose): Promise<void> {
    return this.edit(inspection, { attach_photo: { hazard, blob: photo, purpose } });
  }

  /** Takes a hazard back; it stays readable with the reason. */
  withdraw(inspection: string, hazard: string, reason: string): Promise<void> {
    return this.edit(inspection, { withdraw: { hazard, reason } });
  }

  /** Differing values that wait for a decision. */
  parallels(id: string): Promise<Parallel[]> {
    return this.ask({ parallels: { id } });
  }

  /** The records under way in which officers differ. */
  conflicts(): Promise<Conflict[]> {
    return this.ask('conflicts');
  }

  /** Decides between differing values; gives the fact. */
  decide(
    id: string,
    subject: ParallelSubject,
    field: BindingField,
    chosen: string,
    reason: string,
  ): Promise<string> {
    return this.ask({ decide: { id, subject, field, chosen, reason } });
  }

  /** States that the own part of a record is done; gives the fact. */
  finishPart(id: string): Promise<string> {
    return this.ask({ finish_part: { id } });
  }

  /** Seals a record with the parts of the team that are here, and a reason for each one that is not; gives the fact. */
  seal(id: string, without: Without[]): Promise<string> {
    return this.ask({ seal: { id, without } });
  }

  /** Adds to a sealed record what this person recorded and it does not hold; gives the fact that another officer signs. */
  supplement(id: string): Promise<string> {
    return this.ask({ supplement: { id } });
  }

  /** Issues the notice of a signed record, or of a signed supplement, here and now with a number of this device. It stands
   * from this moment; gives its id. */
  issueOnSite(id: string): Promise<string> {
    return this.ask({ issue_on_site: { id } });
  }

  /** The numbers with which this device issues without signal, for this year; null for somebody who issues no notices. */
  numbers(): Promise<NumbersView | null> {
    return this.ask('numbers');
  }

  /** The blocks of numbers that devices of this person's department were leased, the newest first. */
  leasedNumbers(): Promise<LeasedNumbers[]> {
    return this.ask('leased_numbers');
  }

  /** Asks for more of these numbers where few are left and nothing was asked yet. */
  async requestNumbers(): Promise<void> {
    await this.ask('request_numbers');
  }

  /** The notices of this person. */
  notices(): Promise<NoticeView[]> {
    return this.ask('notices');
  }

  /** A page of the notices with something left to do: first those with which this person may do something, then
   * by the nearest deadline. */
  openNotices(skip: number, take: number): Promise<Page<NoticeRow>> {
    return this.ask({ open_notices: { skip, take } });
  }

  /** A page of the other notices, the newest first; once `openNotices` has looked at them. */
  settledNotices(skip: number, take: number): Promise<NoticeRow[]> {
    return this.ask({ settled_notices: { skip, take } });
  }

  /** The first of what waits for this person's decision and of what is overdue. */
  worklist(waiting: number, overdue: number): Promise<Worklist> {
    return this.ask({ worklist: { waiting, overdue } });
  }

  /** Whose premises streams are about, and under which number. */
  about(streams: StreamId[]): Promise<StreamAbout[]> {
    return this.ask({ about: { streams } });
  }

  /** One notice with its hazards as they stand at an instant, now unless one is given; null if it is not known here. */
  notice(id: string, at: number | null = null): Promise<NoticeView | null> {
    return this.ask({ notice: { id, at } });
  }

  /** Everything that was stated in a stream, in the order in which it counts. */
  history(stream: StreamId): Promise<HistoryEntry[]> {
    return this.ask({ history: { stream } });
  }

  /** The papers of a stream's case that this person may have. */
  papers(stream: StreamId): Promise<PaperRow[]> {
    return this.ask({ papers: { stream } });
  }

  /**
   * One paper as a page that needs nothing else, for A4 or, when `narrow`, for a roll of 80 mm. `server` is the address at which everybody
   * reaches the server: with it the page has a code by which it is checked.
   */
  paper(stream: StreamId, kind: PaperKind, fact: string, narrow: boolean, server: string | null = null): Promise<PaperPage> {
    return this.ask({ paper: { stream, kind, fact, narrow, server } });
  }

  /**
   * A supervisor says what is wrong in an issued paper, as the list of papers gives it, and how it reads rightly. The server issues a new
   * edition that names the one that it replaces.
   */
  correctPaper(stream: StreamId, row: PaperRow, correction: string, reason: string): Promise<string> {
    const body = { stream, paper: row.kind, fact: row.fact, replaces: row.digest, correction, reason };
    return this.state({ kind: 'paper_corrected', body });
  }

  /** An edition of a paper word for word, from its canonical bytes as the server gives them. */
  paperAsIssued(stream: StreamId, fact: string, canonical: Uint8Array, narrow: boolean, server: string | null = null): Promise<PaperPage> {
    return this.ask({ paper_as_issued: { stream, fact, canonical: [...canonical], narrow, server } });
  }

  /** The second officer signs the sealed record, or a supplement of it. */
  cosign(inspection: string, seal: string): Promise<string> {
    return this.state({ kind: 'cosigned', body: { inspection, seal } });
  }

  /** The enterprise's person signs the sealed record, or refuses to. */
  partySign(inspection: string, seal: string, outcome: SignOutcome): Promise<string> {
    return this.state({ kind: 'party_signed', body: { inspection, seal, outcome } });
  }

  /** Keeps a photo, unchanged; gives its name. */
  capture(stream: StreamId, meta: PhotoMeta, bytes: Uint8Array | Blob): Promise<string> {
    const texts = { stream: JSON.stringify(stream), meta: JSON.stringify(meta) };
    return this.client.json({ kind: 'capture', ...texts, bytes });
  }

  /** A photo that is on this device: the original, or else the small picture. */
  photo(hash: string): Promise<Blob | null> {
    return this.client.json<Bytes | null>({ kind: 'photo', hash }).then(picture);
  }

  /** Fetches the small picture of a photo that is not on this device, such as one of an old case, and keeps it;
   * needs the network. */
  fetchPhoto(hash: string): Promise<Blob | null> {
    return this.client.json<Bytes | null>({ kind: 'fetch', hash }).then(picture);
  }

  /** Where each record and each file is. */
  outbox(): Promise<Outbox> {
    return this.ask('outbox');
  }

  /** How many own items are where, without the items. */
  standing(): Promise<Standing> {
    return this.ask('standing');
  }

  /** What this phone knows of a visit and a colleague's may not, as frames for a QR code that runs, or for the lines of a file. */
  handOver(inspection: string): Promise<string[]> {
    return this.ask({ hand_over: { id: inspection } });
  }

  /** Takes a frame that a colleague's phone shows. With the last one that was missing everything is taken over. */
  takeOver(frame: string): Promise<TakenFrame> {
    return this.ask({ take_over: { frame } });
  }

  /** Whether the server holds every photo of a sealed record. */
  isDelivered(inspection: string): Promise<boolean> {
    return this.ask({ is_delivered: { inspection } });
  }

  /** Synchronises until nothing is left or the network is lost. Who calls meanwhile waits for the same run.
   * An aborted one rejects at once with the signal's reason, as `fetch` does. */
  sync(onProgress?: (step: Progress) => void, signal?: AbortSignal): Promise<SyncReport> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return this.client.json({ kind: 'sync' }, onProgress, signal);
  }

  /** Asks the server for what no device holds, such as the lists of the office; needs the network. With a body
   * it is a `POST`. */
  office<T>(path: string, body?: unknown): Promise<T> {
    return this.client.json({ kind: 'office', path, body: body === undefined ? null : JSON.stringify(body, wellFormed) });
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
    await this.client.json({ kind: 'erase' });
    this.client.end();
  }

  /** Closes the device; another page can open it at once. Closing again does nothing. */
  async close(): Promise<void> {
    if (this.client.isEnded) return;
    await this.client.json({ kind: 'close' });
    this.client.end();
  }
}

/** Half of a letter, as some keyboards and tables give it, is no text. */
const wellFormed = (_: string, value: unknown): unknown => (typeof value === 'string' ? (value.toWellFormed?.() ?? value) : value);

type Bytes = Uint8Array<ArrayBuffer>;

const picture = (bytes: Bytes | null): Blob | null => bytes && new Blob([bytes], { type: typeOf(bytes) });

/** Kind of a picture by its first bytes. */
function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) return 'image/png';
  return bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';
}
