// What stands in the way arrives as a typed refusal: never a crash, never a string to take apart.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, deliver, deviceOf, person, plan, raise, shoot, staff, visit } from './stage.mjs';

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

test('a store that lost its key goes on under a new one, for the same person alone', { timeout: 120_000 }, async () => {
  const [name, other] = [3, 1].map((n) => staff('inspector')[n]);
  const [supervisor, officer, colleague] = await Promise.all([staff('supervisor')[0], name, other].map((it) => person(stage, it)));
  const { page, device } = officer;
  const before = await device.id();
  const inspection = await plan(supervisor, [officer, colleague]);
  await device.arrive({ inspection, certificate_shown: true, plate: null, fix: null });
  await device.answer(inspection, 'LB-01', 'fail', '未设置');
  // One edit stands in a change under the old name, the next one in none.
  await device.parallels(inspection);
  await device.answer(inspection, 'LB-03', 'pass', '');
  await shoot(page, { stream: 'inspection', id: inspection }, { purpose: 'found', hazard: crypto.randomUUID(), source: 'camera' }, 7);
  await device.close();
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.deleteDatabase('zhicha-keys').onsuccess = resolve;
  }));
  const lost = () => page.evaluate(() => globalThis.device.lost);
  // Closed and opened again it is still the same: nothing was decided by opening it.
  for (const _ of [1, 2]) {
    await page.evaluate(() => globalThis.open());
    assert.deepEqual(await lost(), { key: true, records: false });
    assert.equal((await device.inspection(inspection)).draft.answers['LB-01'].note.values[0][0], '未设置');
    await assert.rejects(device.finishPart(inspection), refused('not_enrolled'));
    await assert.rejects(device.sync(), refused('not_enrolled'));
    await assert.rejects(device.signOut(), refused('work_unsent'));
    await device.close();
  }
  await page.evaluate(() => globalThis.open());
  const password = (username) => stage.accounts.find((it) => it.username === username).password;
  await assert.rejects(device.signIn(other, password(other)), refused('author_mismatch'));
  await device.signIn(name, password(name));
  assert.notEqual(await device.enrol('浏览器'), before);
  await device.finishPart(inspection);
  await deliver(officer);
  const { records, files } = await device.outbox();
  assert.deepEqual([...records, ...files].filter((it) => it.state !== 'at_server'), []);
  // What was written under the old name and not sent is there for the colleague, as if nothing had happened.
  await colleague.device.sync();
  const { answers } = (await colleague.device.inspection(inspection)).draft;
  assert.deepEqual([answers['LB-01'].note.values[0][0], answers['LB-03'].verdict.values[0][0]], ['未设置', 'pass']);
  // One chain after the other, and the next start knows the new key.
  await device.close();
  await page.evaluate(() => globalThis.open());
  assert.deepEqual(await lost(), { key: false, records: false });
  await device.answer(inspection, 'LB-02', 'pass', '');
  await device.finishPart(inspection);
  await deliver(officer);
  const stated = await device.history({ stream: 'inspection', id: inspection });
  assert.equal(stated.filter((it) => it.by === officer.who.id).length, 4);
});

test('records that the browser did not keep are known to be gone, and the device enrols anew', { timeout: 120_000 }, async () => {
  const name = staff('inspector')[2];
  const { page, device, who } = await person(stage, name);
  await device.close();
  await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('zhicha-zhicha', { recursive: true }));
  await page.evaluate(() => globalThis.open());
  assert.deepEqual(await page.evaluate(() => globalThis.device.lost), { key: false, records: true });
  const { password } = stage.accounts.find((it) => it.username === name);
  assert.equal((await device.signIn(name, password)).id, who.id);
  await device.enrol('浏览器');
  await device.sync();
  await device.close();
  await page.evaluate(() => globalThis.open());
  assert.deepEqual(await page.evaluate(() => globalThis.device.lost), { key: false, records: false });
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
