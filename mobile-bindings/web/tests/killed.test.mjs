// What was saved is there: after a reload, after the browser is killed, and after an upload that was broken off.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { close, deliver, deviceOf, launchStored, person, plan, raise, shoot, staff, visit } from './stage.mjs';

let stage;
let team;
let supervisor;
before(async () => {
  stage = await raise();
  [supervisor, ...team] = await Promise.all(
    [staff('supervisor')[0], ...staff('inspector').slice(0, 2)].map((name) => person(stage, name)),
  );
});
after(() => close(stage));

const photo = { purpose: 'found', hazard: crypto.randomUUID(), source: 'camera' };
const answer = ['LB-01', 'fail', '未设置'];

async function arrived({ device }, inspection) {
  await device.arrive({ inspection, certificate_shown: true, plate: null, fix: null });
}

test('a page that is loaded again goes on where it was', { timeout: 120_000 }, async () => {
  const [officer] = team;
  const id = await plan(supervisor, team);
  const stream = { stream: 'inspection', id };
  await arrived(officer, id);
  await officer.device.answer(id, ...answer);
  const hash = await shoot(officer.page, stream, photo, 1);
  const before = [await officer.device.inspection(id), await officer.device.outbox()];
  await officer.page.reload();
  await officer.page.waitForFunction(() => globalThis.loaded === true);
  await officer.page.evaluate(() => globalThis.open());
  assert.deepEqual([await officer.device.inspection(id), await officer.device.outbox()], before);
  const size = await officer.page.evaluate(async (hash) => (await globalThis.device.photo(hash)).size, hash);
  assert.equal(size, before[1].files[0].bytes);
  await deliver(officer);
});

/** A browser that can be killed, with the device of a profile. */
async function start(profile) {
  const { context, kill } = await launchStored(join(stage.folder, profile));
  const page = await visit(stage, context);
  await page.evaluate(() => globalThis.open());
  return { kill, page, device: deviceOf(page) };
}

/** The same, signed in and enrolled, with a visit to write. */
async function mortal(profile) {
  const phone = await start(profile);
  const [, , username] = staff('inspector');
  const { password } = stage.accounts.find((account) => account.username === username);
  phone.who = await phone.device.signIn(username, password);
  await phone.device.enrol('会被关掉的手机');
  const id = await plan(supervisor, [team[0], phone]);
  await arrived(phone, id);
  return { phone, id };
}

test('a browser that is killed loses nothing that was called saved', { timeout: 180_000 }, async () => {
  let { phone, id } = await mortal('profile');
  const saved = [];
  for (let round = 0; round < 3; round += 1) {
    const hash = await shoot(phone.page, { stream: 'inspection', id }, photo, 50 + round);
    const note = `第${round}次`;
    await phone.device.answer(id, 'LB-01', 'fail', note);
    saved.push(hash);
    // Somewhere in the middle of the next write.
    const cut = shoot(phone.page, { stream: 'inspection', id }, photo, 90 + round, [1600, 1200]).catch(() => {});
    await phone.kill();
    await cut;
    phone = await start('profile');
    const view = await phone.device.inspection(id);
    assert.equal(view.draft.answers['LB-01'].note.values[0][0], note);
    const { files } = await phone.device.outbox();
    for (const photo of saved) {
      const file = files.find((it) => it.hash === photo);
      const size = await phone.page.evaluate(async (hash) => (await globalThis.device.photo(hash)).size, photo);
      assert.equal(size, file.bytes);
    }
  }
  await deliver(phone);
  await phone.kill();
});

test('an upload of 40 photos tells items and bytes, can be broken off and goes on', { timeout: 240_000 }, async (t) => {
  const officer = team[1];
  const id = await plan(supervisor, team);
  const stream = { stream: 'inspection', id };
  await arrived(officer, id);
  for (let seed = 200; seed < 240; seed += 1) await shoot(officer.page, stream, photo, seed, [800, 600]);
  const mine = async () => (await officer.device.outbox()).files.filter((it) => it.state === 'only_here');
  const all = await mine();
  assert.equal(all.length, 40);
  const bytes = all.reduce((sum, it) => sum + it.bytes, 0);

  const broken = await officer.page.evaluate(async () => {
    const stop = new AbortController();
    let seen = 0;
    const step = (it) => it.kind === 'uploading' && (seen += 1) === 10 && stop.abort();
    return globalThis.device.sync(step, stop.signal).then(() => 'done', (error) => error.name);
  });
  assert.equal(broken, 'AbortError');
  const left = await mine();
  assert.ok(left.length > 0 && left.length <= 31, `${left.length} left`);
  const missing = left.reduce((sum, it) => sum + it.bytes - it.sent, 0);

  const steps = await officer.page.evaluate(async () => {
    const steps = [];
    // Two who ask at once share one run.
    await Promise.all([globalThis.device.sync((it) => steps.push(it)), globalThis.device.sync()]);
    return steps.filter((it) => it.kind === 'uploading');
  });
  const last = steps.at(-1);
  t.diagnostic(`${bytes} bytes, ${left.length} photos after the break`);
  assert.deepEqual([last.sent_files, last.total_files], [left.length, left.length]);
  assert.deepEqual([last.sent_bytes, last.total_bytes], [missing, missing]);
  assert.ok(steps.every((it, at) => at === 0 || it.sent_bytes >= steps[at - 1].sent_bytes));
  assert.deepEqual(await mine(), []);
});

test('a browser killed in the middle of an upload of 40 photos goes on where it was', { timeout: 240_000 }, async (t) => {
  const { phone, id } = await mortal('uploading');
  for (let seed = 300; seed < 340; seed += 1) await shoot(phone.page, { stream: 'inspection', id }, photo, seed, [800, 600]);
  // The network holds the thirteenth photo back, so that the end comes in the middle.
  // A slow line may take one in several pieces.
  const photos = new Set();
  const held = new Promise((resolve) => phone.page.context().route('**/sync/v1/blobs/**', (route) =>
    route.request().method() === 'PUT' && photos.add(new URL(route.request().url()).pathname).size > 12 ? resolve('held') : route.continue()));
  const upload = phone.page.evaluate(() => globalThis.device.sync()).then(() => 'done', () => 'killed');
  assert.equal(await Promise.race([held, upload]), 'held');
  await phone.kill();
  assert.equal(await upload, 'killed');
  const again = await start('uploading');
  const left = (await again.device.outbox()).files.filter((it) => it.state === 'only_here').length;
  t.diagnostic(`${left} photos left`);
  assert.equal(left, 28);
  const last = await again.page.evaluate(async () => {
    let last;
    await globalThis.device.sync((it) => it.kind === 'uploading' && (last = it));
    return last;
  });
  assert.deepEqual([last.sent_files, last.total_files], [left, left]);
  await deliver(again);
  await again.kill();
});
