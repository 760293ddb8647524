// What a visit may cost in taps, in waiting and on the wire.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open, phone, profile } from './browser.mjs';
import { photo, signIn, town } from './town.mjs';

const MOST_TAPS_CLEAN = 12;
const MOST_TAPS_HAZARD = 6;
const MOST_COLD_MS = 2_000;

/** Counts what a thumb does; the browser counts, not the test. */
async function counted(context) {
  await context.addInitScript(() => {
    const count = () => sessionStorage.setItem('taps', String(Number(sessionStorage.getItem('taps') ?? 0) + 1));
    window.addEventListener('pointerdown', (event) => event.isTrusted && count(), { capture: true });
  });
}
const taps = (page) => page.evaluate(() => Number(sessionStorage.getItem('taps') ?? 0));
const forget = (page) => page.evaluate(() => sessionStorage.setItem('taps', '0'));

test('a visit with no finding takes at most twelve taps, a hazard with its photo at most six', { timeout: 180_000 }, async () => {
  const zone = await town();
  const browser = await open();
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-budget-'));
  try {
    const { place } = zone.enterprise('LB');
    const officers = [0, 1].map((n) => zone.account('inspector', 'yingji', n));
    const desk = await (await browser.newContext(phone)).newPage();
    desk.setDefaultTimeout(20_000);
    await desk.goto(zone.address);
    await signIn(desk, zone.account('supervisor', 'yingji'));
    for (const number of [1, 2]) {
      await desk.getByRole('tab', { name: '今日' }).click();
      await desk.getByRole('button', { name: '下达检查' }).click();
      await desk.getByPlaceholder('企业名称或地址').fill(place.name);
      await desk.getByText(place.name, { exact: true }).click();
      for (const officer of officers) await desk.getByText(officer.person.name, { exact: true }).click();
      await desk.getByLabel('批准文号').fill(`高应急检字〔2026〕${number}号`);
      await desk.getByRole('button', { name: '下达', exact: true }).click();
      await desk.getByRole('heading', { name: /待我决定/ }).waitFor();
    }
    await desk.getByRole('tab', { name: '发件箱' }).click();
    await desk.getByRole('button', { name: '立即发送' }).click();
    await desk.getByText('全部已到服务器').waitFor();

    const context = await profile(join(folder, 'p'));
    await counted(context);
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    await page.goto(zone.address);
    await page.getByLabel('用户名').waitFor();
    await signIn(page, officers[0]);
    const locks = page.getByRole('button', { name: '出发后打开，查看检查对象' });
    await locks.nth(1).waitFor();

    await forget(page);
    await locks.first().tap();
    await page.getByRole('button', { name: '开始检查' }).tap();
    await page.getByRole('button', { name: '已出示证件，登记到达' }).tap();
    const all = page.getByRole('button', { name: '其余全部合格' });
    await all.first().waitFor();
    for (let n = 0; n < (await all.count()); n += 1) await all.nth(n).tap();
    await page.getByRole('button', { name: '检查完毕，封存记录' }).tap();
    await page.getByLabel('姓名').tap();
    await page.getByLabel('姓名').fill(place.principal);
    await page.getByRole('button', { name: '请对方手写签名' }).tap();
    const paper = await page.locator('canvas').boundingBox();
    await page.mouse.move(paper.x + 40, paper.y + 40);
    await page.mouse.down();
    await page.mouse.move(paper.x + 200, paper.y + 90, { steps: 6 });
    await page.mouse.up();
    await page.getByRole('button', { name: '保存' }).tap();
    await page.getByText('已签名').waitFor();
    const clean = await taps(page);
    console.log(`a visit with no finding: ${clean} taps, no photo`);
    assert.ok(clean <= MOST_TAPS_CLEAN, `${clean} taps`);

    await page.goto(`${zone.address}/app/#/tasks`);
    await locks.first().tap();
    await page.getByRole('button', { name: '开始检查' }).tap();
    await page.getByRole('button', { name: '已出示证件，登记到达' }).tap();
    const file = await photo(page, '隐患');
    await forget(page);
    await page.locator('.card', { hasText: 'LB-01' }).first().getByRole('button', { name: '不合格' }).tap();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '拍照' }).tap();
    await (await chooser).setFiles(file);
    await page.getByAltText('发现时的照片').waitFor();
    await page.getByRole('button', { name: '完成' }).tap();
    await page.getByRole('tab', { name: '隐患 1' }).waitFor();
    const hazard = await taps(page);
    console.log(`a hazard with its photo: ${hazard} taps beside the camera's own`);
    assert.ok(hazard <= MOST_TAPS_HAZARD, `${hazard} taps`);

    // The second start: nothing on the wire, also without any server.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await context.close();
    await zone.kill();
    const cold = await profile(join(folder, 'p'), { offline: true });
    const again = cold.pages()[0] ?? (await cold.newPage());
    const began = performance.now();
    await again.goto(`${zone.address}/app/`);
    await again.getByRole('button', { name: '继续' }).first().waitFor();
    const waited = performance.now() - began;
    console.log(`cold start without signal: ${waited.toFixed(0)} ms`);
    assert.ok(waited < MOST_COLD_MS, `${waited} ms`);
    await cold.close();
    await zone.again();
  } finally {
    await browser.close();
    await zone.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
