// A real server with the seeded zone, and people with browsers.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '../../..');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

function program() {
  if (process.env.ZHICHA) return process.env.ZHICHA;
  const options = { cwd: root, maxBuffer: 1 << 26 };
  const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], options);
  return join(JSON.parse(metadata).target_directory, 'debug/zhicha');
}

/** Starts everything; give it to `close` afterwards. */
export async function raise() {
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-web-'));
  const [data, site, passwords] = ['data', 'site', 'passwords'].map((name) => join(folder, name));
  cpSync(join(here, 'page'), site, { recursive: true });
  cpSync(join(here, '../dist'), join(site, 'device'), { recursive: true });
  const zhicha = program();
  execFileSync(zhicha, ['seed', '--data', data, '--fixtures', join(root, 'fixtures'), '--passwords', passwords]);
  const server = spawn(zhicha, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--app', site], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((resolve, reject) => {
    const lines = createInterface(server.stderr);
    lines.on('line', (line) => /http:\/\/[\d.:]+/.test(line) && resolve(line.match(/http:\/\/[\d.:]+/)[0]));
    server.once('exit', () => reject(new Error('the server did not start')));
  });
  const accounts = readFileSync(passwords, 'utf8').trim().split('\n').map((line) => {
    const [username, password, title] = line.split('\t');
    return { username, password, title };
  });
  const stage = { folder, address, accounts, browser: await launch(), server };
  return stage;
}

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A browser whose every context forgets. */
const launch = () => chromium.launch({ executablePath, args: FLAGS });

/** Browsers that run and keep what pages store. */
const killers = new Set();

/** A browser that keeps what pages store in a folder, and that can be killed. */
export async function launchStored(folder) {
  const flags = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${folder}`, ...FLAGS];
  const child = spawn(executablePath, flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const address = await new Promise((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = line.match(/DevTools listening on (ws:\S+)/);
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error('the browser did not start')));
  });
  const browser = await chromium.connectOverCDP(address);
  const kill = async () => {
    killers.delete(kill);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  killers.add(kill);
  return { context: browser.contexts()[0], kill };
}

export async function close(stage) {
  for (const kill of killers) await kill();
  await stage.browser.close();
  const ended = new Promise((resolve) => stage.server.once('exit', resolve));
  stage.server.kill();
  await ended;
  rmSync(stage.folder, { recursive: true, force: true });
}

/** A page with the package loaded. */
export async function visit(stage, context) {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page:', error.message));
  await page.goto(`${stage.address}/app/`);
  await page.waitForFunction(() => globalThis.loaded === true);
  return page;
}

/** A person with a browser of their own, signed in, enrolled and synchronised. */
export async function person(stage, username) {
  const context = await stage.browser.newContext();
  const page = await visit(stage, context);
  await page.evaluate(() => globalThis.open());
  const device = deviceOf(page);
  const { password } = stage.accounts.find((account) => account.username === username);
  const who = await device.signIn(username, password);
  await device.enrol('浏览器');
  await device.sync();
  return { who, context, page, device };
}

/** The device of a page: each method runs there; a refusal is thrown here with its fields. */
export function deviceOf(page) {
  const call = (method) => async (...args) => {
    const run = ([name, all]) => globalThis.outcome(() => globalThis.device[name](...all));
    const { value, refused } = await page.evaluate(run, [method, args]);
    if (refused) throw Object.assign(new Error(`${refused.code}: ${refused.sentence} ${refused.detail ?? ''}`), refused);
    return value;
  };
  return new Proxy({}, { get: (_, method) => (method === 'then' ? undefined : call(method)) });
}

/** Takes a picture on a page and captures it. */
export async function shoot(page, stream, meta, seed, size = [320, 240]) {
  const run = async ([to, what, n, [width, height]]) =>
    globalThis.outcome(async () => globalThis.device.capture(to, what, await globalThis.picture(n, width, height)));
  const { value, refused } = await page.evaluate(run, [stream, { fix: null, ...meta }, seed, size]);
  if (refused) throw Object.assign(new Error(refused.code), refused);
  return value;
}

/** Synchronises until something shows; each round is a real exchange. */
export async function until(someone, what, shows) {
  for (let round = 0; round < 400; round += 1) {
    await someone.device.sync();
    const shown = await shows(someone.device);
    if (shown) return shown;
  }
  throw new Error(`not seen: ${what}`);
}

/** Synchronises until nothing of one's own waits. */
export function deliver(someone) {
  return until(someone, 'an empty outbox', async (device) => {
    const { records, files } = await device.outbox();
    return [...records, ...files].every(({ state }) => state !== 'only_here');
  });
}

const town = JSON.parse(readFileSync(join(root, 'fixtures/towns/zaozhuang.json'), 'utf8'));

/** An enterprise with a battery store. */
export const place = town.enterprises.find((it) => it.sectors.includes('LB'));

/** Account names of the department that inspects, or of a place. */
export function staff(role) {
  return town.people.filter((it) => it.role === role && it.department === 'yingji').map((it) => it.username);
}

/** The account that answers for a place. */
export const responsible = town.people.find((it) => it.enterprise === place.id).username;

/** A supervisor plans a visit of the place for a team, and for officers without a page here; gives its id. */
export async function plan(supervisor, team, others = []) {
  const inspection = crypto.randomUUID();
  const today = new Date((await supervisor.device.now()) + 8 * 3_600_000).toISOString().slice(0, 10);
  const body = { inspection, enterprise: place.id, department: 'yingji', team: [...team.map((it) => it.who.id), ...others],
    kind: 'unannounced', sectors: place.sectors, from: today, to: today, approval: '枣高应急检批〔2026〕18号', recheck_of: null };
  await supervisor.device.plan(body);
  await deliver(supervisor);
  for (const officer of team) {
    await until(officer, 'the task', async (device) =>
      (await device.tasks()).some((it) => it.plan.inspection === inspection));
  }
  return inspection;
}
