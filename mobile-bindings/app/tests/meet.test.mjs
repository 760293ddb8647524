// Two phones of a team without signal: one films the code that runs on the other, or reads its file.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, delivered, goes, hears, lock, picture, plan } from './people.mjs';
import { photo } from './scenes.mjs';
import { town } from './town.mjs';

let zone;
let browser;
let people;
const pages = {};

/** The camera of a page sees a canvas, on which the test draws what another phone shows. */
function cameraSeesACanvas() {
  const seen = Object.assign(document.createElement('canvas'), { width: 900, height: 900 });
  seen.getContext('2d').fillRect(0, 0, 900, 900);
  window.sees = (url) =>
    new Promise((drawn) => {
      const picture = new Image();
      picture.onload = () => {
        // Held a little askew, and not filling the picture.
        const pen = seen.getContext('2d');
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.fillStyle = '#777';
        pen.fillRect(0, 0, 900, 900);
        pen.setTransform(0.99, 0.06, -0.06, 0.99, 60, 30);
        pen.drawImage(picture, 20, 20, 800, 800);
        drawn();
      };
      picture.src = url;
    });
  navigator.mediaDevices.getUserMedia = async () => seen.captureStream(30);
}

before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  Object.assign(pages, await company(browser, zone, people, { supervisor: desk, wang: phone, li: phone }, (page) => page.addInitScript(cameraSeesACanvas)));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕52号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
});
after(async () => {
  await browser.close();
  await zone.close();
});

const opens = async (page) => {
  await at(page, '/tasks');
  await page.getByRole('button', { name: '继续' }).click();
};

test('what one phone recorded without signal is filmed by the other one and belongs to the record', { timeout: 240_000 }, async () => {
  const { wang, li } = pages;
  for (const page of [wang, li]) {
    await goes(page);
    await page.context().setOffline(true);
    await arrives(page);
  }
  await opens(wang);
  await wang.getByRole('tab', { name: /隐患/ }).click();
  for (const words of ['消防通道堆放原料', '配电箱未接地', '氧气瓶与乙炔瓶混放']) {
    await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
    await wang.getByLabel('问题').fill(words);
    await wang.getByLabel('位置').fill('一号车间南侧');
    await wang.locator('input[type=file]').first().setInputFiles(await photo(wang, words));
    await wang.getByAltText('发现时的照片').waitFor();
    await wang.getByRole('button', { name: '完成' }).click();
  }
  await wang.getByRole('tab', { name: '隐患 3' }).waitFor();
  await wang.getByRole('button', { name: '完成本人部分' }).click();
  await wang.getByText('已完成本人部分').waitFor();

  await wang.getByRole('button', { name: '当面交换' }).click();
  await wang.getByRole('button', { name: '出示给同事' }).click();
  const code = wang.getByRole('img', { name: /^二维码，共 \d+ 帧/ });
  await code.waitFor();
  await picture(wang, 'meet-shows');
  await opens(li);
  await li.getByRole('button', { name: '当面交换' }).click();
  await li.getByRole('button', { name: '扫描同事的' }).click();
  await li.getByLabel('取景画面').waitFor();
  const began = Date.now();
  const whole = li.getByRole('heading', { name: '已收齐' });
  let looked = false;
  while (!(await whole.isVisible())) {
    const frame = await code.evaluate((canvas) => canvas.toDataURL());
    await li.evaluate((url) => window.sees(url), frame);
    if (!looked && (await li.getByText(/^已收 \d+/).isVisible())) {
      looked = true;
      await picture(li, 'meet-films');
    }
    assert.ok(Date.now() - began < 60_000, 'the code is not read');
  }
  const seconds = (Date.now() - began) / 1000;
  const frames = Number((await code.getAttribute('aria-label')).match(/\d+/)[0]);
  console.log(`${frames} frames filmed in ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 20, `the text of a visit took ${seconds} s`);
  await li.getByText(/新收到 \d+ 项记录/).waitFor();
  await picture(li, 'meet-came');

  // What she carries for her colleague stands in her outbox, and nothing is green before it is at the server.
  await at(li, '/outbox');
  await li.getByText(/代同事携带 \d+ 项，联网后一并发送/).waitFor();
  assert.equal(await li.getByText('全部已到服务器').count(), 0);
  await picture(li, 'outbox-carries');
  await opens(li);
  await li.getByRole('tab', { name: '隐患 3' }).waitFor();
  for (const list of await li.getByRole('button', { name: '其余全部合格' }).all()) await list.click();
  await li.getByRole('button', { name: '下一步：核对与封存' }).click();
  await li.getByText(/已收齐，.*完成/).waitFor();
  const seal = li.getByRole('button', { name: '封存检查记录' });
  await seal.click();
  await li.getByText('检查记录已封存').waitFor();
});

test('a file does the same in any order, and nothing is taken twice', { timeout: 120_000 }, async () => {
  const { wang, li } = pages;
  await at(wang, `/visit/${visit(wang)}/meet`);
  const saved = wang.waitForEvent('download');
  await wang.evaluate(() => (navigator.canShare = undefined));
  await wang.getByRole('button', { name: '发送文件' }).click();
  const path = await (await saved).path();
  await at(li, `/visit/${visit(li)}/meet`);
  await li.getByLabel('交换文件').setInputFiles({ name: '检查交换.txt', mimeType: 'text/plain', buffer: await (await import('node:fs/promises')).readFile(path) });
  await li.getByText('新收到 0 项记录、0 处填写内容（以前都收到过）。').waitFor();

  // The sealer's signal comes first: everything of both reaches the server, the colleague's statements with it.
  await li.context().setOffline(false);
  await delivered(li);
  assert.equal(await li.getByText(/代同事携带/).count(), 0);
  await wang.context().setOffline(false);
  await delivered(wang);
  await at(wang, '/outbox');
  assert.equal(await wang.getByText(/不在检查记录中/).count(), 0);
});

/** The visit that a page shows. */
const visit = (page) => page.url().match(/visit\/([0-9a-f-]+)/)[1];
