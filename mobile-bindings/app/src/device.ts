// The one device of this page: opened once, asked by every screen, synchronised whenever there is a chance.
import { Refusal, openDevice, type Device, type Person, type Progress, type Words } from '@zhicha/device';
import { showConfirmDialog, showDialog } from 'vant';
import { nextTick, reactive, shallowRef, watch, type Ref } from 'vue';

export interface Known {
  /** What the page waits for, or what stands in its way. */
  stage: 'opening' | 'in_use' | 'broken' | 'signed_out' | 'ready';
  broken: string;
  person: Person | null;
  /** Grows with everything that was written or received. */
  version: number;
  syncing: boolean;
  progress: Progress | null;
  /** How many records came in the synchronisation that runs. */
  received: number;
  online: boolean;
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
  syncing: false,
  progress: null,
  received: 0,
  online: navigator.onLine,
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
    device = await openDevice({ wait, onState: changed });
    words = await device.words();
    const person = await device.person();
    const enrolled = await device.id();
    known.person = person;
    known.stage = person && enrolled ? 'ready' : 'signed_out';
    // The first screen asks first.
    await nextTick();
    void ahead();
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

function changed(): void {
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
    known.online = report.exchanges > 0 && report.waiting?.code !== 'network_lost';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    known.online = error.code !== 'network_lost' && known.online;
  } finally {
    known.syncing = false;
    known.progress = null;
    known.received = 0;
    await refresh();
    void ahead();
  }
}

/** Rounds while somebody looks; a write is sent at once. */
const ROUND_MS = 20_000;

export function keepInTouch(): void {
  const look = () => document.visibilityState === 'visible' && void sync();
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

/** What screens showed last, by what they showed, and of which version it is: coming back, a thumb finds it at once. */
const shownLast = new Map<string, { value: unknown; version: number }>();

async function loaded<T>(name: string, load: (device: Device) => Promise<T>): Promise<T> {
  const { version } = known;
  const value = await load(theDevice());
  shownLast.set(name, { value, version });
  return value;
}

/** An inspector's longest list, before the first tap on it. */
async function ahead(): Promise<void> {
  if (known.person?.role === 'inspector' && !shownLast.has('openNotices')) await loaded('openNotices', (device) => device.openNotices());
}

/** What a screen shows: as it was shown last, then loaded after everything that changed. */
export function useKnown<T>(name: string, load: (device: Device) => Promise<T>, empty: T): Ref<T> {
  const last = shownLast.get(name) as { value: T; version: number } | undefined;
  const value = shallowRef(last ? last.value : empty) as Ref<T>;
  let loading = false;
  let stale = false;
  const reload = async () => {
    stale = true;
    if (loading) return;
    loading = true;
    try {
      while (stale) {
        stale = false;
        value.value = await loaded(name, load);
      }
    } finally {
      loading = false;
    }
  };
  watch(() => known.version, reload);
  if (last?.version !== known.version) void reload();
  return value;
}
