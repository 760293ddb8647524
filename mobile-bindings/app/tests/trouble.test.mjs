// What goes wrong in the field: each has a plain message, and what was recorded stays.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { desk, open, phone, profile } from './browser.mjs';
import { at, enters, hears, picture, plan as orders } from './people.mjs';
import { photo } from './scenes.mjs';
import { signIn, town } from './town.mjs';

/** One for each test that needs an officer on site. */
const VISITS = 9;
/** Less than a photo needs. */
const LITTLE_ROOM = 300_000;
let zone;
let browser;
let folder;
let supervisor;
before(async () => {
  zone = await town();
  browser = await open();
  const context = await browser.newContext(phone);
  supervisor = await enters(context, zone.address, zone.account('supervisor', 'yingji'));
  for (let visit = 0; visit < VISITS; visit += 1) await plan();
  await supervisor.getByRole('tab', { name: '发件箱' }).click();
  await supervisor.getByRole('button', { name: '立即发送' }).click();
  await supervisor.getByText('全部已到服务器').waitFor();
});
after(async () => {
  await browser.close();
  await zone.close();
});
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zhicha-trouble-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function plan(approval = '高应急检字〔2026〕1号') {
  const { place } = zone.enterprise('LB');
  await supervisor.getByRole('button', { name: '下达检查' }).click();
  await supervisor.getByPlaceholder('企业名称或地址').fill(place.name);
  await supervisor.getByText(place.name, { exact: true }).click();
  for (const n of [0, 1]) await supervisor.getByText(zone.account('inspector', 'yingji', n).person.name, { exact: true }).click();
  await supervisor.getByLabel('批准文号').fill(approval);
  await supervisor.getByRole('button', { name: '下达', exact: true }).click();
  await supervisor.getByRole('heading', { name: /待我决定/ }).waitFor();
}

/** An officer who has arrived. */
async function arrived(context) {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  await page.goto(zone.address);
  await signIn(page, zone.account('inspector', 'yingji'));
  await page.getByRole('button', { name: '出发后打开，查看检查对象' }).first().click();
  await page.getByRole('button', { name: '开始检查' }).click();
  await page.getByRole('button', { name: '已出示证件，登记到达' }).click();
  await page.getByRole('tab', { name: /检查表/ }).waitFor();
  return page;
}

async function finding(page, words) {
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await page.getByLabel('问题').fill(words);
  await page.getByText('已保存在本机').waitFor();
}

test('a second page says where the first one is, and takes over when that is closed', { timeout: 60_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  const first = await arrived(context);
  const second = await context.newPage();
  await second.goto(`${zone.address}/app/`);
  await second.getByText('直查已在另一个页面打开').waitFor();
  await first.close();
  await second.getByRole('button', { name: /在这里继续/ }).click();
  await second.getByRole('button', { name: '继续' }).waitFor();
  await context.close();
});

test('storage that the browser may evict is said as long as something is unsent', { timeout: 60_000 }, async () => {
  const context = await browser.newContext(phone);
  await context.addInitScript(() => {
    navigator.storage.persist = async () => false;
    navigator.storage.persisted = async () => false;
  });
  const page = await arrived(context);
  await context.setOffline(true);
  await finding(page, '护栏缺失');
  await page.getByText(/浏览器可能清理本机数据/).waitFor();
  await context.close();
});

test('a page without leave to store says so instead of losing what is typed into it', { timeout: 60_000 }, async () => {
  const context = await browser.newContext(phone);
  await context.addInitScript(() => {
    navigator.storage.getDirectory = () => Promise.reject(new DOMException('denied', 'SecurityError'));
  });
  const page = await context.newPage();
  // Workers have their own navigator: they are denied by leaving the script out of their reach.
  await context.route('**/*.wasm', (route) => route.abort());
  await page.goto(zone.address);
  await page.getByText('暂时不能使用').waitFor();
  await page.getByRole('button', { name: '重试' }).waitFor();
  await context.close();
});

test('a camera that is refused leaves the hazard with its words', { timeout: 60_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  const page = await arrived(context);
  await finding(page, '电线裸露');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: '拍照' }).click();
  await (await chooser).setFiles([]);
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByText('电线裸露').waitFor();
  await context.close();
});

test('storage that is full is said, keeps what was recorded, and takes photos again when there is room', { timeout: 90_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  const page = await arrived(context);
  const visit = page.url();
  await finding(page, '灭火器过期');
  const full = page.getByText('手机存储空间不足');
  const photos = page.getByAltText('发现时的照片');
  const shoot = async (n, name = `灭火器${n}`) => {
    const file = await photo(page, name);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /拍照|再拍一张/ }).click();
    await (await chooser).setFiles(file);
    await full.or(photos.nth(n)).first().waitFor();
  };
  const control = await context.newCDPSession(page);
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  await control.send('Storage.overrideQuotaForOrigin', { origin: zone.address, quotaSize: usage + LITTLE_ROOM });
  // The browser gives room in pieces: it is full after a few photos.
  let saved = 0;
  while (await shoot(saved).then(() => full.isHidden())) saved += 1;
  await page.getByText('未上传的记录不会删除').waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  // What was recorded is there, also for a page that starts while nothing more finds room.
  await page.goto(visit);
  await page.reload();
  await page.getByRole('tab', { name: '隐患 1' }).click();
  await page.getByText('灭火器过期').click();
  await page.getByLabel('问题').waitFor();
  if (saved > 0) await photos.nth(saved - 1).waitFor();
  assert.equal(await photos.count(), saved);
  await control.send('Storage.overrideQuotaForOrigin', { origin: zone.address });
  await shoot(saved, '腾出空间以后');
  await photos.nth(saved).waitFor();
  await page.goto(`${zone.address}/app/#/outbox`);
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor();
  await context.close();
});

test('a clock that is a year ahead is said, and what is recorded is kept and accepted', { timeout: 90_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  await context.clock.install({ time: Date.now() + 365 * 86_400_000 });
  await context.clock.resume();
  const page = await arrived(context);
  await page.getByText(/本机时间与服务器相差较大/).waitFor();
  await finding(page, '警示标志缺失');
  await page.goto(`${zone.address}/app/#/outbox`);
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor();
  await context.close();
});

test('a session that ended while the phone was away for thirty days stops nobody from recording', { timeout: 90_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  const page = await arrived(context);
  // What thirty days do to a session: the server knows neither token any more.
  const unknown = (route) => route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer ended' } });
  await context.route('**/api/v1/session/refresh', (route) => route.continue({ postData: JSON.stringify({ refresh_token: 'ended', proof: null }) }));
  await context.route('**/sync/v1/**', unknown);
  await finding(page, '消防栓被遮挡');
  await page.getByText(/登录已过期，记录照常保存在本机/).waitFor();
  await page.getByLabel('位置').fill('一号楼门厅');
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByText('消防栓被遮挡').waitFor();
  await page.getByText('重新登录后发送').click();
  await page.getByLabel('用户名').waitFor();
  // Only now: the tokens of this test are still good, and the app would find that out by itself.
  await context.unroute('**/sync/v1/**');
  await context.unroute('**/api/v1/session/refresh');
  await signIn(page, zone.account('inspector', 'yingji'));
  await page.getByRole('tab', { name: '发件箱' }).click();
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor();
  await context.close();
});

test('a network that answers in the place of the server is called so, at the sign-in and in the outbox', { timeout: 90_000 }, async () => {
  const context = await profile(join(folder, 'p'));
  /** What a hotel or a station answers to whoever has not paid. */
  const portal = (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<html><body>请先登录无线网络</body></html>' });
  const shown = '网络被拦截，返回的不是本系统的应答。';
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  await page.goto(zone.address);
  await context.route('**/api/v1/**', portal);
  await signIn(page, zone.account('inspector', 'yingji'));
  await page.getByRole('dialog').getByText(shown).waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  await context.unroute('**/api/v1/**');

  await arrived(context);
  await context.route('**/sync/v1/**', portal);
  await finding(page, '应急照明损坏');
  await page.goto(`${zone.address}/app/#/outbox`);
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByRole('status').getByText(shown).waitFor();
  await page.getByText(/项仅在本机/).waitFor();
  assert.equal(await page.getByText('当前未联网').count(), 0, 'there is a network, only a foreign one');
  await context.unroute('**/sync/v1/**');
  // The same sentence, whatever stands in the place of the answer.
  for (const [status, body] of [[200, ''], [403, '<html>'], [404, '<html>'], [413, ''], [451, '<html>'], [500, ''], [502, '<html>']]) {
    const answered = page.waitForResponse((it) => it.url().includes('/sync/v1/') && it.status() === status);
    await context.route('**/sync/v1/**', (route) => route.fulfill({ status, contentType: 'text/html', body }));
    await page.getByRole('button', { name: '立即发送' }).click();
    await answered;
    await page.getByRole('button', { name: '立即发送' }).waitFor();
    await page.getByRole('status').getByText(shown).waitFor();
    await page.getByText(/项仅在本机/).waitFor();
    await context.unroute('**/sync/v1/**');
  }
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor();
  assert.equal(await page.getByText(shown).count(), 0);
  await context.close();
});

test('one person with two phones is told of two phones and not of two officers', { timeout: 120_000 }, async () => {
  const [one, other] = await Promise.all(['one', 'other'].map((name) => profile(join(folder, name))));
  const phone1 = await arrived(one);
  await finding(phone1, '氨罐无围堰');
  const send = async (page) => {
    await page.goto(`${zone.address}/app/#/outbox`);
    await page.getByRole('button', { name: '立即发送' }).click();
    await page.getByText('全部已到服务器').waitFor();
  };
  const hazard = phone1.url();
  await send(phone1);
  const phone2 = other.pages()[0] ?? (await other.newPage());
  phone2.setDefaultTimeout(20_000);
  await phone2.goto(zone.address);
  await signIn(phone2, zone.account('inspector', 'yingji'));
  await phone2.getByRole('tablist').waitFor();
  for (const [page, context, step, days] of [[phone1, one, '增加一日', '16'], [phone2, other, '减少一日', '14']]) {
    await page.goto(hazard);
    await page.getByLabel('问题').waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: step }).click();
    await page.waitForFunction((days) => document.querySelector('.days input')?.value === days, days);
  }
  for (const [page, context] of [[phone1, one], [phone2, other], [phone1, one]]) {
    await context.setOffline(false);
    await send(page);
  }
  await phone1.goto(hazard.replace(/\/hazard.*/, ''));
  await phone1.getByText('同一人在两台设备上填写的不同：1 处').waitFor();
  assert.equal(await phone1.getByText('两名执法人员').count(), 0);
  await Promise.all([one.close(), other.close()]);
});

test('a record that is damaged at the server is said on the first page, with what follows and whose file it is', { timeout: 180_000 }, async () => {
  await supervisor.getByRole('tab', { name: '今日' }).click();
  await plan('高应急检字〔2026〕88号');
  await supervisor.getByRole('tab', { name: '发件箱' }).click();
  await supervisor.getByRole('button', { name: '立即发送' }).click();
  await supervisor.getByText('全部已到服务器').waitFor();
  // Nothing is said of it while there is nothing to say.
  await at(supervisor, '/today');
  await supervisor.getByRole('heading', { name: /待我决定/ }).waitFor();
  assert.equal(await supervisor.getByText('暂停办理的卷宗').count(), 0);
  // Whoever stated it brings it again as soon as the server notices, and nothing is damaged any more.
  await supervisor.context().setOffline(true);
  await zone.damage('高应急检字〔2026〕88号');
  const context = await browser.newContext(phone);
  const page = await enters(context, zone.address, zone.account('inspector', 'yingji'));
  await page.getByText('有 1 条记录已损坏，相关卷宗暂停办理，请联系管理员恢复；其他卷宗不受影响。').waitFor();
  await page.getByRole('button', { name: '出发后打开，查看检查对象' }).first().or(page.getByRole('button', { name: '继续' }).first()).first().waitFor();
  await context.close();

  // Another supervisor of the department, whose work goes on, sees which file it is, what follows, and what to do.
  const { place } = zone.enterprise('LB');
  const officers = [2, 3].map((n) => zone.account('inspector', 'yingji', n));
  const working = await enters(await browser.newContext(desk), zone.address, zone.account('supervisor', 'yingji', 1));
  await orders(working, place, officers, '高应急检字〔2026〕89号');
  await working.context().close();
  for (const [name, kind] of Object.entries({ phone, desk })) {
    const office = await browser.newContext(kind);
    const other = await enters(office, zone.address, zone.account('supervisor', 'yingji', 1));
    const heading = other.getByRole('heading', { name: '暂停办理的卷宗 1' });
    await hears(other, heading);
    await other.getByText('处理好之前，下列卷宗不出具整改通知书，也不确定期限').waitFor();
    const file = other.locator('section', { hasText: '检查编号' });
    await file.getByRole('heading', { name: place.name }).waitFor();
    await file.getByText('卷宗中有记录已损坏，暂停办理。').waitFor();
    await file.getByText('请联系管理员恢复，已记录的内容不受影响。').waitFor();
    await picture(other, `set-aside-${name}`, heading);
    // Without signal nothing is said of it, and nothing about the missing signal.
    await office.setOffline(true);
    await at(other, '/outbox');
    await other.getByRole('button', { name: '立即发送' }).waitFor();
    await at(other, '/today');
    await other.getByRole('heading', { name: /待我决定/ }).waitFor();
    assert.equal(await heading.count(), 0);
    await office.close();
  }
  const stranger = await browser.newContext(desk);
  const far = await enters(stranger, zone.address, zone.account('supervisor', 'xiaofang'));
  await far.getByRole('heading', { name: /待我决定/ }).waitFor();
  assert.equal(await far.getByText('暂停办理的卷宗').count(), 0);
  await stranger.close();
  await supervisor.context().setOffline(false);
});
