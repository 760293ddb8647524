// The worker that holds the core. Files of the origin can be written at once only here.
import init, { Core, type Pool, type Requests, freshKey, judge, mount } from './core.js';
import { type Lost, type Repair, folderOf, removeSetAside } from './files.js';
import { dropKeys, forgetKey, noteEnrolled, storeKey, storedKey } from './keys.js';
import type { NumberedRequest, WorkerRequest, WorkerMessage } from './messages.js';
import { type RefusalBody, browserProblem } from './refusal.js';
import { isFull } from './room.js';
import { send } from './requests.js';
import type { Call, Changed } from './types.js';

interface Scope {
  postMessage(message: WorkerMessage, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<NumberedRequest>) => void) | null;
}

const scope = self as unknown as Scope;

/** How often and how long the files of a page that just closed are waited for. */
const HANDLE_MS = 50;
const HANDLE_ROUNDS = 60;
/** How long a page that is just being loaded anew may take to let go. */
const LET_GO_MS = 1_000;
/** How often a page is told of what a synchronisation brings: each time it may ask for everything it shows. */
const POST_MS = 1_000;

let core: Core | null = null;
let pool: Pool | null = null;
let place = { name: '', server: '' };
/** A key that is stored when the device is enrolled with it. */
let newKey: Uint8Array | null = null;
let release: (() => void) | null = null;
let running: Run | null = null;

interface Run {
  waiters: Set<number>;
  stop: AbortController;
  done: Promise<string>;
}

/** A refusal on its way to the page. */
class Refused {
  constructor(readonly body: RefusalBody) {}
}

const ready = init();

scope.onmessage = ({ data: { n, request } }) => {
  respond(n, request).then(
    (message) => scope.postMessage(message, 'bytes' in message && message.bytes ? [message.bytes.buffer] : []),
    async (error) => scope.postMessage({ n, refused: await refusalBody(error) }),
  );
};

async function respond(n: number, request: WorkerRequest): Promise<WorkerMessage> {
  await ready;
  switch (request.kind) {
    case 'judge':
      return { n, json: judge(request.tables, request.questions) };
    case 'open':
      return { n, json: await open(request) };
    case 'ask': {
      const json = device().ask(request.call);
      postChanges();
      return { n, json };
    }
    case 'capture': {
      const { stream, meta, bytes } = request;
      const picture = bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes;
      const hash = device().capture(stream, meta, picture);
      postChanges();
      return { n, json: JSON.stringify(hash) };
    }
    case 'photo':
      return { n, bytes: device().photo(request.hash) ?? null };
    case 'sign_in':
      return converse(n, device().beginSignIn(request.username, request.password), 'person');
    case 'enrol':
      return enrol(n, request.label);
    case 'office':
      return { n, json: await asked(device().beginAsk(request.path, request.body ?? undefined)) };
    case 'fetch':
      await asked(device().beginFetch(request.hash));
      postChanges();
      return { n, bytes: device().photo(request.hash) ?? null };
    case 'sync':
      return { n, json: await sync(n) };
    case 'stop':
      stop(request.sync);
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
const unposted = new Set<Changed>();

function gatherChanges(): void {
  const changes = core?.changes();
  if (changes) for (const part of JSON.parse(changes) as Changed[]) unposted.add(part);
}

function postChanges(): void {
  gatherChanges();
  if (unposted.size === 0) return;
  scope.postMessage({ changed: [...unposted] });
  unposted.clear();
}

/** What a browser gives only over https and outside of private windows. */
function requireStorage(): void {
  const missing = (['storage', 'locks'] as const).filter((name) => !(name in navigator));
  if (!isSecureContext) missing.push('storage');
  if (missing.length) throw new Refused(browserProblem('storage_unavailable', missing.join(' ')));
}

/** Opens what the browser kept; gives what it did not keep. */
async function open(request: { name: string; server: string; wait: boolean; repair: Repair | null }): Promise<string> {
  requireStorage();
  if (!(await held(`zhicha:${request.name}`, request.wait))) {
    throw new Refused(browserProblem('device_in_use'));
  }
  place = request;
  if (request.repair === 'new_key') await dropKeys();
  const stored = await storedKey(request.name).catch((error) => {
    throw new Refused({ code: 'key_unavailable', title: '设备密钥不可用。', action: '请重新登记设备', detail: String(error) });
  });
  pool = await mounted(await folderOf(request.name, request.repair));
  let opened = Core.open(stored?.key ?? (newKey = freshKey()));
  const enrolled = opened.ask(JSON.stringify('id' satisfies Call)) !== 'null';
  // Nothing more can be signed in the name of a store that survived its key.
  if (!stored && enrolled) opened.loseKey();
  const records = Boolean(stored?.enrolled) && !enrolled && !opened.isKeyLost();
  if (records) {
    // The server knows this key already as that of another device.
    opened.free();
    opened = Core.open((newKey = freshKey()));
  }
  core = opened;
  return JSON.stringify({ key: opened.isKeyLost(), records } satisfies Lost);
}

/** Enrols the device. Its key is on disk before the server knows it. */
async function enrol(n: number, label: string): Promise<WorkerMessage> {
  if (newKey) await storeKey(place.name, newKey);
  const message = await converse(n, device().beginEnrol(label), 'id');
  newKey = null;
  await noteEnrolled(place.name);
  return message;
}

/** Takes the lock of a name and keeps it until the device is closed or the page is gone. */
function held(name: string, wait: boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const keep = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock ? new Promise<void>((let_go) => (release = let_go)) : undefined;
    };
    const late = wait ? {} : { signal: AbortSignal.timeout(LET_GO_MS) };
    navigator.locks.request(name, late, keep).catch((error) => {
      if (error instanceof DOMException && error.name === 'TimeoutError') resolve(false);
      else reject(error);
    });
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

async function converse(n: number, requests: Requests, then: 'person' | 'id'): Promise<WorkerMessage> {
  try {
    await send(device(), requests, place.server, null, () => {});
  } finally {
    requests.free();
  }
  postChanges();
  return { n, json: device().ask(JSON.stringify(then satisfies Call)) };
}

/** Asks the server for what this device does not hold. */
async function asked(requests: Requests): Promise<string> {
  try {
    await send(device(), requests, place.server, null, () => {});
    return requests.report();
  } finally {
    requests.free();
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
  const requests = device().beginSync();
  let posted = -POST_MS;
  const onRequest = () => {
    const steps = requests.progress();
    for (const progress of steps) for (const n of run.waiters) scope.postMessage({ n, progress });
    gatherChanges();
    if (unposted.size === 0 || performance.now() - posted < POST_MS) return;
    postChanges();
    posted = performance.now();
  };
  try {
    await send(device(), requests, place.server, run.stop.signal, onRequest);
    return requests.report();
  } finally {
    requests.free();
    postChanges();
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
  await removeSetAside(place.name);
  await forgetKey(place.name);
}

async function refusalBody(error: unknown): Promise<RefusalBody> {
  if (error instanceof Refused) return error.body;
  if (typeof error !== 'string') return browserProblem('app_error', String(error));
  const problem = JSON.parse(error) as RefusalBody;
  return problem.code === 'device_store' && (await isFull()) ? full(problem) : problem;
}

const full = (problem: RefusalBody): RefusalBody => ({
  ...problem,
  code: 'device_full',
  title: '手机存储空间不足。',
  action: '请清理空间，未上传的记录不会删除',
});
