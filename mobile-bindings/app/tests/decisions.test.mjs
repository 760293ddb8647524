// What is decided on paper elsewhere: a hazard that is none, pressure on one that stays, and who leaves a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, cosigns, delivered, enters, goes, hears, hearsThere, lock, picture, plan, seals, server } from './people.mjs';
import { photo } from './scenes.mjs';
import { signIn, town } from './town.mjs';

/** Where the leading officer stands. */
const GATE = { latitude: 34.8107, longitude: 117.3237, accuracy: 12 };
let zone;
let browser;
let people;
const pages = {};
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  const kinds = {
    supervisor: desk,
    wang: { ...phone, geolocation: GATE, permissions: ['geolocation'] },
    li: { ...phone, permissions: [] },
    owner: phone,
  };
  Object.assign(pages, await company(browser, zone, people, kinds));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕31号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
});
after(async () => {
  await browser.close();
  await zone.close();
});

/** The case of the visit as the server holds it. */
async function timeline() {
  const { ask } = await server(zone, people.supervisor);
  const { rows } = await ask('/api/v1/hazards');
  return { rows, ...(await ask(`/api/v1/cases/inspection/${rows[0].inspection}`)) };
}

/** An officer takes a photo with the camera of the phone. */
async function shoots(page, name, shutter = 0, shown = '发现时的照片') {
  await page.locator('input[type=file]').nth(shutter).setInputFiles(await photo(page, name));
  await page.getByAltText(shown).waitFor();
}

test('who arrives says where, if the phone may say it, and arrives all the same if not', { timeout: 120_000 }, async () => {
  const { wang, li } = pages;
  await goes(wang);
  await wang.getByText('已取得位置，误差约 12 米').waitFor();
  await arrives(wang);
  await goes(li);
  await li.getByText('没有位置信息，不影响登记').waitFor();
  await arrives(li);
});

test('a finding takes the words, the term, the duty and the criterion of the item that is chosen for it', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  await wang.getByRole('tab', { name: /隐患/ }).click();
  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByLabel('位置').fill('一号车间');
  const major = wang.getByRole('button', { name: '重大隐患', exact: true });
  // What no item foresees is major by a criterion of the sector, and rests on any duty of the law of the day.
  const pressed = (yes) => wang.waitForFunction((yes) => document.querySelector('.choice.bad')?.getAttribute('aria-pressed') === yes, `${yes}`);
  await major.click();
  await wang.getByRole('heading', { name: '重大事故隐患判定标准' }).waitFor();
  await picture(wang, 'criteria', wang.getByRole('heading', { name: '重大事故隐患判定标准' }));
  await wang.locator('.van-popup .van-cell--clickable').first().click();
  await pressed(true);
  await wang.getByText(/判定标准：《/).waitFor();
  await wang.getByRole('button', { name: '从法律法规中选择依据' }).click();
  await wang.getByRole('searchbox', { name: '按内容或名称查找' }).fill('消防法');
  await wang.locator('.van-popup .van-cell--clickable').filter({ hasText: '消防法' }).first().click();
  await wang.locator('[data-field=basis]').getByText(/《.*消防法》/).first().waitFor();
  await wang.getByRole('button', { name: '从检查表选用事项' }).click();
  await wang.getByPlaceholder('查找事项，例如：灭火器').fill('铝镁粉');
  await wang.getByText('导电粉尘、铝镁粉的上料和除尘防爆措施不符合要求').click();
  await wang.getByText(/判定标准：《.*》第十一条/).waitFor();
  await wang.waitForFunction((words) => [...document.querySelectorAll('textarea')].some((it) => it.value === words), '导电粉尘、铝镁粉的上料和除尘防爆措施不符合要求');
  assert.equal(await wang.getByLabel('位置').inputValue(), '一号车间');
  assert.equal(await wang.locator('.days input').inputValue(), '7');
  assert.equal(await wang.getByRole('button', { name: '一般隐患', exact: true }).getAttribute('aria-pressed'), 'true');
  // With a criterion the grade is the officer's to raise, and to lower again.
  await major.click();
  await wang.waitForFunction(() => document.querySelector('.choice.bad')?.getAttribute('aria-pressed') === 'true');
  await wang.getByRole('button', { name: '一般隐患', exact: true }).click();
  await wang.waitForFunction(() => document.querySelector('.choice.bad')?.getAttribute('aria-pressed') === 'false');
  await major.click();
  await wang.waitForFunction(() => document.querySelector('.choice.bad')?.getAttribute('aria-pressed') === 'true');
  await shoots(wang, '除尘');
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: '隐患 1' }).waitFor();

  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByLabel('问题').fill('疏散指示标志损坏');
  await wang.getByLabel('位置').fill('二号车间');
  await shoots(wang, '标志');
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: '隐患 2' }).waitFor();

  // What is put right at once is on no notice, and so are its photos.
  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByLabel('问题').fill('通道堆放杂物');
  await wang.getByLabel('位置').fill('三号车间');
  await shoots(wang, '杂物');
  await wang.getByRole('button', { name: '当场整改' }).click();
  await shoots(wang, '已清理', 1, '整改后的照片');
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: '隐患 3' }).waitFor();
  await delivered(wang);
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  await seals(wang);
  await delivered(wang);
  await cosigns(pages.li);

  const { entries } = await timeline();
  const fixes = entries.filter((it) => it.kind === 'inspection.arrived').map((it) => it.statement.body.fix);
  const position = { lat_e7: Math.round(GATE.latitude * 1e7), lon_e7: Math.round(GATE.longitude * 1e7) };
  assert.deepEqual(fixes, [{ position, accuracy_dm: 120, source: 'network', mock: false }, null]);
});

test('a supervisor decides whether a hazard is major, with the criterion and the photo before the eyes', { timeout: 120_000 }, async () => {
  const { supervisor } = pages;
  await at(supervisor, '/today');
  await hears(supervisor, supervisor.getByRole('heading', { name: '重大隐患审核' }));
  await supervisor.getByText(/检查人员定为重大隐患，依据《.*》第十一条/).waitFor();
  await supervisor.getByRole('button', { name: '查看并决定' }).click();
  const uphold = supervisor.getByRole('button', { name: '认定为重大隐患' });
  assert.ok(await uphold.isDisabled(), 'without the facts nobody decides');
  await supervisor.getByLabel('理由').fill('现场查见上料未设锁气卸灰，积尘超过一毫米');
  await uphold.click();
  await supervisor.getByText('现场查见上料未设锁气卸灰，积尘超过一毫米').waitFor();
  assert.equal(await uphold.count(), 0);
  await delivered(supervisor);
  const { rows, entries } = await timeline();
  assert.deepEqual(rows.map((it) => it.grade).sort(), ['general', 'general', 'major']);
  const decided = entries.filter((it) => it.kind === 'major.decided').map((it) => it.statement.body.upheld);
  assert.deepEqual(decided, [true]);
});

test('an officer proposes to dismiss a hazard, a supervisor decides, and the enterprise is told', { timeout: 120_000 }, async () => {
  const { supervisor, li, owner } = pages;
  await at(li, '/notices');
  await hears(li, li.getByText(/应急责改〔\d+〕\d+号/));
  await li.getByText(/应急责改/).click();
  await li.getByText('疏散指示标志损坏').click();
  await li.getByRole('button', { name: '提请撤销' }).click();
  const propose = li.getByRole('button', { name: '提请撤销' });
  assert.ok(await propose.isDisabled(), 'without a reason nothing is proposed');
  await li.getByLabel('理由').fill('现场已更换，检查前一日的旧照片误入');
  await propose.click();
  await li.getByText('提请撤销', { exact: true }).first().waitFor();
  await delivered(li);

  await at(supervisor, '/today');
  await hears(supervisor, supervisor.getByRole('heading', { name: '批准撤销' }));
  await supervisor.getByText('提请理由：现场已更换，检查前一日的旧照片误入').waitFor();
  await supervisor.getByRole('button', { name: '查看并决定' }).click();
  const proposal = supervisor.locator('.history li', { hasText: '提请撤销' });
  await proposal.getByText(people.li.person.name).waitFor();
  await proposal.getByText('现场已更换，检查前一日的旧照片误入').waitFor();
  const confirm = supervisor.getByRole('button', { name: '批准撤销' });
  assert.ok(await confirm.isDisabled());
  await supervisor.getByLabel('理由').fill('经核实属误录');
  await confirm.click();
  await supervisor.getByText('已撤销').first().waitFor();
  await delivered(supervisor);

  await at(owner, '/notices');
  await hears(owner, owner.getByText('已撤销'));
  const { rows } = await timeline();
  assert.deepEqual(rows.map((it) => it.state).sort(), ['dismissed', 'fixed_on_spot', 'issued']);
});

test('a supervisor puts a hazard under listed supervision, and the list says so', { timeout: 120_000 }, async () => {
  const { supervisor, owner } = pages;
  await owner.getByText(/应急责改/).click();
  await owner.getByRole('button', { name: '同意并确认收到' }).click();
  await owner.getByText(/已送达/).waitFor();
  await delivered(owner);
  const finding = '导电粉尘、铝镁粉的上料和除尘防爆措施不符合要求';
  await at(supervisor, '/notices');
  await supervisor.getByText(/应急责改/).click();
  await supervisor.getByText(finding).click();
  const list = supervisor.getByRole('button', { name: '挂牌督办', exact: true });
  await hears(supervisor, list);
  await list.click();
  await supervisor.getByLabel('理由').fill('粉尘涉爆，限期整改期间停产');
  await supervisor.getByLabel('督办期限').fill('2027-01-31');
  assert.ok(await list.isDisabled(), 'nobody lists a hazard without having looked at it');
  await supervisor.getByRole('button', { name: /放大：隐患照片/ }).click();
  await supervisor.locator('.van-image-preview__image').waitFor();
  await supervisor.keyboard.press('Escape');
  await supervisor.locator('.van-image-preview__image').waitFor({ state: 'hidden' });
  await supervisor.getByText('已查看 1 / 1 张').waitFor();
  await picture(supervisor, 'listing', supervisor.getByRole('heading', { name: '挂牌督办' }));
  await list.click();
  await supervisor.getByText('挂牌督办，期限 2027-01-31').waitFor();
  assert.equal(await list.count(), 0, 'a hazard is listed once');
  await delivered(supervisor);

  await at(owner, '/notices');
  await owner.getByText(/应急责改/).click();
  await owner.getByText(finding).click();
  await hears(owner, owner.getByText('挂牌督办，期限 2027-01-31'));
  const { entries } = await timeline();
  const listings = entries.filter((it) => it.kind === 'supervision.listed').map((it) => it.statement.body.until);
  assert.deepEqual(listings, ['2027-01-31']);
  const { rows } = await timeline();
  const listed = rows.filter((it) => it.escalation);
  assert.deepEqual(listed.map((it) => [it.description, it.escalation]), [[finding, 'listing']]);
});

test('the photo of an old case is fetched from the server by a tap', { timeout: 120_000 }, async () => {
  const context = await browser.newContext(desk);
  const page = await enters(context, zone.address, zone.account('coordinator'));
  await page.getByRole('tab', { name: '隐患' }).click();
  await page.getByText('通道堆放杂物').click();
  await page.getByText('封存检查记录').waitFor();
  const fetches = page.getByRole('button', { name: /从服务器取回/ });
  await context.setOffline(true);
  await fetches.first().click();
  await page.getByText('没有信号，联网后再取').waitFor();
  await context.setOffline(false);
  await fetches.first().click();
  await page.getByRole('button', { name: /放大/ }).first().waitFor();
  await context.close();
});

test('nobody leaves a phone that holds unsent work, and whoever leaves leaves nothing behind', { timeout: 120_000 }, async () => {
  const { wang } = pages;
  const { place } = people.owner;
  await plan(pages.supervisor, place, [people.wang, people.li], '高应急检字〔2026〕32号');
  await at(wang, '/tasks');
  await hears(wang, lock(wang));
  await goes(wang);
  await wang.context().setOffline(true);
  await arrives(wang);
  const leave = async () => {
    await at(wang, '/me');
    await wang.getByText('退出账号').click();
    await wang.getByRole('button', { name: '退出', exact: true }).click();
  };
  await leave();
  await wang.getByText('还有内容没有上传。').waitFor();
  await wang.getByRole('button', { name: '知道了' }).click();
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).first().waitFor();
  await wang.context().setOffline(false);
  await delivered(wang);

  await leave();
  await wang.getByLabel('用户名').waitFor();
  const saved = await wang.evaluate(() => Object.keys(localStorage).filter((it) => !['theme', 'text'].includes(it)));
  assert.deepEqual(saved, []);
  await signIn(wang, people.wang);
  await hearsThere(wang, wang.getByRole('button', { name: '继续' }).first());
});
