// A new version of the app at the server: it is said, taken with one tap, and interrupts nobody.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, goes, hears, isWhole, lock, picture, plan, says } from './people.mjs';
import { dist, signIn, town } from './town.mjs';

const folder = mkdtempSync(join(tmpdir(), 'zhicha-build-'));
const app = join(folder, 'app');
let zone;
let browser;
before(async () => {
  cpSync(dist, app, { recursive: true, filter: (it) => !it.endsWith('.br') });
  zone = await town({ app });
  browser = await open();
});
after(async () => {
  await browser.close();
  await zone.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the next build does: its code has other names. The page keeps its own, so the list of files says that it changed. */
function build(name) {
  const assets = join(app, 'assets');
  const code = readdirSync(assets).filter((it) => it.endsWith('.js'));
  const renamed = (text) => code.reduce((now, it) => now.replaceAll(it, it.replace('.js', `${name}.js`)), text);
  const revised = (text) => text.replace(/(url:"index\.html",revision:")[^"]+/, `$1${name}`);
  for (const path of [...code.map((it) => join(assets, it)), join(app, 'index.html'), join(app, 'sw.js')]) {
    writeFileSync(path, revised(renamed(readFileSync(path, 'utf8'))));
  }
  for (const it of code) renameSync(join(assets, it), renamed(join(assets, it)));
}

/** From the second opening on a page and its screens are those of one build. */
async function settles(page) {
  await isWhole(page);
  await page.reload();
  await page.waitForFunction(() => Boolean(navigator.serviceWorker.controller));
  await page.getByRole('tablist').waitFor();
}

/** Whoever comes back to the page after a while looks for a newer one. */
const comesBack = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
/** One tap, and the page begins anew. */
async function updates(page) {
  const anew = page.waitForEvent('load');
  await page.getByRole('button', { name: '更新', exact: true }).first().click();
  await anew;
}
const said = (page) => page.getByText('有新版本，记录和草稿都会保留。');

test('a newer version is one line and one tap outside of visits, and a draft survives it', { timeout: 180_000 }, async () => {
  const officer = zone.account('inspector', 'yingji', 0);
  const supervisor = await (await browser.newContext(desk)).newPage();
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  for (const [it, person] of [[supervisor, zone.account('supervisor', 'yingji')], [page, officer]]) {
    it.setDefaultTimeout(20_000);
    await it.goto(zone.address);
    await signIn(it, person);
    await it.getByRole('tablist').waitFor();
  }
  await plan(supervisor, zone.enterprise('LB').place, [officer, zone.account('inspector', 'yingji', 1)], '高应急检字〔2026〕16号');
  await hears(page, lock(page));
  await settles(page);
  await at(page, '/me');
  const before = await page.getByText(/^\d+\.\d+\.\d+（[\w-]+）$/).innerText();
  await at(page, '/tasks');
  await goes(page);
  await arrives(page);
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await page.getByLabel('问题').fill('护栏缺失');
  await page.getByText('已保存在本机').waitFor();

  build('NEWER123');
  // An hour later, in the visit: nothing is said.
  await context.clock.install({ time: Date.now() + 3_600_000 });
  await context.clock.resume();
  await comesBack(page);
  await says(page, async () => Boolean((await navigator.serviceWorker.getRegistration())?.waiting));
  assert.equal(await said(page).count(), 0, 'nobody is interrupted in a visit');
  await page.getByLabel('问题').fill('东侧护栏缺失');
  await page.getByLabel('位置').fill('卸料平台');
  await at(page, '/tasks');
  await said(page).waitFor();
  await picture(page, 'newer', page.locator('.banner').first());
  await updates(page);
  assert.equal(await said(page).count(), 0);
  await page.getByRole('button', { name: '继续' }).click();
  await page.getByRole('tab', { name: '隐患 1' }).click();
  await page.getByText('东侧护栏缺失').click();
  await page.getByLabel('位置').waitFor();
  assert.equal(await page.getByLabel('位置').inputValue(), '卸料平台');
  await at(page, '/me');
  const now = await page.getByText(/^\d+\.\d+\.\d+（[\w-]+）$/).innerText();
  assert.match(now, /NEWER123）$/);
  assert.notEqual(now, before);
});

test('what is refused until the app is newer carries the way to it', { timeout: 120_000 }, async () => {
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(zone.address);
  const problem = { code: 'version_unsupported', number: 109, status: 400, title: '应用版本过旧或过新。', action: '请更新应用' };
  const refuse = (route) => route.fulfill({ status: 400, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  await context.route('**/api/v1/session', refuse);
  await signIn(page, zone.account('inspector', 'yingji', 1));
  await page.getByText('请更新应用').waitFor();
  await page.getByRole('button', { name: '更新', exact: true }).click();
  await page.getByText('服务器上还没有新版本').waitFor();
  await context.unroute('**/api/v1/session');
  await signIn(page, zone.account('inspector', 'yingji', 1));
  await page.getByRole('tablist').waitFor();
  await settles(page);
  await context.route('**/sync/v1/exchange', refuse);
  await at(page, '/outbox');
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByRole('status').getByText('应用版本过旧或过新。').waitFor();
  build('NEWER456');
  await updates(page);
  await context.unroute('**/sync/v1/exchange');
  await at(page, '/me');
  await page.getByText('NEWER456').waitFor();
});
