// A browser that loses one of its stores: what is left is there and goes to the server, and what is lost is said.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, enters, goes, hears, isWhole, lock, picture, plan, server } from './people.mjs';
import { photo } from './scenes.mjs';
import { signIn, town } from './town.mjs';

let zone;
let browser;
let supervisor;
let officer;
let context;
let page;
before(async () => {
  zone = await town();
  browser = await open();
  officer = zone.account('inspector', 'yingji', 0);
  supervisor = await enters(await browser.newContext(desk), zone.address, zone.account('supervisor', 'yingji'));
});
after(async () => {
  await browser.close();
  await zone.close();
});

/** A visit under way with unsent work of every kind: a signed arrival and a photo, a hazard with words. */
let n = 0;
beforeEach(async () => {
  n += 1;
  const { place } = zone.enterprise('LB');
  await plan(supervisor, place, [officer, zone.account('inspector', 'yingji', 1)], `高应急检字〔2026〕${n}号`);
  context = await browser.newContext(phone);
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(zone.address);
  await signIn(page, officer);
  await hears(page, lock(page).first());
  await isWhole(page);
  await context.setOffline(true);
  await goes(page);
  await arrives(page);
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await page.getByLabel('问题').fill(`护栏缺失${n}`);
  await page.getByText('已保存在本机').waitFor();
  await page.locator('input[type=file]').first().setInputFiles(await photo(page, `护栏${n}`));
  await page.getByAltText('发现时的照片').waitFor();
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByRole('tab', { name: '隐患 1' }).waitFor();
});
afterEach(() => context.close());

/** A page of the origin that runs nothing: the stores are free. */
async function without(what) {
  await context.route('**/sync/v1/**', (route) => route.abort());
  await context.setOffline(false);
  await page.goto(`${zone.address}/health`);
  // The worker of the page before has let go.
  await page.evaluate(() => navigator.locks.request('zhicha:zhicha', () => {}));
  await page.evaluate(what);
  await context.unroute('**/sync/v1/**');
}
const opens = () => page.goto(`${zone.address}/app/`);

/** Removes the one file of the pool that has a name. */
const file = (name) => `(async () => {
  const root = await navigator.storage.getDirectory();
  const files = await (await root.getDirectoryHandle('zhicha-zhicha')).getDirectoryHandle('.opaque');
  for await (const handle of files.values()) {
    const head = await (await handle.getFile()).slice(0, 512).text();
    if (head.startsWith('${name}')) await files.removeEntry(handle.name);
  }
})()`;

async function isDelivered() {
  await at(page, '/outbox');
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor({ timeout: 60_000 });
}

/** The visit as the server holds it. */
async function held() {
  const { ask } = await server(zone, officer);
  const visit = new URL(page.url()).hash.match(/visit\/([0-9a-f-]+)/)?.[1];
  return { visit, ...(await ask(`/api/v1/cases/inspection/${visit}`)) };
}

test('without its key the app opens, says what is lost, and hands everything over after one sign-in', { timeout: 120_000 }, async () => {
  const visit = page.url();
  await without(() => new Promise((done) => (indexedDB.deleteDatabase('zhicha-keys').onsuccess = done)));
  await opens();
  await page.getByText('浏览器清除了本机的设备密钥，记录和照片都在').waitFor();
  await picture(page, 'lost-key', page.locator('.banner').first());
  // Everything can be read, and nothing can be stated.
  await page.goto(visit);
  await page.getByRole('tab', { name: '隐患 1' }).click();
  await page.getByText(`护栏缺失${n}`).waitFor();
  await page.getByAltText('隐患照片').waitFor();
  await page.getByRole('button', { name: '完成本人部分' }).click();
  await page.getByText('本设备还没有登记。').waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  // Another person cannot take the work over.
  await page.getByText('重新登录后继续上传').click();
  await signIn(page, zone.account('inspector', 'yingji', 1));
  await page.getByText('签名人与登录人不一致').waitFor();
  await page.getByRole('button', { name: '知道了' }).click();
  await signIn(page, officer);
  await page.getByText('浏览器清除了本机的设备密钥').waitFor({ state: 'detached' });
  await isDelivered();
  // The device goes on, with the old draft and a chain of its own.
  await page.goto(visit);
  await page.getByRole('button', { name: '完成本人部分' }).click();
  await page.getByText('已完成本人部分').waitFor();
  await isDelivered();
  assert.equal(await page.getByText('未被接受').count(), 0);
  await page.goto(visit);
  const { entries } = await held();
  const own = entries.filter((it) => it.author === officer.person.id);
  assert.deepEqual(own.map((it) => it.kind), ['inspection.arrived', 'photo.captured', 'inspection.part_finished']);
  assert.equal(new Set(own.map((it) => it.device)).size, 2, 'what was signed keeps the name under which it was signed');
});

test('without its records the app says how much is lost, and everything that was sent comes again', { timeout: 120_000 }, async () => {
  await without(file('/device.db'));
  await opens();
  await page.getByText(/浏览器清除了本机的记录。已上传的记录不受影响，登录后重新下载；当时有 \d+ 项没有上传，已经丢失。/).waitFor();
  await picture(page, 'lost-records', page.locator('main'));
  await signIn(page, officer);
  await hears(page, lock(page).first());
  await goes(page);
  await arrives(page);
  await isDelivered();
});

test('without its pictures the app says how many are gone, and everything else arrives', { timeout: 120_000 }, async () => {
  const visit = page.url();
  await without(file('/pictures.db'));
  await opens();
  await page.getByText('浏览器清除了 1 张没有上传的照片，请补拍；文字记录都在。').waitFor();
  await picture(page, 'lost-photos', page.locator('.banner').first());
  await page.getByRole('button', { name: '知道了' }).click();
  await isDelivered();
  await page.goto(visit);
  await page.getByRole('tab', { name: '隐患 1' }).click();
  await page.getByText(`护栏缺失${n}`).waitFor();
  const { entries } = await held();
  assert.ok(entries.some((it) => it.kind === 'photo.captured'));
});

test('without settings and forms the app says so, and nothing recorded is touched', { timeout: 120_000 }, async () => {
  await without(() => localStorage.clear());
  await opens();
  await page.getByText('浏览器清除了显示设置和没有提交的文字；已保存的记录和照片都在。').waitFor();
  await isDelivered();
});

test('without the files for the time without signal the app fetches them again', { timeout: 120_000 }, async () => {
  await without(async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))));
  await opens();
  await isWhole(page);
  await isDelivered();
  await context.setOffline(true);
  await opens();
  await page.getByRole('heading', { name: '检查任务' }).waitFor();
  await context.setOffline(false);
});

test('a store that cannot be read can be taken along, and another one begun beside it', { timeout: 120_000 }, async () => {
  await without(`(async () => {
    const root = await navigator.storage.getDirectory();
    const files = await (await root.getDirectoryHandle('zhicha-zhicha')).getDirectoryHandle('.opaque');
    for await (const handle of files.values()) {
      const head = await (await handle.getFile()).slice(0, 512).text();
      if (!head.startsWith('/device.db\\0')) continue;
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      bytes.fill(0x5a, 4096 + 100, 4096 + 40_000);
      await files.removeEntry(handle.name);
      const out = await (await files.getFileHandle(handle.name, { create: true })).createWritable();
      await out.write(bytes);
      await out.close();
    }
  })()`);
  await opens();
  await page.getByText('暂时不能使用').waitFor();
  await picture(page, 'broken', page.locator('main'));
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出本机全部数据' }).click();
  const tar = readFileSync(await (await coming).path());
  const names = [];
  for (let at = 0; tar[at]; at += 512 + 512 * Math.ceil(parseInt(tar.toString('latin1', at + 124, at + 135), 8) / 512)) {
    names.push(tar.toString('utf8', at, tar.indexOf(0, at)));
  }
  assert.ok(names.includes('device.db') && names.includes('pictures.db'), names.join());
  await page.getByRole('button', { name: '另开一份，重新登录' }).click();
  await page.getByRole('button', { name: '另开一份', exact: true }).click();
  await page.getByText('登录后可在“我的”导出').waitFor();
  await signIn(page, officer);
  await hears(page, lock(page).first());
  await at(page, '/me');
  await page.getByText('1 份').waitFor();
  await picture(page, 'me');
});
