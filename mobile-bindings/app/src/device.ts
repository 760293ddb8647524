// The one device of this page: opened once, asked by every screen, synchronised whenever there is a chance.
import { Refusal, openDevice, type Changed, type Code, type Device, type Person, type Progress, type Words } from '@zhicha/device';
import { showConfirmDialog, showDialog } from 'vant';
import { reactive } from 'vue';

export interface Known {
  /** What the page waits for, or what stands in its way. */
  stage: 'opening' | 'in_use' | 'broken' | 'signed_out' | 'ready';
  broken: string;
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
  lastContact: number | null;
  /** How far the wall clock is from the server's, in milliseconds. */
  clockOff: number;
  persisted: boolean;
  available: number | null;
}

export const known: Known = reactive({
  stage: 'opening',
  broken: '',
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

/** Opens the device; with `wait` it takes over when the other page is closed. */
export async function start(wait = false): Promise<void> {
  known.stage = 'opening';
  try {
    device = await openDevice({ wait, onChange: changed });
    words = await device.words();
    const person = await device.person();
    const enrolled = await device.id();
    known.person = person;
    known.stage = person && enrolled ? 'ready' : 'signed_out';
    await refresh();
    void keepStorage();
    if (known.stage === 'ready') void sync();
  } catch (error) {
    const refusal = error instanceof Refusal ? error : null;
    known.stage = refusal?.code === 'device_in_use' ? 'in_use' : 'broken';
    known.broken = refusal?.sentence ?? '无法打开本机数据，请关闭后重新打开';
  }
}

export async function signIn(username: string, password: string): Promise<boolean> {
  return act(async () => {
    const it = theDevice();
    known.person = await it.signIn(username, password);
    if (!(await it.id())) await it.enrol(navigator.userAgent.includes('Mobile') ? '手机' : '电脑');
    known.signInNeeded = false;
    known.stage = 'ready';
    await sync();
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
      known.refused = standing.refused;
      known.lastContact = standing.last_contact;
      known.clockOff = Math.abs(Date.now() - (await theDevice().now()));
    } while (again);
  } finally {
    refreshing = false;
  }
}

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
  if (known.stage !== 'ready' || known.syncing) return;
  known.syncing = true;
  try {
    const report = await theDevice().sync((step) => {
      known.progress = step;
      if (step.kind === 'exchanged') known.received += step.items;
    });
    known.signInNeeded = report.sign_in_needed;
    known.stopped = report.waiting?.code ?? null;
    known.online = report.exchanges > 0 && known.stopped !== 'network_lost';
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
    await showDialog({ title: '没有完成', message: more, confirmButtonText: '知道了' });
    return false;
  }
  then?.();
  void sync();
  return true;
}

/** Asks before what cannot be taken back. */
export async function agreed(message: string, yes: string): Promise<boolean> {
  return showConfirmDialog({ message, confirmButtonText: yes, cancelButtonText: '返回' }).then(() => true, () => false);
}
