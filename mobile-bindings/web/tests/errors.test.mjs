// What stands in the way arrives as a typed refusal: never a crash, never a string to take apart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, deviceOf, person, plan, raise, shoot, staff, visit } from './stage.mjs';

let stage;
before(async () => (stage = await raise()));
after(() => close(stage));

const refused = (code) => (error) => {
  assert.equal(error.code, code, error.message);
  assert.match(error.sentence, /[\u4e00-\u9fff]/u);
  return true;
};

test('what the rules refuse, and what is no name, no shape and no picture', { timeout: 120_000 }, async () => {
  const { device, page, who } = await person(stage, staff('inspector')[0]);
  const fresh = crypto.randomUUID();
  const arrival = { inspection: fresh, certificate_shown: true, plate: null, fix: null };
  await assert.rejects(device.arrive(arrival), refused('not_planned'));
  await assert.rejects(device.inspection('7'), refused('id_malformed'));
  await assert.rejects(device.notice('no-name'), refused('id_malformed'));
  await assert.rejects(device.photo('sha256:12'), refused('id_malformed'));
  await assert.rejects(device.arrive({ ...arrival, inspection: 5 }), refused('field_malformed'));
  await assert.rejects(device.answer(arrival.inspection, 'LB-01', 'maybe', ''), refused('field_malformed'));
  const capture = () => page.evaluate(async ([id]) => globalThis.outcome(() => globalThis.device.capture(
    { stream: 'inspection', id },
    { purpose: 'found', hazard: null, source: 'camera', fix: null },
    new Uint8Array([1, 2, 3]),
  )), [fresh]);
  assert.equal((await capture()).refused.code, 'blob_not_image');
  assert.equal((await device.person()).id, who.id, 'the device goes on');
});

test('a wrong password and a lost network', { timeout: 120_000 }, async () => {
  const context = await stage.browser.newContext();
  const page = await visit(stage, context);
  await page.evaluate(() => globalThis.open());
  const device = deviceOf(page);
  await assert.rejects(device.sync(), refused('not_enrolled'));
  await assert.rejects(device.signIn('nobody', 'nothing'), refused('wrong_password'));
  await context.setOffline(true);
  await assert.rejects(device.signIn('nobody', 'nothing'), refused('network_lost'));
  await assert.rejects(device.enrol('手机'), refused('network_lost'));
});

test('a device in use by another page is refused at once, or waited for', { timeout: 120_000 }, async () => {
  const context = await stage.browser.newContext();
  const [one, other] = [await visit(stage, context), await visit(stage, context)];
  await one.evaluate(() => globalThis.open());
  const tried = await other.evaluate(() => globalThis.outcome(() => globalThis.open()));
  assert.equal(tried.refused.code, 'device_in_use');
  await other.evaluate(() => globalThis.open({ name: 'another' }));
  const waits = other.evaluate(() => globalThis.outcome(() => globalThis.open({ wait: true })));
  await one.close();
  assert.equal((await waits).refused, undefined);
  assert.equal(await deviceOf(other).person(), null);
  await deviceOf(other).close();
  await assert.rejects(deviceOf(other).person(), refused('device_closed'));
});

test('a store that lost its key refuses rather than sign with another one', { timeout: 120_000 }, async () => {
  const { page, device } = await person(stage, staff('inspector')[3]);
  await device.close();
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.deleteDatabase('zhicha-keys').onsuccess = resolve;
  }));
  const { refused: why } = await page.evaluate(() => globalThis.outcome(() => globalThis.open()));
  refused('key_unavailable')({ ...why, message: why.code });
});

test('signing out leaves nothing, and is refused while something is unsent', { timeout: 120_000 }, async () => {
  const [supervisor, ...team] = await Promise.all(
    [staff('supervisor')[0], ...staff('inspector').slice(0, 2)].map((name) => person(stage, name)),
  );
  const [{ device, page }] = team;
  const inspection = await plan(supervisor, team);
  await device.arrive({ inspection, certificate_shown: true, plate: null, fix: null });
  await assert.rejects(device.signOut(), refused('work_unsent'));
  await device.sync();
  await device.signOut();
  await page.evaluate(() => globalThis.open());
  assert.deepEqual([await device.person(), await device.id(), await device.tasks()], [null, null, []]);
});

test('a full disk is told as one, and what was saved stays', { timeout: 120_000 }, async () => {
  const [supervisor, ...team] = await Promise.all(
    [staff('supervisor')[0], ...staff('inspector').slice(1, 3)].map((name) => person(stage, name)),
  );
  const { context, page, device, who } = team[0];
  const stream = { stream: 'inspection', id: await plan(supervisor, team) };
  const control = await context.newCDPSession(page);
  const { used } = await device.storage();
  const quota = { origin: stage.address, quotaSize: used + 300_000 };
  await control.send('Storage.overrideQuotaForOrigin', quota);
  const meta = { purpose: 'found', hazard: null, source: 'camera' };
  let refusal;
  for (let seed = 1; seed <= 20 && !refusal; seed += 1) {
    await shoot(page, stream, meta, seed, [1000, 800]).catch((error) => (refusal = error));
  }
  refused('device_full')(refusal);
  await control.send('Storage.overrideQuotaForOrigin', { origin: stage.address });
  assert.equal((await device.person()).id, who.id);
  await device.sync();
});
