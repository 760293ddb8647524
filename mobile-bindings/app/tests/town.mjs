// The real server with the seeded zone and the built app, for one test.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = new URL('../../../', import.meta.url).pathname;
export const dist = new URL('../dist/', import.meta.url).pathname;

function program() {
  const metadata = spawnSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { cwd: root, maxBuffer: 1 << 26 });
  return join(JSON.parse(metadata.stdout).target_directory, 'debug', 'zhicha');
}

/** `app`: the folder of the built app, the one beside this file unless given. */
export async function town({ app = dist } = {}) {
  const zhicha = program();
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-app-'));
  const data = join(folder, 'data');
  const passwords = join(folder, 'passwords');
  const seeded = spawnSync(zhicha, ['seed', '--data', data, '--fixtures', join(root, 'fixtures'), '--passwords', passwords]);
  if (seeded.status !== 0) throw new Error(`seed: ${seeded.stderr}`);
  const accounts = readFileSync(passwords, 'utf8').trim().split('\n').map((line) => {
    const [username, password, title] = line.split('\t');
    return { username, password, title };
  });
  const people = JSON.parse(readFileSync(join(root, 'fixtures/towns/zaozhuang.json'), 'utf8'));
  let server;
  let address;
  async function start(listen = '127.0.0.1:0') {
    server = spawn(zhicha, ['serve', '--data', data, '--listen', listen, '--app', app], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const line of createInterface({ input: server.stderr })) {
      const found = line.match(/http:\/\/([^/\s]+)/);
      if (found) {
        address = found[1];
        server.stderr.resume();
        return;
      }
    }
    throw new Error('the server did not start');
  }
  await start();
  const ended = () => new Promise((done) => server.once('exit', done));
  return {
    get address() { return `http://${address}`; },
    people,
    account(role, department, n = 0) {
      const mine = people.people.filter((it) => it.role === role && (!department || it.department === department));
      const username = mine[n].username;
      return { ...accounts.find((it) => it.username === username), person: mine[n] };
    },
    enterprise(sector) {
      const place = people.enterprises.find((it) => it.sectors.includes(sector));
      const person = people.people.find((it) => it.enterprise === place.id);
      return { place, ...accounts.find((it) => it.username === person.username), person };
    },
    /** Fills the zone with cases; `leader` led all of them. */
    fill(open, settled) {
      const zone = join(root, 'fixtures/towns/zaozhuang.json');
      const filled = spawnSync(`${zhicha}-archive`, [`http://${address}`, zone, passwords, `${open}`, `${settled}`]);
      if (filled.status !== 0) throw new Error(`fill: ${filled.stderr}`);
    },
    leader: { username: 'bench9001', password: '一个足够长的测试口令' },
    async kill() {
      const end = ended();
      server.kill('SIGKILL');
      await end;
    },
    again: () => start(address),
    /** One letter of a text changes wherever the server stored it, as a failing disk does. */
    async damage(text) {
      const end = ended();
      server.kill('SIGTERM');
      await end;
      const letters = Buffer.from(text);
      let found = 0;
      for (const name of readdirSync(data).filter((it) => /\.db/.test(it))) {
        const bytes = readFileSync(join(data, name));
        for (let at = bytes.indexOf(letters); at >= 0; at = bytes.indexOf(letters, at + 1), found += 1) bytes[at + letters.length - 1] ^= 1;
        writeFileSync(join(data, name), bytes);
      }
      if (!found) throw new Error('the text is not stored');
      await start(address);
    },
    async close() {
      if (server.exitCode === null && server.signalCode === null) {
        const end = ended();
        server.kill('SIGTERM');
        await end;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function signIn(page, account) {
  await page.getByLabel('用户名').fill(account.username);
  await page.getByLabel('密码').fill(account.password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}
