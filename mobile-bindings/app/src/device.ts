// The one device of this page: opened once, asked by every screen, synchronised whenever there is a chance.
import { Refusal, exportFiles, foldersOf, openDevice, type Changed, type Code, type Device, type Lost, type Person, type Progress, type Repair, type Words } from '@zhicha/device';
import { showConfirmDialog, showDialog } from 'vant';
import { reactive } from 'vue';
import { allKept } from './kept';
import { settingsLost } from './settings';
import { asksForUpdate, lookForNewer, update } from './version';

export interface Known {
  /** What the page waits for, or what stands in its way. */
  stage: 'opening' | 'in_use' | 'broken' | 'signed_out' | 'ready';
  broken: Refusal | null;
  /** What the browser did not keep, as it was found at the start. */
  lost: Lost & { settings: boolean };
  /** How many older stores were set aside. */
  setAside: number;
  /** Photos that were never sent and are not here any more. */
  lostPhotos: number;
  /** Records of others that are damaged. */
  damaged: number;
  person: Person | null;
  /** Grows with everything that was written or received. */
  version: number;
  /** Grows with each new catalogue. */
  catalogues: number;
  syncing: boolean;
  progress: Progress | null;
  /** How many records came in the synchronisation that runs. */
  received: number;
  online: boolean;
  /** Why the last synchronisation stopped before everything was done, as the core names it. */
  stopped: Code | null;
  signInNeeded: boolean;
  waiting: number;
  refused: number;
  /** Items of colleagues that this phone carries to the server. */
  carried: number;
  /** Own hazards that are in no record of their visit. */
  outside: number;
  lastContact: number | null;
  /** How far the wall clock is from the server's, in milliseconds. */
  clockOff: number;
  persisted: boolean;
  available: number | null;
}

export const known: Known = reactive({
  stage: 'opening',
  broken: null,
  lost: { key: false, records: false, settings: false },
  setAside: 0,
  lostPhotos: 0,
  damaged: 0,
  person: null,
  version: 0,
  catalogues: 0,
  syncing: false,
  progress: null,
  received: 0,
  online: navigator.onLine,
  stopped: null,
  signInNeeded: false,
  waiting: 0,
  refused: 0,
  carried: 0,
  outside: 0,
  lastContact: null,
  clockOff: 0,
  persisted: true,
  available: null,
});

let device: Device | null = null;
let words: Words | null = null;

export function theDevice(): Device {
  if (!device) throw new Error('the device is not open yet');
  return device;
}

/** The field's Chinese terms, as the core has them. */
export function terms(): Words {
  if (!words) throw new Error('the device is not open yet');
  return words;
}

/** Where the number of what waits is noted: it says what was lost with the records. */
const WAITING = 'waiting';

/** How much was not sent when this was known last; null if nobody knows. */
export function lastWaiting(): number | null {
  const noted = localStorage.getItem(WAITING);
  return noted === null ? null : Number(noted);
}

/** Opens the device; with `wait` it takes over when the other page is closed, with `repair` whatever the browser did to it. */
export async function start({ wait = false, repair }: { wait?: boolean; repair?: Repair } = {}): Promise<void> {
  known.stage = 'opening';
  try {
    device = await openDevice({ wait, onChange: changed, ...(repair ? { repair } : {}) });
    words = await device.words();
    const person = await device.person();
    const enrolled = Boolean(person && ((await device.id()) || device.lost.key));
    const enters = enrolled || Boolean(person && localStorage.getItem(NO_DEVICE));
    known.lost = { ...device.lost, settings: enrolled && settingsLost };
    known.setAside = (await foldersOf('zhicha')).length - 1;
    known.person = person;
    known.stage = enters ? 'ready' : 'signed_out';
    await refresh();
    void keepStorage();
    if (known.stage === 'ready') void sync();
  } catch (error) {
    const refusal = error instanceof Refusal ? error : null;
    known.stage = refusal?.code === 'device_in_use' ? 'in_use' : 'broken';
    known.broken = refusal ?? Refusal.browser('app_error', String(error));
  }
}

/** Noted for a person whose role signs nothing, such as an administrator: the page works without a device of the person's. */
const NO_DEVICE = 'no-device';

/** Enrols this browser, if the server takes devices of this person. */
async function enrol(it: Device): Promise<void> {
  localStorage.removeItem(NO_DEVICE);
  try {
    await it.enrol(navigator.userAgent.includes('Mobile') ? '手机' : '电脑');
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'role_not_allowed')) throw error;
    note(NO_DEVICE, 'true');
  }
}

/** Signs in and enrols. `set` says that the password was a code for a forgotten one: a new one is set first. */
export async function signIn(username: string, password: string): Promise<'in' | 'out' | 'set'> {
  const it = theDevice();
  let refused: unknown;
  const person = await it.signIn(username, password).catch((error: unknown) => ((refused = error), null));
  if (refused instanceof Refusal && refused.code === 'password_change_needed') return 'set';
  const done = await act(async () => {
    if (!person) throw refused;
    known.person = person;
    if (!(await it.id())) await enrol(it);
    known.signInNeeded = false;
    known.lost.key = known.lost.records = false;
    known.stage = 'ready';
    await sync();
  });
  return done ? 'in' : 'out';
}

/** Sets a new password for oneself; everybody else who is signed in under the old one is signed out. */
export function setPassword(fresh: string, old: string | null): Promise<boolean> {
  return act(async () => {
    await theDevice().office('/api/v1/password', old === null ? { new: fresh } : { old, new: fresh });
  });
}

let refreshing = false;
let again = false;

function changed(parts: Changed[]): void {
  if (parts.includes('catalogue')) known.catalogues += 1;
  known.version += 1;
  void refresh();
}

async function refresh(): Promise<void> {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    do {
      again = false;
      const standing = await theDevice().standing();
      known.waiting = standing.waiting;
      known.lostPhotos = standing.lost;
      known.damaged = standing.damaged;
      // A store that is new says nothing of the one before it.
      if (known.stage === 'ready') note(WAITING, String(standing.waiting));
      known.outside = standing.outside;
      known.refused = standing.refused;
      known.carried = standing.carried;
      known.lastContact = standing.last_contact;
      known.clockOff = Math.abs(Date.now() - (await theDevice().now()));
    } while (again);
  } finally {
    refreshing = false;
  }
}

/** Notes something small; without room for it nothing else fails. */
export function note(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Only what is said of it is lost.
  }
}

/** Everything that this browser holds, as a file for the administrator. */
export const everythingHere = (): Promise<Blob> => exportFiles('zhicha', { 'typed.json': JSON.stringify(allKept()) });

/** Name of a state, with or without its refusal. */
export function stateOf(state: unknown): string {
  return typeof state === 'string' ? state : (Object.keys(state as object)[0] ?? '');
}

async function keepStorage(): Promise<void> {
  known.persisted = await theDevice().persist();
  known.available = (await theDevice().storage()).available;
}

/** Synchronises; whoever calls while it runs waits for the same run. */
export async function sync(): Promise<void> {
  if (known.stage !== 'ready' || known.syncing || known.lost.key) return;
  known.syncing = true;
  try {
    const report = await theDevice().sync((step) => {
      known.progress = step;
      if (step.kind === 'exchanged') known.received += step.items;
    });
    known.signInNeeded = report.sign_in_needed;
    known.stopped = report.waiting?.code ?? null;
    known.online = report.exchanges > 0 && known.stopped !== 'network_lost';
    void askForNumbers();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    known.online = error.code !== 'network_lost' && known.online;
  } finally {
    known.syncing = false;
    known.progress = null;
    known.received = 0;
    await refresh();
  }
}

/** Whoever once took numbers for issuing without signal is given more before they run out. */
async function askForNumbers(): Promise<void> {
  const numbers = await theDevice().numbers();
  if (numbers?.low && !numbers.asked) await theDevice().requestNumbers();
}

/** Rounds while somebody looks; a write is sent at once. */
const ROUND_MS = 20_000;

export function keepInTouch(): void {
  let day = new Date().toDateString();
  const look = () => {
    if (document.visibilityState !== 'visible') return;
    // A new day brings other terms, also where no network brings anything.
    const today = new Date().toDateString();
    if (day !== today) changed(['tasks', 'notices']);
    day = today;
    void sync();
    void lookForNewer();
  };
  window.addEventListener('online', look);
  document.addEventListener('visibilitychange', look);
  window.setInterval(look, ROUND_MS);
}

/** Does what a person asked for; a refusal is shown with what can be done about it. */
export async function act(work: () => Promise<void>, then?: () => void): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const more = error.action ? `${error.sentence}\n${error.action}` : error.sentence;
    if (!asksForUpdate(error)) await showDialog({ title: '没有完成', message: more, confirmButtonText: '知道了' });
    else if (await agreed(more, '更新', '知道了')) await update();
    return false;
  }
  then?.();
  void sync();
  return true;
}

/** Asks before what cannot be taken back. */
export async function agreed(message: string, yes: string, no = '返回'): Promise<boolean> {
  return showConfirmDialog({ message, confirmButtonText: yes, cancelButtonText: no }).then(() => true, () => false);
}
