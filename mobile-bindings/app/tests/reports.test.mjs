// Reports on the desk and on the phone: what the server counted is what the screen and the files say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { desk, open } from './browser.mjs';
import { at, enters, picture, server } from './people.mjs';
import { town } from './town.mjs';

const OPEN = 24;
const SETTLED = 6;
const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } };
let zone;
let browser;
let page;
before(async () => {
  zone = await town();
  zone.fill(OPEN, SETTLED);
  browser = await open();
  page = await enter(zone.account('supervisor', 'yingji'));
});
after(async () => {
  await browser.close();
  await zone.close();
});

async function enter(account) {
  const it = await enters(await browser.newContext({ ...desk, acceptDownloads: true }), zone.address, account);
  return it;
}

const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
const texts = (part) => part.evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

async function exported(format) {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: `导出 ${format}` }).click();
  const file = await coming;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

async function pictures(name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await page.evaluate(() => window.scrollTo(0, 0));
    await picture(page, `${name}-${size}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.ok(!wide, `${name} is wider than the ${size}`);
  }
  await page.setViewportSize(desk.viewport);
}

test('the week in figures is found from the overview, and its files hold what the screen shows', { timeout: 120_000 }, async () => {
  await at(page, '/dashboard');
  await page.getByRole('link', { name: /每周调度表/ }).click();
  await page.getByRole('heading', { name: '每周调度表', level: 2 }).waitFor();
  // Nothing happened last week, which is over.
  await page.getByText('没有符合条件的内容。').waitFor();
  await page.getByLabel('该周的任意一天').fill(today());
  await page.locator('tfoot').waitFor();
  const [total] = await texts(page.locator('tfoot tr'));
  assert.deepEqual(total.slice(2), [`${OPEN + SETTLED}`, '0', '0', `${SETTLED}`, '0', `${OPEN}`, '0']);
  await page.getByText('该周还没有结束，数字还会变化。').waitFor();
  await pictures('report-weekly');

  // Whoever reloads asks the same.
  await page.reload();
  await page.locator('tfoot').waitFor();
  assert.equal(await page.getByLabel('该周的任意一天').inputValue(), today());

  const csv = await exported('CSV');
  assert.match(csv.name, /^每周调度表_\d{4}-\d\d-\d\d至\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/);
  const lines = csv.bytes.toString('utf8').slice(1).trim().split('\r\n');
  const file = lines.map((line) => line.slice(1, -1).split('","'));
  assert.equal(csv.bytes.toString('utf8')[0], '\ufeff');
  assert.deepEqual(file, [...(await texts(page.locator('thead tr'))), ...(await texts(page.locator('tbody tr'))), total]);
  const xlsx = await exported('Excel');
  assert.match(xlsx.name, /^每周调度表_.*\.xlsx$/);
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), 'PK');

  // The files are those of the server, which also gives them to programs.
  const office = await server(zone, zone.account('supervisor', 'yingji'));
  const sheet = await office.ask(`/api/v1/reports/weekly?day=${today()}`);
  assert.deepEqual(sheet.total.slice(2).map(String), total.slice(2));
});

test('a report that the app never saw is drawn from its sheet', { timeout: 60_000 }, async () => {
  const column = (name, title, kind) => ({ name, title, kind });
  const columns = [
    column('enterprise', '企业', 'name'), column('street', '街道', 'name'), column('description', '隐患', 'text'), column('place', '位置', 'text'),
    column('deadline', '整改期限', 'date'), column('days_late', '逾期天数', 'count'), column('officers', '检查人员', 'text'), column('number', '文书号', 'name'),
  ];
  const row = (n) => [
    `山东澜栎新能源科技有限公司第${n}分公司`, '张范街道', '电芯拆解区未与成品库分隔，且未设置视频监控和温度报警装置', n % 3 ? '二号车间东侧拆解区' : null,
    new Date(Date.UTC(2026, 10, 28 - 40 + n)).toISOString().slice(0, 10), 40 - n, '何桐、刘敏', `（枣高）应急责改〔2026〕${n}号`,
  ];
  const rows = Array.from({ length: 40 }, (_, n) => row(n + 1));
  const total = ['合计', null, '40 处', null, null, null, null, null];
  const sheet = { title: '逾期隐患清单', period: '截至2026-11-28', narrowed: ['张范街道'], until: Date.now(), frozen_at: Date.now(), notes: ['统计截至 2026-11-28 10:20 服务器已收到的记录。'], columns, rows, total };
  const input = (name, title, choices, usual) => ({ name, title, choices, usual });
  const inputs = [input('at', '截至', null, '2026-11-28'), input('street', '街道', [{ value: '', title: '全部' }, { value: '1', title: '张范街道' }], '')];
  const asked = [];
  await page.context().route('**/api/v1/reports', (route) => route.fulfill({ json: [{ name: 'unheard', title: '逾期隐患清单', about: '某日逾期未整改的隐患，逾期最久的在前。', inputs }] }));
  await page.context().route('**/api/v1/reports/unheard*', (route) => {
    asked.push(new URL(route.request().url()).search);
    return route.fulfill({ json: sheet });
  });
  await at(page, '/report/unheard');
  await page.getByText('已定稿').waitFor();
  await page.getByLabel('街道').selectOption({ label: '张范街道' });
  await page.waitForFunction(() => location.hash.includes('street=1'));
  await pictures('report-overdue');
  assert.equal(await page.locator('tbody tr').count(), 30);
  await page.getByRole('button', { name: /再显示/ }).click();
  assert.deepEqual(await texts(page.locator('tbody tr')), rows.map((it) => it.map((cell) => `${cell ?? ''}`)));
  assert.deepEqual(asked, ['?at=2026-11-28', '?at=2026-11-28&street=1']);
  await page.context().unroute('**/api/v1/reports');
  await page.context().unroute('**/api/v1/reports/unheard*');
});

test('who reads no reports is told so and finds no way there', { timeout: 60_000 }, async () => {
  const inspector = await enter(zone.account('inspector', 'yingji'));
  await at(inspector, '/dashboard');
  await inspector.getByRole('heading', { name: '全区分布' }).waitFor();
  assert.equal(await inspector.getByRole('heading', { name: '报表' }).count(), 0);
  await at(inspector, '/report/weekly');
  await inspector.getByText('您的岗位没有这项权限。').waitFor();
  await inspector.context().close();
});
