// Two officers, one record, no signal: what was recorded is in the record, or a person has said why not and adds it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, delivered, goes, hears, hearsThere, lock, picture, plan, server } from './people.mjs';
import { photo } from './scenes.mjs';
import { town } from './town.mjs';

let zone;
let browser;
let people;
const pages = {};
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  Object.assign(pages, await company(browser, zone, people, { supervisor: desk, wang: phone, li: phone }));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕41号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
});
after(async () => {
  await browser.close();
  await zone.close();
});

const finding = '消防通道堆放原料';

test('a partner who seals without the part of an officer says why, and nothing that officer recorded is lost', { timeout: 180_000 }, async () => {
  const { wang, li } = pages;
  // Wang arrives, then works without signal.
  await goes(wang);
  await arrives(wang);
  await delivered(wang);
  await wang.context().setOffline(true);
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  await wang.getByRole('tab', { name: /隐患/ }).click();
  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByLabel('问题').fill(finding);
  await wang.getByLabel('位置').fill('一号车间南侧');
  await wang.locator('input[type=file]').first().setInputFiles(await photo(wang, '通道'));
  await wang.getByAltText('发现时的照片').waitFor();
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: '隐患 1' }).waitFor();

  // Li sees that Wang has arrived and that nothing of his is here: sealing waits for her reason.
  await goes(li);
  await arrives(li);
  await hearsThere(li, li.getByRole('button', { name: '下一步：核对与封存' }));
  await delivered(li);
  await at(li, '/tasks');
  await li.getByRole('button', { name: '继续' }).click();
  for (const list of await li.getByRole('button', { name: '其余全部合格' }).all()) await list.click();
  await li.getByRole('button', { name: '下一步：核对与封存' }).click();
  await li.getByText('已到达，未说明完成').waitFor();
  const seal = li.getByRole('button', { name: '封存检查记录' });
  assert.ok(await seal.isDisabled(), 'who arrived is left out only with a reason');
  await picture(li, 'seal');
  await li.getByRole('group', { name: /的原因$/ }).getByRole('button', { name: '没有收到其完成的部分' }).click();
  await seal.click();
  await li.getByText('检查记录已封存').waitFor();
  await li.getByRole('button', { name: '对方拒绝签名' }).click();
  await li.getByLabel('理由').fill('负责人称须请示总部');
  await li.getByRole('button', { name: '记录', exact: true }).click();
  await li.getByText(/拒绝签名：/).waitFor();
  await delivered(li);

  // Wang's signal returns: his hazard is not in the record, and he reads it before anything else.
  await wang.context().setOffline(false);
  await at(wang, '/outbox');
  await wang.getByRole('button', { name: '立即发送' }).click();
  await wang.getByText('1 处隐患不在检查记录中，请打开该检查补充').waitFor({ timeout: 60_000 });
  assert.equal(await wang.getByText('全部已到服务器').count(), 0, 'never green while something is outside');
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).first().click();
  await wang.getByText('您记录的 1 处隐患不在检查记录中').waitFor();
  await picture(wang, 'outside');
});

test('the supervisor sees one matter with its hazards; the supplement settles it and reaches a notice of its own', { timeout: 180_000 }, async () => {
  const { supervisor, wang, li } = pages;
  await at(supervisor, '/today');
  await hears(supervisor, supervisor.getByText(finding).first());
  assert.equal(await supervisor.getByRole('heading', { name: /待处理记录/ }).count(), 1, 'one matter for one visit');
  await picture(supervisor, 'matter');

  await wang.getByRole('button', { name: '补充检查记录' }).click();
  await wang.getByText('您记录的 1 处隐患不在检查记录中').waitFor({ state: 'detached' });
  await delivered(wang);
  await at(li, '/tasks');
  await hears(li, li.getByText(people.owner.place.name).first());
  await li.getByText(people.owner.place.name).first().click().catch(() => {});
  await at(li, `/visit/${await visit()}`);
  await hearsThere(li, li.getByText(/补充了检查记录，等待签名/));
  await li.getByRole('button', { name: '核对无误，签名' }).click();
  await li.getByText(/补充了检查记录，等待签名/).waitFor({ state: 'detached' });
  await delivered(li);

  const { ask } = await server(zone, people.supervisor);
  const rows = async () => (await ask('/api/v1/hazards')).rows;
  for (let round = 0; round < 40 && !(await rows()).some((it) => it.number); round += 1) await delivered(li);
  const [row] = await rows();
  assert.deepEqual([row.description, row.state], [finding, 'issued']);
  await at(supervisor, '/notices');
  await hears(supervisor, supervisor.getByText(/应急责改/));
  await at(supervisor, '/today');
  await supervisor.getByRole('heading', { name: /待处理记录/ }).waitFor({ state: 'detached' });
});

/** The visit, as the address of Wang's page names it. */
async function visit() {
  const { ask } = await server(zone, people.supervisor);
  const { rows } = await ask('/api/v1/hazards');
  return rows[0]?.inspection ?? pages.wang.url().match(/visit\/([0-9a-f-]+)/)?.[1];
}
