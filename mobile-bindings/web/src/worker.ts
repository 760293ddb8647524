// The worker that holds the core. Files of the origin can be written at once only here.
import init, { Core, type Pool, type Talk, freshKey, judge, mount } from './core.js';
import { forgetKey, keepKey, keptKey } from './keys.js';
import type { Numbered, Order, Word } from './messages.js';
import { type Said, browserProblem } from './refusal.js';
import { isFull } from './room.js';
import { carry } from './talk.js';
import type { Changed } from './types.js';

interface Scope {
  postMessage(word: Word, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<Numbered>) => void) | null;
}

const scope = self as unknown as Scope;

/** How often and how long the files of a page that just closed are waited for. */
const HANDLE_MS = 50;
const HANDLE_ROUNDS = 60;
/** How often a page is told of what a synchronisation brings: each time it may ask for everything it shows. */
const TELL_MS = 1_000;

let core: Core | null = null;
let pool: Pool | null = null;
let place = { name: '', server: '' };
let release: (() => void) | null = null;
let running: Run | null = null;

interface Run {
  waiters: Set<number>;
  stop: AbortController;
  done: Promise<string>;
}

/** A refusal on its way to the page. */
class Refused {
  constructor(readonly said: Said) {}
}

const ready = init();

scope.onmessage = ({ data: { n, order } }) => {
  obey(n, order).then(
    (word) => scope.postMessage(word, 'bytes' in word && word.bytes ? [word.bytes.buffer] : []),
    async (error) => scope.postMessage({ n, refused: await said(error) }),
  );
};

async function obey(n: number, order: Order): Promise<Word> {
  await ready;
  switch (order.kind) {
    case 'judge':
      return { n, json: judge(order.tables, order.questions) };
    case 'open':
      return { n, json: await open(order) };
    case 'ask': {
      const json = device().ask(order.call);
      tellChanges();
      return { n, json };
    }
    case 'capture': {
      const { stream, meta, bytes } = order;
      const picture = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
      const hash = device().capture(stream, meta, picture);
      tellChanges();
      return { n, json: JSON.stringify(hash) };
    }
    case 'photo':
      return { n, bytes: device().photo(order.hash) ?? null };
    case 'sign_in':
      return errand(n, device().beginSignIn(order.username, order.password), 'person');
    case 'enrol':
      return errand(n, device().beginEnrol(order.label), 'id');
    case 'office':
      return { n, json: await asked(device().beginAsk(order.path, order.body ?? undefined)) };
    case 'fetch':
      await asked(device().beginFetch(order.hash));
      tellChanges();
      return { n, bytes: device().photo(order.hash) ?? null };
    case 'sync':
      return { n, json: await sync(n) };
    case 'stop':
      stop(order.sync);
      return { n, json: 'null' };
    case 'erase':
      await erase();
      return { n, json: 'null' };
    case 'close':
      close();
      return { n, json: 'null' };
  }
}

function device(): Core {
  if (!core) throw new Refused(browserProblem('device_closed'));
  return core;
}

/** What changed and was not told yet. */
const untold = new Set<Changed>();

function gatherChanges(): void {
  const changes = core?.changes();
  if (changes) for (const part of JSON.parse(changes) as Changed[]) untold.add(part);
}

function tellChanges(): void {
  gatherChanges();
  if (untold.size === 0) return;
  scope.postMessage({ changed: [...untold] });
  untold.clear();
}

/** What a browser gives only over https and outside of private windows. */
function requireStorage(): void {
  const missing = (['storage', 'locks'] as const).filter((name) => !(name in navigator));
  if (!isSecureContext) missing.push('storage');
  if (missing.length) throw new Refused(browserProblem('storage_unavailable', missing.join(' ')));
}

async function open(order: { name: string; server: string; wait: boolean }): Promise<string> {
  requireStorage();
  if (!(await held(`zhicha:${order.name}`, order.wait))) {
    throw new Refused(browserProblem('device_in_use'));
  }
  place = order;
  pool = await mounted(folder(order.name));
  const kept = await keptKey(order.name);
  const key = kept ?? freshKey();
  const opened = Core.open(key);
  const enrolled = opened.ask('{"call":"id"}') !== 'null';
  if (!kept && enrolled) {
    // The store survived its key: nothing more can be signed in this device's name.
    opened.free();
    throw new Refused({ code: 'key_unavailable', title: '设备密钥不可用。', action: '请重新登记设备' });
  }
  if (!kept) await keepKey(order.name, key);
  core = opened;
  return 'null';
}

const folder = (name: string) => `zhicha-${name}`;

/** Takes the lock of a name and keeps it until the device is closed or the page is gone. */
function held(name: string, wait: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const keep = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock ? new Promise<void>((let_go) => (release = let_go)) : undefined;
    };
    navigator.locks.request(name, { ifAvailable: !wait }, keep).catch(reject);
  });
}

/** Takes the files; those of a page that was closed this moment are free a little later. */
async function mounted(folder: string): Promise<Pool> {
  for (let round = 1; ; round += 1) {
    try {
      return await mount(folder);
    } catch (error) {
      // The name that browsers give to files which another page holds; whatever else is said of handles
      // is of a browser that has none.
      const busy = /NoModificationAllowedError/.test(String(error));
      if (!busy || round === HANDLE_ROUNDS) {
        throw new Refused(browserProblem(busy ? 'device_in_use' : 'storage_unavailable', String(error)));
      }
      await new Promise((later) => setTimeout(later, HANDLE_MS));
    }
  }
}

async function errand(n: number, talk: Talk, then: 'person' | 'id'): Promise<Word> {
  try {
    await carry(device(), talk, place.server, null, () => {});
  } finally {
    talk.free();
  }
  tellChanges();
  return { n, json: device().ask(JSON.stringify({ call: then })) };
}

/** Asks the server for what this device does not hold. */
async function asked(talk: Talk): Promise<string> {
  try {
    await carry(device(), talk, place.server, null, () => {});
    return talk.report();
  } finally {
    talk.free();
  }
}

/** Whoever asks while a synchronisation runs waits for the same one. */
async function sync(n: number): Promise<string> {
  while (running?.stop.signal.aborted) await running.done.catch(() => {});
  if (!running) {
    const stop = new AbortController();
    const run: Run = { waiters: new Set(), stop, done: Promise.resolve('') };
    running = run;
    run.done = synchronised(run).finally(() => (running = null));
  }
  running.waiters.add(n);
  return running.done;
}

async function synchronised(run: Run): Promise<string> {
  await Promise.resolve();
  const talk = device().beginSync();
  let told = -TELL_MS;
  const onRequest = () => {
    const steps = talk.progress();
    for (const progress of steps) for (const n of run.waiters) scope.postMessage({ n, progress });
    gatherChanges();
    if (untold.size === 0 || performance.now() - told < TELL_MS) return;
    tellChanges();
    told = performance.now();
  };
  try {
    await carry(device(), talk, place.server, run.stop.signal, onRequest);
    return talk.report();
  } finally {
    talk.free();
    tellChanges();
  }
}

/** One who waited goes away; the run ends with the last of them. */
function stop(n: number): void {
  if (running?.waiters.delete(n) && running.waiters.size === 0) running.stop.abort();
}

function close(): void {
  running?.stop.abort();
  core?.free();
  core = null;
  release?.();
  release = null;
}

/** Removes everything of this name, provided that the server has it. */
async function erase(): Promise<void> {
  device().mayErase();
  // The store first: a key without a store signs nothing, a store without its key could not be opened.
  core?.free();
  core = null;
  await pool?.clear();
  pool = null;
  await forgetKey(place.name);
}

async function said(error: unknown): Promise<Said> {
  if (error instanceof Refused) return error.said;
  if (typeof error !== 'string') return browserProblem('app_error', String(error));
  const problem = JSON.parse(error) as Said;
  return problem.code === 'device_store' && (await isFull()) ? full(problem) : problem;
}

const full = (problem: Said): Said => ({
  ...problem,
  code: 'device_full',
  title: '手机存储空间不足。',
  action: '请清理空间，未上传的记录不会删除',
});
