// The lines of the README bring a newcomer from nothing to a recorded hazard: exactly those lines run here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { close, person, plan, raise, staff, visit } from './stage.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [, lines] = readFileSync(join(here, '../README.md'), 'utf8').match(/```ts\n([\s\S]*?)```/);

let stage;
before(async () => (stage = await raise()));
after(() => close(stage));

test('the lines are fewer than forty and fit the types', () => {
  assert.ok(lines.trim().split('\n').length < 40);
  const folder = join(stage.folder, 'typed');
  mkdirSync(folder);
  writeFileSync(join(folder, 'lines.ts'), lines);
  const options = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', strict: true, noEmit: true,
    skipLibCheck: true, lib: ['ES2023', 'DOM'], types: [], paths: { '@zhicha/device': [join(here, '../dist/index.d.ts')] } };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['lines.ts'] }));
  execFileSync(process.execPath, [join(here, '../node_modules/typescript/bin/tsc'), '-p', folder], { stdio: 'inherit' });
});

test('the lines record a hazard with its photo at the server', { timeout: 120_000 }, async () => {
  const [supervisor, second] = await Promise.all(
    [staff('supervisor')[0], staff('inspector')[1]].map((name) => person(stage, name)),
  );
  const { password } = stage.accounts.find(({ username }) => username === 'xulang');
  const colleague = (await supervisor.device.catalogue()).colleagues.find(({ name }) => name === '徐朗');
  const inspection = await plan(supervisor, [second], [colleague.id]);
  // Types go, and the package's name becomes its address, as a bundler does it.
  const script = ts.transpileModule(lines, { compilerOptions: { target: 'ES2022', module: 'ESNext' } }).outputText
    .replace('@zhicha/device', './device/index.js');
  writeFileSync(join(stage.folder, 'site/lines.js'), `${script}\nglobalThis.device = device;\nglobalThis.done = true;\n`);
  const context = await stage.browser.newContext();
  const page = await visit(stage, context);
  const jpeg = await page.evaluate(async () => [...new Uint8Array(await (await globalThis.picture(7)).arrayBuffer())]);
  await context.route('**/photo.jpg', (route) => route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(jpeg) }));
  page.on('dialog', (dialog) => dialog.accept(password));
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.evaluate(() => import('/app/lines.js'));
  assert.deepEqual(complaints, []);
  const { draft, outbox } = await page.evaluate(async (id) => ({
    draft: (await globalThis.device.inspection(id)).draft,
    outbox: await globalThis.device.outbox(),
  }), inspection);
  const [hazard] = Object.values(draft.hazards);
  assert.equal(Object.keys(hazard.photos).length, 1);
  assert.ok(outbox.files.every(({ state }) => state === 'at_server'));
});
