// What a visit may cost in taps, in waiting and on the wire.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { open, phone, profile } from './browser.mjs';
import { photo } from './scenes.mjs';
import { signIn, town } from './town.mjs';

const MOST_TAPS_CLEAN = 12;
const MOST_TAPS_HAZARD = 6;
const MOST_COLD_MS = 2_000;
const MOST_PAINT_MS = 100;
/** While the first synchronisation runs, the core may be reading a page of records. */
const MOST_PAINT_MEANWHILE_MS = 250;
/** Starts without signal that are measured. */
const DAYS = 3;
/** Seven times what it takes on two busy cores: lists folded anew for every page of facts, or read from the disk for each case, took minutes. */
const MOST_FIRST_SYNC_MS = 60_000;
const MOST_MEMORY_MB = 300;

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
    await page.getByRole('button', { name: '下一步：核对与封存' }).tap();
    await page.getByRole('button', { name: '封存检查记录' }).tap();
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
  } finally {
    await browser.close();
    await zone.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** From a tap until what it asks for is painted, in the page's own time. */
const painted = (page, tab, wanted) =>
  page.evaluate(
    ([tab, wanted]) =>
      new Promise((done) => {
        const button = [...document.querySelectorAll('[role=tab]')].find((it) => it.textContent.includes(tab));
        const began = performance.now();
        button.click();
        const look = () => {
          if (performance.now() - began > 5_000) return done(Infinity);
          if (!document.querySelector(wanted)) return requestAnimationFrame(look);
          // Painted is what the frame after the next one begins with.
          return requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
        };
        look();
      }),
    [tab, wanted],
  );

const whole = (numbers) => numbers.map((it) => it.toFixed(0)).join(', ');

async function tour(page, tabs) {
  const paints = [];
  for (const [tab, wanted] of tabs) paints.push(await painted(page, tab, wanted));
  return paints;
}

/** The most memory that the page with its worker and the core in it ever took, in megabytes, without the program of
 * the browser, which all of its processes share. */
async function peak(context) {
  const control = await context.browser().newBrowserCDPSession();
  const { processInfo } = await control.send('SystemInfo.getProcessInfo');
  const own = ({ id }) => {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    const kilobytes = (name) => Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]);
    return (kilobytes('VmHWM') - kilobytes('RssFile')) / 1024;
  };
  return Math.max(...processInfo.filter((it) => it.type === 'renderer').map(own));
}

/** A page of a kept profile, closed whatever happens. */
async function opened(folder, options, work) {
  const context = await profile(folder, options);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(MOST_FIRST_SYNC_MS);
    await work(page, context);
  } finally {
    await context.close();
  }
}

/** Who looks at years of cases, and what each tab has to show. */
const EYES = [
  {
    name: 'inspector',
    account: (zone) => zone.leader,
    first: '.van-cell',
    tabs: [['任务', '.van-cell'], ['复查', 'a.card'], ['发件箱', 'div.card[role=status]'], ['我的', 'header'], ['复查', 'a.card'], ['任务', '.van-cell']],
  },
  {
    name: 'supervisor',
    account: (zone) => zone.account('supervisor', 'yingji'),
    first: 'h2',
    tabs: [['今日', 'h2'], ['隐患', '.filters'], ['概览', '.numbers'], ['发件箱', 'div.card[role=status]'], ['我的', 'header'], ['今日', 'h2']],
  },
];

async function firstSynchronisation(zone, { name, account, tabs }, page, context) {
  await page.goto(zone.address);
  const began = performance.now();
  await signIn(page, account(zone));
  await page.getByText(/已收到 \d+ 条/).waitFor();
  const meanwhile = await tour(page, [['我的', 'header'], ['发件箱', 'div.card[role=status]'], [tabs[0][0], 'header']]);
  await page.getByText(/截至 .* 的情况/).waitFor();
  const took = performance.now() - began;
  const memory = await peak(context);
  console.log(`${name}: first synchronisation of 3,300 cases ${(took / 1000).toFixed(1)} s, taps meanwhile ${whole(meanwhile)} ms, at most ${memory.toFixed(0)} MB`);
  assert.ok(took < MOST_FIRST_SYNC_MS, `${took} ms`);
  assert.ok(Math.max(...meanwhile) < MOST_PAINT_MEANWHILE_MS, whole(meanwhile));
  assert.ok(memory < MOST_MEMORY_MB, `${memory} MB`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
}

/** Starts without signal and taps twice through what there is. */
async function dayWithoutSignal(zone, { first, tabs }, page) {
  const began = performance.now();
  await page.goto(`${zone.address}/app/`);
  await page.locator(first).first().waitFor();
  await page.getByText(/截至 .* 的情况/).waitFor();
  const cold = performance.now() - began;
  return { cold, rounds: [await tour(page, tabs), await tour(page, tabs)] };
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What usual days are like: the middle of several, for each figure by itself. */
function usual(days, { name }) {
  const cold = middle(days.map((it) => it.cold));
  const rounds = days.flatMap((it) => it.rounds);
  const paints = rounds[0].map((_, n) => middle(rounds.map((it) => it[n])));
  console.log(`${name}, the first round after each start: ${days.map((it) => whole(it.rounds[0])).join(' / ')} ms`);
  console.log(`${name}, 300 open and 3,000 closed cases: cold start ${cold.toFixed(0)} ms, taps to painted ${whole(paints)} ms`);
  assert.ok(cold < MOST_COLD_MS, `${cold} ms`);
  assert.ok(Math.max(...paints) < MOST_PAINT_MS, whole(paints));
}

test('three thousand closed cases on the phone slow nobody down', { timeout: 240_000 }, async () => {
  const zone = await town();
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-years-'));
  try {
    zone.fill(300, 3_000);
    for (const eye of EYES) {
      await opened(join(folder, eye.name), {}, (page, context) => firstSynchronisation(zone, eye, page, context));
    }
    await zone.kill();
    for (const eye of EYES) {
      const days = [];
      while (days.length < DAYS) {
        await opened(join(folder, eye.name), { offline: true }, async (page) => days.push(await dayWithoutSignal(zone, eye, page)));
      }
      usual(days, eye);
    }
  } finally {
    await zone.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
