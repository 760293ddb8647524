// Papers of a case, orders on the spot, notices that nobody served: from the door to the consent.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { serious } from './axe.mjs';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, cosigns, delivered, goes, hears, isWhole, lock, picture, plan, seals, signal } from './people.mjs';
import { photo } from './scenes.mjs';
import { town } from './town.mjs';

const root = new URL('../../../', import.meta.url).pathname;
const source = new URL('../src/', import.meta.url).pathname;
/** A place that would be more than text if anything took it for more. */
const HOSTILE = '三号库<img src=x onerror="document.title=1"><script>document.title=2</script>';
const small = { ...phone, viewport: { width: 360, height: 740 } };
const large = { ...desk, viewport: { width: 1440, height: 900 } };
let zone;
let browser;
let people;
const pages = {};
/** What the policy of the app refused. */
const complaints = [];
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  Object.assign(pages, await company(browser, zone, people, { supervisor: large, wang: small, li: small, owner: small }, async (page) => {
    page.on('console', (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()));
    await page.addInitScript(() => (window.print = () => (window.printed = (window.printed ?? 0) + 1)));
  }));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕51号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
});
after(async () => {
  await browser.close();
  await zone.close();
});

const barriers = async (page) => assert.deepEqual(await serious(page), []);
const sheet = (page) => page.locator('.sheet');
/** Width of what is printed, in points, and on how many sheets. */
async function printed(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const widths = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+)/g)].map((it) => Math.round(Number(it[1])));
  return { width: widths[0], sheets: widths.length };
}
/** What of a page is seen when it is printed. */
async function printedParts(page) {
  await page.emulateMedia({ media: 'print' });
  const seen = await page.evaluate(() => [...document.querySelectorAll('#app > *, .paper-page > *')].filter((it) => it.getClientRects().length).map((it) => it.className.split(' ')[0]));
  await page.emulateMedia({ media: null });
  return seen;
}

test('at the door the papers of the visit are shown and printed without a network', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  await isWhole(wang);
  await wang.context().setOffline(true);
  await goes(wang);
  await wang.getByRole('link', { name: /现场检查方案/ }).waitFor();
  await barriers(wang);
  await arrives(wang);
  await wang.getByRole('tab', { name: '文书' }).click();
  await wang.getByRole('heading', { name: '文书 2' }).waitFor();
  await barriers(wang);
  await picture(wang, 'papers');
  await wang.getByRole('link', { name: /行政检查通知书/ }).click();
  await sheet(wang).getByRole('heading', { name: '行政检查通知书' }).waitFor();
  await sheet(wang).getByText(people.owner.place.name).first().waitFor();
  await wang.getByText(people.wang.person.certificate).first().waitFor();
  await barriers(wang);
  await picture(wang, 'paper');

  // It is printed alone, on the sheet that is chosen.
  await wang.getByRole('button', { name: '打印' }).click();
  assert.equal(await wang.evaluate(() => window.printed), 1);
  assert.deepEqual(await printedParts(wang), ['page', 'sheet']);
  assert.equal((await printed(wang)).width, 595);
  await wang.getByRole('button', { name: '80 毫米' }).click();
  await sheet(wang).locator('main.roll').waitFor();
  await picture(wang, 'paper-roll');
  assert.deepEqual(await printed(wang), { width: 227, sheets: 1 });

  // A PDF is the server's.
  assert.ok(await wang.getByRole('button', { name: /下载 PDF/ }).isDisabled());
  await wang.getByRole('button', { name: '返回' }).click();
  await wang.getByRole('tab', { name: '文书' }).waitFor();
});

test('an item says how it is checked, what shows it, what is done at once and when it is major', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  const { items } = JSON.parse(readFileSync(`${root}fixtures/checklists/LB.json`, 'utf8'));
  const [item] = items;
  await wang.getByRole('tab', { name: /检查表/ }).click();
  await wang.getByRole('button', { name: new RegExp(item.code) }).click();
  for (const text of [item.how, item.evidence.join('、'), item.immediate, item.criterion.clause]) await wang.getByRole('definition').getByText(text, { exact: false }).first().waitFor();
  await picture(wang, 'item', wang.locator('.card', { hasText: item.code }));
  await barriers(wang);
  await wang.locator('.card', { hasText: item.code }).getByRole('button', { name: '不合格' }).click();
  await wang.getByText('发现时的照片').or(wang.getByRole('heading', { name: '等级' })).first().waitFor();
  await wang.locator('summary').click();
  await wang.getByText(item.immediate).waitFor();
  await barriers(wang);
});

test('an officer orders on the spot what cannot wait, and the order stands with its hazard', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  assert.equal(await wang.getByRole('button', { name: '现场处理措施' }).count(), 0, 'nothing is ordered because of a hazard that is not written down');
  await wang.locator('input[type=file]').first().setInputFiles(await photo(wang, '电池库'));
  await wang.getByAltText('发现时的照片').waitFor();
  await wang.getByLabel('位置').fill(HOSTILE);
  await wang.getByRole('button', { name: '现场处理措施' }).click();
  const order = wang.getByRole('button', { name: '责令执行' });
  await wang.getByLabel('范围').fill('三号库');
  await wang.locator('.card', { has: order }).getByLabel('理由').fill('故障电池仍在充电');
  assert.ok(await order.isDisabled(), 'an order orders something');
  const measures = wang.getByRole('group', { name: '责令' });
  for (const name of ['责令停止使用', '责令立即排除', '责令撤出作业人员', '责令撤出作业人员']) await measures.getByRole('button', { name }).click();
  await barriers(wang);
  await picture(wang, 'order', wang.getByRole('heading', { name: '现场处理措施' }));
  await order.click();
  await wang.getByText('责令立即排除、责令停止使用（三号库）').waitFor();
  await wang.getByText('停止中').waitFor();
  await wang.getByText('理由：故障电池仍在充电').waitFor();
  assert.equal(await order.count(), 0, 'a hazard has one order');
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: /隐患/ }).click();
  await wang.getByText('停止中').waitFor();
  await picture(wang, 'visit-order');
});

test('a hazard that no item names takes duty and term from the dated law', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  const terms = JSON.parse(readFileSync(`${root}fixtures/laws/terms.json`, 'utf8'));
  const { term, duty } = terms.find((it) => it.grade === 'general' && !it.sector);
  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByText(new RegExp(`《.*》${duty.clause}`)).waitFor();
  assert.equal(await wang.locator('.days input').inputValue(), `${term.days}`);
  await wang.getByLabel('问题').fill('应急照明损坏');
  await wang.getByLabel('位置').fill('二号车间');
  await wang.locator('input[type=file]').first().setInputFiles(await photo(wang, '标志'));
  await wang.getByAltText('发现时的照片').waitFor();
  await wang.getByRole('button', { name: '完成' }).click();
  const sources = readdirSync(source, { recursive: true }).filter((it) => /\.(ts|vue)$/.test(it));
  const articles = sources.filter((it) => /第[一二三四五六七八九十百]+条/.test(readFileSync(source + it, 'utf8')));
  assert.deepEqual(articles, [], 'articles of law stand in the dated data');
});

test('what was written into a record is text on its paper, and nothing else', { timeout: 120_000 }, async () => {
  const { wang, li } = pages;
  await wang.context().setOffline(false);
  await delivered(wang);
  await at(li, '/tasks');
  await hears(li, li.getByRole('button', { name: '继续' }));
  await li.getByRole('button', { name: '继续' }).click();
  await arrives(li);
  await delivered(li);
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  await seals(wang);
  await delivered(wang);
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  await wang.getByRole('tab', { name: '文书' }).click();
  await wang.getByRole('link', { name: /现场检查记录/ }).click();
  await sheet(wang).getByText(HOSTILE).first().waitFor();
  const title = await wang.title();
  const found = await sheet(wang).evaluate((it) => ['script', '[onerror]', '[style]', 'img[src=x]', 'iframe', 'a'].filter((name) => it.shadowRoot.querySelector(name)));
  assert.deepEqual(found, []);
  assert.equal(title, '直查');
  assert.ok(await sheet(wang).evaluate((it) => getComputedStyle(it.shadowRoot.querySelector('h1')).textAlign === 'center'), 'it has the styles of paper');
  assert.deepEqual(complaints, []);
  await barriers(wang);

  // The server gives it as PDF.
  const [file] = await Promise.all([wang.waitForEvent('download'), wang.getByRole('button', { name: '下载 PDF' }).click()]);
  assert.match(file.suggestedFilename(), /^现场检查记录.*\.pdf$/);
  assert.equal(readFileSync(await file.path()).subarray(0, 5).toString(), '%PDF-');
});

test('a notice that nobody served says so, in the list and on the desk', { timeout: 120_000 }, async () => {
  const { li, supervisor } = pages;
  await cosigns(li);
  await at(li, '/notices');
  await hears(li, li.getByText(/应急责改〔\d+〕\d+号/));
  await li.getByText('未送达，今天签发').waitFor();
  await li.getByRole('button', { name: '未送达' }).click();
  await li.getByText(/应急责改/).waitFor();
  await barriers(li);
  await picture(li, 'unserved');
  await at(supervisor, '/today');
  await hears(supervisor, supervisor.getByRole('heading', { name: '未送达 1' }));
  await barriers(supervisor);
  await picture(supervisor, 'today-unserved', supervisor.getByRole('heading', { name: '未送达 1' }));
  await supervisor.getByText(/应急责改.* 签发/).click();
  await supervisor.getByText('未送达，今天签发').waitFor();

  // On the desk the papers of the whole case lie together, notice and record alike.
  await at(supervisor, '/hazards');
  await supervisor.getByText(people.owner.place.name).first().click();
  await supervisor.getByText('封存检查记录').waitFor();
  await supervisor.getByRole('link', { name: /现场检查记录/ }).waitFor();
  await barriers(supervisor);
  await picture(supervisor, 'case-papers');
  await supervisor.getByRole('link', { name: /责令限期整改指令书/ }).click();
  await sheet(supervisor).getByText('应急照明损坏').first().waitFor();
  await barriers(supervisor);
  await picture(supervisor, 'paper-desk');
  await supervisor.getByRole('button', { name: '返回' }).click();
});

test('the enterprise sees what was ordered and what follows, asks to go on, and a supervisor consents', { timeout: 180_000 }, async () => {
  const { owner, supervisor, li } = pages;
  const [template] = JSON.parse(readFileSync(`${root}fixtures/papers/templates/rectification_notice.json`, 'utf8'));
  const said = (place) => template.passages.find((it) => it.place === place).text;
  await at(owner, '/notices');
  await hears(owner, owner.getByText(/应急责改/));
  await owner.getByText(/应急责改/).click();
  await owner.getByText('责令立即排除、责令停止使用（三号库）').waitFor();
  await owner.getByRole('heading', { name: '文书 1' }).waitFor();
  await barriers(owner);
  await picture(owner, 'notice-order');
  await owner.getByRole('button', { name: '同意并确认收到' }).click();
  await owner.getByText(/已送达：/).waitFor();
  await delivered(owner);
  await hears(li, li.getByText('没有未送达的通知。'));
  await li.getByRole('button', { name: '全部' }).click();
  await li.getByText(/还剩 \d+ 天/).first().waitFor();

  await at(owner, '/notices');
  await hears(owner, owner.getByText(/还剩 \d+ 天/).first());
  await owner.getByText(/应急责改/).click();
  await owner.getByText('三号库', { exact: false }).first().click();
  for (const place of ['consequences', 'major']) await owner.getByText(said(place)).waitFor();
  await owner.getByRole('heading', { name: '申请恢复生产或使用' }).waitFor();
  const ask = owner.locator('.card', { has: owner.getByRole('button', { name: '提交申请' }) }).filter({ hasText: '申请恢复' });
  await ask.locator('input[type=file]').first().setInputFiles(await photo(owner, '已隔离'));
  await ask.getByAltText('本次照片').waitFor();
  await ask.getByLabel('整改情况').fill('故障电池已移入隔离间');
  await ask.getByRole('button', { name: '提交申请' }).click();
  await owner.getByText('申请恢复，待审批').waitFor();
  await owner.getByRole('status').filter({ hasText: '已提交' }).waitFor();
  await barriers(owner);
  await picture(owner, 'resumption-asked');
  await delivered(owner);

  await at(supervisor, '/today');
  await hears(supervisor, supervisor.getByRole('heading', { name: '审批恢复生产或使用' }));
  await supervisor.locator('.card', { hasText: '审批恢复生产或使用' }).getByRole('button', { name: '查看并决定' }).click();
  const decide = supervisor.locator('.card', { has: supervisor.getByRole('button', { name: '同意恢复' }) });
  await decide.getByLabel('意见').fill('现场照片核对无误');
  await decide.getByRole('button', { name: /放大/ }).first().click();
  await supervisor.locator('.van-image-preview__image').waitFor();
  await supervisor.keyboard.press('Escape');
  await supervisor.locator('.van-image-preview__image').waitFor({ state: 'hidden' });
  await barriers(supervisor);
  await picture(supervisor, 'resumption');
  await decide.getByRole('button', { name: '同意恢复', exact: true }).click();
  await supervisor.getByText('已同意恢复').waitFor();
  await delivered(supervisor);
  await signal(owner);
  await at(owner, '/notices');
  await owner.getByText(/应急责改/).click();
  await hears(owner, owner.getByText('已同意恢复'));
});

test('a supervisor corrects a paper: the one that was issued stays readable, and everybody reads the corrected one', { timeout: 120_000 }, async () => {
  const { owner, supervisor } = pages;
  await at(supervisor, '/hazards');
  await supervisor.getByText(people.owner.place.name).first().click();
  const notice = supervisor.getByRole('link', { name: /责令限期整改指令书/ });
  await notice.waitFor();
  assert.equal(await notice.getByText('待出具').count(), 0, 'it is issued with the notice');
  await notice.click();
  await sheet(supervisor).getByText('应急照明损坏').first().waitFor();
  await supervisor.getByRole('button', { name: '更正文书' }).click();
  const correct = supervisor.getByRole('button', { name: '更正并重新出具' });
  assert.ok(await correct.isDisabled(), 'it is said what is wrong');
  await supervisor.getByLabel('更正内容').fill('位置“二号车间”应为“三号车间”');
  await supervisor.getByLabel('理由').fill('抄录错误');
  await barriers(supervisor);
  await picture(supervisor, 'paper-correct', correct);
  await correct.click();
  await sheet(supervisor).getByRole('heading', { name: '更正说明' }).waitFor();
  assert.equal(await supervisor.getByRole('button', { name: '更正文书' }).count(), 0, 'an edition is corrected once');
  await picture(supervisor, 'paper-corrected');
  const [, id] = supervisor.url().match(/#\/paper\/notice\/([0-9a-f-]+)/);
  await delivered(supervisor);

  // What was issued before is read word for word as the server keeps it.
  await at(supervisor, `/notice/${id}`);
  await hears(supervisor, notice.nth(1));
  await hears(supervisor, notice.filter({ hasText: '已更正' }));
  await barriers(supervisor);
  await picture(supervisor, 'papers-corrected', supervisor.getByRole('heading', { name: /^文书/ }));
  await notice.filter({ hasText: '已更正' }).click();
  await supervisor.getByText('本文书已更正，以更正后出具的为准').waitFor();
  await sheet(supervisor).getByText('应急照明损坏').first().waitFor();
  assert.equal(await sheet(supervisor).getByText('更正说明').count(), 0);
  await barriers(supervisor);

  await at(owner, '/notices');
  await owner.getByText(/应急责改/).click();
  await hears(owner, owner.getByText('已更正'));
  await owner.getByRole('link', { name: /责令限期整改指令书/ }).last().click();
  await sheet(owner).getByText('更正内容：位置“二号车间”应为“三号车间”').waitFor();
  assert.equal(await owner.getByRole('button', { name: '更正文书' }).count(), 0);
});
