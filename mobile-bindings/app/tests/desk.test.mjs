// The desk of a supervisor: lists with filters that stay, files for the office, a keyboard without a mouse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { desk, open } from './browser.mjs';
import { enters } from './people.mjs';
import { town } from './town.mjs';

/** Cases of the zone: more than one page of the list. */
const OPEN = 64;
const SETTLED = 12;
let zone;
let browser;
let page;
before(async () => {
  zone = await town();
  zone.fill(OPEN, SETTLED);
  browser = await open();
  page = await enters(await browser.newContext({ ...desk, acceptDownloads: true }), zone.address, zone.account('supervisor', 'yingji'));
});
after(async () => {
  await browser.close();
  await zone.close();
});

const at = (path) => page.goto(`${zone.address}/app/#${path}`);
const total = (count) => page.getByRole('status').filter({ hasText: `${count} 处` }).waitFor();

/** The file as a spreadsheet reads it: rows of cells, without the mark of the encoding. */
function cells(text) {
  assert.equal(text[0], '\ufeff', 'a spreadsheet knows the encoding by its mark');
  const rows = text.slice(1).split('\r\n').filter(Boolean);
  return rows.map((row) => [...row.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map((it) => it[1].replaceAll('""', '"')));
}

async function exported() {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出 CSV' }).click();
  const file = await coming;
  assert.match(file.suggestedFilename(), /^隐患清单_\d{4}-\d\d-\d\d\.csv$/);
  return cells(readFileSync(await file.path(), 'utf8'));
}

/** What the table shows, all pages of it: enterprise with number, hazard with place, and the plain columns. */
async function rows(count) {
  const lines = page.locator('tbody tr');
  while ((await lines.count()) < count) {
    const before = await lines.count();
    await page.getByRole('button', { name: '更多', exact: true }).click();
    await lines.nth(before).waitFor();
  }
  return lines.evaluateAll((all) =>
    all.map((line) =>
      [...line.cells].map((cell) =>
        [...cell.childNodes].filter((it) => it.nodeType === Node.TEXT_NODE || it.tagName === 'SPAN').map((it) => it.textContent.trim()),
      ),
    ),
  );
}

test('a filter that was saved is there after a new start, and its file holds what the screen shows', { timeout: 180_000 }, async () => {
  await at('/hazards');
  await total(OPEN + SETTLED);
  await page.getByLabel('状态').selectOption({ label: '待送达' });
  await total(OPEN);
  await page.getByLabel('给筛选起名').fill('还没有送达的');
  await page.getByRole('button', { name: '保存筛选' }).click();

  await page.reload();
  await total(OPEN + SETTLED);
  await page.getByRole('button', { name: '还没有送达的', exact: true }).click();
  await total(OPEN);
  assert.equal(await page.getByRole('button', { name: '还没有送达的', exact: true }).getAttribute('aria-pressed'), 'true');

  const [head, ...file] = await exported();
  assert.deepEqual(head, ['文书号', '企业', '街道', '行业', '部门', '等级', '隐患', '位置', '状态', '期限', '是否逾期']);
  const screen = await rows(OPEN);
  assert.equal(file.length, OPEN);
  const shown = file.map(([number, who, street, , , grade, what, where, state, term]) => ({ number, who, street, grade, what, where, state, term }));
  const seen = screen.map(([[who, number], [what, where], [grade], [street], [state], [term = '']]) => ({ number, who, street, grade, what, where, state, term }));
  assert.deepEqual(shown, seen);
  assert.ok(file.every((row) => row[10] === '否' && row[3] && row[4]));

  await page.getByRole('button', { name: '删除筛选“还没有送达的”' }).click();
  await page.reload();
  await total(OPEN + SETTLED);
  assert.equal(await page.getByRole('button', { name: '还没有送达的', exact: true }).count(), 0);
});

test('the overview counts by the weeks of the reports, and what was dismissed is not called closed', { timeout: 60_000 }, async () => {
  await at('/dashboard');
  const numbers = page.locator('.numbers > *');
  await page.locator('.numbers').getByText(String(OPEN), { exact: true }).waitFor();
  assert.deepEqual((await numbers.allInnerTexts()).map((it) => it.replace(/\s+/g, ' ')), [`${OPEN} 整改中`, '0 逾期 查看', '0 已办结', `${SETTLED} 撤销`]);
  // Weeks begin on Monday in Beijing, the last one is the one that runs.
  const day = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Shanghai', weekday: 'short' }).format(Date.now());
  const since = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(day);
  const monday = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric' }).format(Date.now() - since * 86_400_000);
  const labels = await page.locator('svg[aria-label^="近八周"] text').allTextContents();
  assert.equal(labels.filter((it) => it.includes('/')).length, 8);
  assert.equal(labels.at(-1), monday);
});

/** Presses the tabulator until a part of the page has the focus; whoever cannot be reached fails. */
async function reach(locator) {
  await locator.waitFor();
  for (let step = 0; step < 200; step += 1) {
    if (await locator.evaluate((it) => it === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`no key reaches ${locator}`);
}

test('a desk needs no mouse: tabs, lists, a case and the way back', { timeout: 120_000 }, async () => {
  await at('/today');
  await page.reload();
  await reach(page.getByRole('tab', { name: '隐患' }));
  await page.keyboard.press('Enter');
  await reach(page.getByLabel('状态'));
  // The states stand in the order of the loop, the last one is the end of it.
  await page.keyboard.press('End');
  assert.equal(await page.getByLabel('状态').inputValue(), 'dismissed');
  await total(SETTLED);
  const outline = await page.getByLabel('状态').evaluate((it) => getComputedStyle(it).outlineStyle);
  assert.notEqual(outline, 'none', 'whoever uses keys sees where they are');
  await reach(page.locator('tbody tr').first());
  await page.keyboard.press('Enter');
  await page.getByText('封存检查记录').waitFor();
  await reach(page.getByRole('button', { name: '返回' }));
  await page.keyboard.press('Enter');
  // The list is as it was left.
  await total(SETTLED);

  await at('/today');
  await reach(page.getByRole('button', { name: '下达检查' }));
  await page.keyboard.press('Enter');
  await reach(page.getByRole('radio').first());
  await page.keyboard.press('Space');
  assert.equal(await page.getByRole('radio').first().getAttribute('aria-checked'), 'true');
});

test('what is tapped is large enough for a glove, on the desk and on the phone, in every size of text', { timeout: 120_000 }, async () => {
  const small = [];
  for (const text of ['normal', 'largest']) {
    await page.evaluate((size) => localStorage.setItem('text', size), text);
    await page.reload();
    for (const viewport of [desk.viewport, { width: 412, height: 839 }]) {
      await page.setViewportSize(viewport);
      for (const path of ['/today', '/hazards', '/dashboard', '/report/weekly', '/plan', '/outbox', '/me']) {
        await at(path);
        await page.locator('header').waitFor();
        const found = await page.evaluate(() => {
          const parts = [...document.querySelectorAll('button, select, input:not([type=file]), [role=tab], [role=button], [role=radio]')];
          const low = (it) => it.getClientRects().length > 0 && it.getBoundingClientRect().height < 44 && !it.closest('.van-field, .van-search');
          const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page is wider than the screen'] : [];
          return [...parts.filter(low).map((it) => it.outerHTML.slice(0, 100)), ...wide];
        });
        small.push(...found.map((it) => `${text} ${viewport.width} ${path} ${it}`));
      }
    }
  }
  assert.deepEqual(small, []);
});
