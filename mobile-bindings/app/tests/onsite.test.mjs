// A notice is issued where the record was signed, without signal, with a number that the phone took along.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { serious } from './axe.mjs';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, delivered, goes, hears, lock, picture, plan, seals } from './people.mjs';
import { photo } from './scenes.mjs';
import { town } from './town.mjs';

const small = { ...phone, viewport: { width: 360, height: 740 } };
let zone;
let browser;
let people;
const pages = {};
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  Object.assign(pages, await company(browser, zone, people, { supervisor: desk, wang: small, li: small, owner: small }));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕53号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
});
after(async () => {
  await browser.close();
  await zone.close();
});

const visit = (page) => page.url().match(/visit\/([0-9a-f-]+)/)[1];

/** One phone gives its file of the visit to the other. */
async function gives(from, to, id) {
  await at(from, `/visit/${id}/meet`);
  const saved = from.waitForEvent('download');
  await from.evaluate(() => (navigator.canShare = undefined));
  await from.getByRole('button', { name: '发送文件' }).click();
  const buffer = await readFile(await (await saved).path());
  await at(to, `/visit/${id}/meet`);
  await to.getByLabel('交换文件').setInputFiles({ name: '检查交换.txt', mimeType: 'text/plain', buffer });
  await to.getByText(/新收到 \d+ 项记录/).waitFor();
}

test('an officer takes numbers along and issues in a basement what the enterprise reads word for word later', { timeout: 240_000 }, async () => {
  const { wang, li, owner } = pages;
  await at(wang, '/me');
  await wang.getByText('可用 0 个').waitFor();
  await wang.getByRole('button', { name: '申领' }).click();
  await wang.getByText('可用 10 个').waitFor();
  await wang.getByText(/下一个：（枣高）应急责改〔\d+〕1号/).waitFor();
  await picture(wang, 'numbers', wang.getByText('离线文号'));
  assert.deepEqual(await serious(wang), []);

  for (const page of [wang, li]) {
    await at(page, '/tasks');
    await goes(page);
    await page.context().setOffline(true);
    await arrives(page);
  }
  const id = visit(wang);
  await wang.getByRole('tab', { name: /隐患/ }).click();
  await wang.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await wang.getByLabel('问题').fill('消防通道堆放原料');
  await wang.getByLabel('位置').fill('一号车间南侧');
  await wang.locator('input[type=file]').first().setInputFiles(await photo(wang, '通道'));
  await wang.getByAltText('发现时的照片').waitFor();
  await wang.getByRole('button', { name: '完成' }).click();
  await wang.getByRole('tab', { name: '隐患 1' }).waitFor();
  await seals(wang);
  assert.equal(await wang.getByRole('button', { name: '当场出具' }).count(), 0, 'the second officer has not signed');
  await gives(wang, li, id);
  await at(li, `/visit/${id}/sign`);
  await li.getByRole('button', { name: '核对无误，签名' }).click();
  await li.getByText('已签名').first().waitFor();
  await gives(li, wang, id);

  await at(wang, `/visit/${id}/sign`);
  await wang.getByText(/文号：（枣高）应急责改〔\d+〕1号/).waitFor();
  await picture(wang, 'onsite-ready', wang.getByText('整改指令书', { exact: true }));
  assert.deepEqual(await serious(wang), []);
  await wang.getByRole('button', { name: '当场出具' }).click();
  await wang.getByText('出具后即生效，不能收回。请向对方出示并送达。').waitFor();
  await wang.getByRole('button', { name: '出具', exact: true }).click();
  await wang.getByRole('heading', { name: /（枣高）应急责改〔\d+〕1号/ }).waitFor();
  await wang.getByRole('link', { name: /责令限期整改指令书/ }).waitFor();
  await picture(wang, 'onsite-issued');
  await wang.getByRole('button', { name: '登记留置送达' }).first().waitFor();
  const number = await wang.getByRole('heading', { name: /应急责改/ }).innerText();

  await wang.context().setOffline(false);
  await delivered(wang);
  await li.context().setOffline(false);
  await delivered(li);
  await at(owner, '/notices');
  await hears(owner, owner.getByText(number));
  await at(wang, '/me');
  await wang.getByText('可用 9 个').waitFor();
});

test('a supervisor declares void what a lost phone did not use, and that phone issues with it no more', { timeout: 120_000 }, async () => {
  const { wang, supervisor } = pages;
  await at(supervisor, '/me');
  await supervisor.getByText(/（枣高）应急责改〔\d+〕1—10号/).waitFor();
  await supervisor.getByRole('button', { name: '作废' }).click();
  const declare = supervisor.getByRole('button', { name: '声明作废' });
  assert.ok(await declare.isDisabled(), 'not without a reason');
  await supervisor.getByLabel('理由').fill('手机遗失');
  await picture(supervisor, 'void-numbers', supervisor.getByText('本部门设备上的文号'));
  assert.deepEqual(await serious(supervisor), []);
  await declare.click();
  await supervisor.getByText('未使用的已作废：手机遗失').waitFor();
  await delivered(supervisor);
  await at(wang, '/outbox');
  await wang.getByRole('button', { name: '立即发送' }).click();
  await at(wang, '/me');
  await wang.getByText('可用 0 个').waitFor();
});
