// No words are lost by leaving a screen: they are in their field or in the record, whichever way one goes.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, cosigns, delivered, goes, hears, lock, plan } from './people.mjs';
import { photo } from './scenes.mjs';
import { town } from './town.mjs';

const source = new URL('../src/', import.meta.url).pathname;
/** More than a description may hold, in characters. */
const LONG = '配电箱未接地，'.repeat(357) + '末';
const OVER = [...LONG].length - 2000;
let zone;
let browser;
let people;
const pages = {};
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  Object.assign(pages, await company(browser, zone, people, { supervisor: desk, wang: phone, li: phone, owner: phone }));
});
after(async () => {
  await browser.close();
  await zone.close();
});

test('every word of a record is typed into the one field that keeps it', () => {
  /** Fields that hold no words of a record: what is searched, who signs in, numbers and days. */
  const others = {
    'screens/SignIn.vue': 2, 'screens/Me.vue': 2, 'screens/desk/Hazards.vue': 2, 'screens/desk/Report.vue': 1,
    'screens/inspector/Meet.vue': 1, 'parts/ActCard.vue': 2, 'parts/Days.vue': 1, 'parts/NewPassword.vue': 3, 'parts/Shutter.vue': 1, 'parts/Words.vue': 1,
  };
  const found = {};
  for (const entry of readdirSync(source, { recursive: true })) {
    if (!entry.endsWith('.vue')) continue;
    const fields = readFileSync(source + entry, 'utf8').match(/<(van-field|textarea|input)\b/g) ?? [];
    if (fields.length) found[entry] = fields.length;
  }
  assert.deepEqual(found, others);
});

test('an order that is half filled in is there after the way back and a new start, until it is given', { timeout: 90_000 }, async () => {
  const { supervisor: page } = pages;
  const form = page.getByLabel('批准文号');
  await page.getByRole('button', { name: '下达检查' }).click();
  await form.fill('高应急检字〔2026〕8号');
  await page.getByRole('button', { name: '返回' }).click();
  await page.getByRole('button', { name: '下达检查' }).click();
  assert.equal(await form.inputValue(), '高应急检字〔2026〕8号');
  await page.reload();
  await form.waitFor();
  assert.equal(await form.inputValue(), '高应急检字〔2026〕8号');
  await plan(page, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕12号');
  await at(page, '/plan');
  assert.equal(await form.inputValue(), '', 'what was ordered is not ordered again by mistake');
  await at(page, '/today');
});

/** Ways to leave a hazard, each ends on a page that is shown. */
const WAYS = {
  完成: (page) => page.getByRole('button', { name: '完成' }).click(),
  返回: (page) => page.getByRole('button', { name: '返回' }).click(),
  'the back key': (page) => page.evaluate(() => history.back()),
  'a reload': (page) => page.reload(),
  // The phone gives the memory of the page to the camera: no event, and a page that begins anew.
  'the camera': async (page) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: /拍照|再拍一张/ }).click();
    await chooser;
    await page.goto('about:blank');
    await page.goBack();
  },
};

/** What is pasted from tables, pages and programs, and how it is stored. */
const PASTED = {
  'a tab': ['配电箱\t未接地', '配电箱 未接地'],
  'ends of line': ['一层\r\n二层\r三层', '一层\n二层\n三层'],
  'a form feed': ['锅炉\ff房', '锅炉 f房'],
  'a vertical tab': ['软回车\v之后', '软回车 之后'],
  'a control character': ['管道\u0003泄漏', '管道 泄漏'],
  nothing: ['阀门\0失灵', '阀门 失灵'],
  'half a letter': ['氨罐\ud800无围堰', '氨罐\ufffd无围堰'],
  'signs that nobody sees': ['通道\u200b被占\ufeff用', '通道被占用'],
};

/** Puts text into a field as a paste does. */
const paste = (field, text) =>
  field.evaluate((it, text) => {
    it.focus();
    it.value = text;
    it.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);

/** A field shows a text: as it was shown last, then as it is known now. */
const holds = (page, text, message) =>
  page.waitForFunction((text) => [...document.querySelectorAll('textarea, input')].some((it) => it.value === text), text).catch(() => assert.fail(message));

test('what is pasted into a hazard is in its field or in the record, whichever way one leaves', { timeout: 300_000 }, async () => {
  const { wang: page } = pages;
  await hears(page, lock(page));
  await goes(page);
  await arrives(page);
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  const words = page.getByLabel('问题');
  const place = page.getByLabel('位置');
  await words.waitFor();
  const hazard = page.url().replace(/.*#/, '');
  let n = 0;
  for (const [way, leave] of Object.entries(WAYS)) {
    for (const [what, [typed, stored]] of Object.entries(PASTED)) {
      n += 1;
      await paste(words, typed + n);
      await place.fill(`${n}号车间`);
      await leave(page);
      const stays = way === 'a reload' || way === 'the camera';
      await words.waitFor({ state: stays ? 'visible' : 'detached' });
      await at(page, '/outbox');
      await page.getByRole('heading', { name: '发件箱' }).waitFor();
      await at(page, hazard);
      await words.waitFor();
      await page.getByText('已保存在本机').waitFor();
      await holds(page, stored + n, `${what}, ${way}`);
      await holds(page, `${n}号车间`, `${what}, ${way}`);
    }
  }
});

test('one leaves a text that is too long with a word of it, it stays, and its neighbour is recorded', { timeout: 120_000 }, async () => {
  const { wang: page } = pages;
  const words = page.getByLabel('问题');
  const place = page.getByLabel('位置');
  const hazard = page.url().replace(/.*#/, '');
  for (const [way, leave] of Object.entries(WAYS)) {
    await words.fill('短');
    await page.getByText('已保存在本机').waitFor();
    await words.fill(LONG);
    await place.fill(`锅炉房，${way}`);
    await page.getByText(`超出 ${OVER} 字，最多 2000 字，请删减`).waitFor();
    await leave(page);
    if (way === 'a reload' || way === 'the camera') {
      // The page itself is gone: it comes back with the field and what is said of it.
      await page.getByText(`超出 ${OVER} 字，最多 2000 字，请删减`).waitFor();
    } else {
      await page.getByText(`“问题”有 ${2000 + OVER} 字，最多 2000 字，超出 ${OVER} 字。`).waitFor();
      await page.getByRole('button', { name: '继续修改' }).click();
      assert.equal(await words.inputValue(), LONG, way);
      await leave(page);
      await page.getByRole('button', { name: '先离开' }).click();
      await page.getByRole('tab', { name: /隐患/ }).click();
      await page.getByText('有文字还没有写入记录').waitFor();
      await page.getByText(`锅炉房，${way}`).first().waitFor();
      await page.getByRole('button', { name: '补充 1 处隐患' }).click();
    }
    await words.waitFor();
    assert.equal(page.url().replace(/.*#/, ''), hazard);
    assert.equal(await words.inputValue(), LONG, way);
    assert.equal(await place.inputValue(), `锅炉房，${way}`, way);
  }
  // Nothing is sealed over the head of words that are not in the record.
  await at(page, hazard.replace(/hazard.*/, 'seal'));
  await page.getByRole('button', { name: '先离开' }).click();
  await page.getByText('有文字还没有写入记录').waitFor();
  assert.ok(await page.getByRole('button', { name: '封存检查记录' }).isDisabled());
  await at(page, hazard);
  // Near the bound the length is said.
  await words.fill('字'.repeat(1900));
  await page.getByText('1900 / 2000 字').waitFor();
  await words.fill('配电箱未接地');
  await page.getByText('已保存在本机').waitFor();
  await page.getByRole('button', { name: '完成' }).click();
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByText('配电箱未接地').waitFor();
  assert.equal(await page.getByText('有文字还没有写入记录').count(), 0);
});

/** Fills fields in, starts the page anew, finds them filled in. */
async function survives(page, fields, again = async () => {}) {
  const names = Object.entries(fields);
  for (const [label, text] of names) await page.getByLabel(label).first().fill(text);
  await page.reload();
  await again();
  for (const [label, text] of names) {
    await page.getByLabel(label).first().waitFor();
    assert.equal(await page.getByLabel(label).first().inputValue(), text, label);
  }
}

test('reasons, names, measures and opinions are there after a new start, until they are stated', { timeout: 240_000 }, async () => {
  const { wang, li, owner } = pages;
  const open = li.getByRole('button', { name: '继续' });
  await hears(li, open);
  await open.click();
  await arrives(li);
  await delivered(li);
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  await wang.getByRole('button', { name: '下一步：核对与封存' }).click();
  await survives(wang, { 其他原因: '赶赴另一处火情' });
  await wang.getByRole('button', { name: '封存检查记录' }).click();
  await wang.getByText('检查记录已封存').waitFor();
  await survives(wang, { 姓名: '褚厂长', 职务: '厂长' });
  const refuses = () => wang.getByRole('button', { name: '对方拒绝签名' }).click();
  await refuses();
  await survives(wang, { 理由: '须请示总部', 见证人: '社区网格员' }, refuses);
  await wang.getByRole('button', { name: '记录', exact: true }).click();
  await wang.getByText('拒绝签名：须请示总部').waitFor();
  await delivered(wang);
  await cosigns(li);

  await hears(owner, owner.getByText(/应急责改/));
  await owner.getByText(/应急责改/).click();
  await owner.getByRole('button', { name: '同意并确认收到' }).click();
  await owner.getByText(/已送达/).waitFor();
  await hears(owner, owner.getByText(/还剩 \d+ 天/));
  await owner.getByText('配电箱未接地').click();
  await owner.locator('input[type=file]').first().setInputFiles(await photo(owner, '已清理'));
  await owner.getByAltText('本次照片').waitFor();
  await survives(owner, { 整改措施: '已接地并贴标识', 责任人: '电工班长' });
  // When it was finished is a claim of the enterprise: nobody makes it for them.
  const reply = owner.getByRole('button', { name: '提交', exact: true });
  assert.equal(await owner.getByLabel('完成日期').inputValue(), '');
  assert.ok(await reply.isDisabled());
  await owner.getByRole('button', { name: '今天' }).click();
  await owner.getByLabel('责任人').fill('电'.repeat(101));
  assert.ok(await reply.isDisabled(), 'a name of 101 characters is no name');
  await owner.getByText('超出 1 字，最多 100 字，请删减').waitFor();
  await owner.getByLabel('责任人').fill('电工班长');
  await reply.click();
  await owner.getByText('待复查').waitFor();
  await delivered(owner);

  await at(li, '/notices');
  await hears(li, li.getByText('待复查'));
  await li.getByText(/应急责改/).click();
  await li.getByText('配电箱未接地').click();
  await survives(li, { 意见: '接地电阻合格' });
});
