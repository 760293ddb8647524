// The whole loop by four people in four browsers, with the network off during the visit.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { desk, open, phone, profile } from './browser.mjs';
import { photo, signIn, town } from './town.mjs';

const screens = new URL('../screens/', import.meta.url).pathname;
mkdirSync(screens, { recursive: true });

/** A picture of a screen, light and dark. */
async function picture(page, name) {
  await page.evaluate(() => document.fonts.ready);
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(screens, `${name}-${theme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The network says that it is there again, as it does when a phone finds a signal. */
const signal = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

/** Asks again until a text is there: each round is a whole synchronisation that was waited for. */
async function hears(page, locator) {
  await signal(page);
  for (let round = 0; round < 40 && !(await locator.isVisible()); round += 1) {
    await page.getByText('正在同步……').waitFor({ state: 'detached' });
    if (await locator.isVisible()) return;
    await signal(page);
    await page.getByText(/截至 .* 的情况/).first().waitFor();
  }
  await locator.waitFor();
}

async function delivered(page) {
  await page.goto(page.url().replace(/#.*/, '#/outbox'));
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor({ timeout: 60_000 });
}

const at = (page, path) => page.goto(page.url().replace(/#.*/, `#${path}`));

test('a visit without signal becomes a closed case, by people with their thumbs', { timeout: 600_000 }, async () => {
  const zone = await town();
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-phone-'));
  const browser = await open();
  const people = {
    supervisor: zone.account('supervisor', 'yingji'),
    wang: zone.account('inspector', 'yingji', 0),
    li: zone.account('inspector', 'yingji', 1),
    owner: zone.enterprise('LB'),
  };
  const place = people.owner.place;
  const hashes = [];
  const shoot = async (page, input, name) => {
    const file = await photo(page, name);
    hashes.push(createHash('sha256').update(file.buffer).digest('hex'));
    await input.setInputFiles(file);
  };
  let wangs = await profile(join(folder, 'wang'));
  const contexts = {};
  const pages = {};
  try {
    for (const name of ['supervisor', 'li', 'owner']) contexts[name] = await browser.newContext(name === 'supervisor' ? desk : phone);
    pages.wang = wangs.pages()[0] ?? (await wangs.newPage());
    for (const [name, context] of Object.entries(contexts)) pages[name] = await context.newPage();
    for (const [name, page] of Object.entries(pages)) {
      page.setDefaultTimeout(30_000);
      await page.goto(zone.address);
      await signIn(page, people[name]);
    }
    const { supervisor, li, owner } = pages;
    let { wang } = pages;

    // 1. The supervisor orders an unannounced check; the enterprise sees nothing.
    await supervisor.getByRole('button', { name: '下达检查' }).click();
    await supervisor.getByPlaceholder('企业名称或地址').fill(place.name);
    await supervisor.getByText(place.name, { exact: true }).click();
    await supervisor.getByText(people.wang.person.name, { exact: true }).click();
    await supervisor.getByText(people.li.person.name, { exact: true }).click();
    await supervisor.getByLabel('批准文号').fill('高应急检字〔2026〕12号');
    await supervisor.getByRole('button', { name: '下达', exact: true }).click();
    await supervisor.getByRole('heading', { name: /待我决定/ }).waitFor();
    await delivered(supervisor);
    await signal(owner);
    await owner.getByText('没有整改通知').waitFor();
    const lock = (page) => page.getByRole('button', { name: '出发后打开，查看检查对象' });
    for (const page of [wang, li]) await hears(page, lock(page));
    await picture(wang, 'tasks');

    // 2. Both phones lose their signal; both officers record.
    await wang.waitForFunction(() => navigator.serviceWorker.ready.then((it) => Boolean(it.active)));
    await wangs.setOffline(true);
    await contexts.li.setOffline(true);
    for (const page of [wang, li]) {
      await lock(page).click();
      await page.getByRole('button', { name: '开始检查' }).click();
      await page.getByRole('button', { name: '已出示证件，登记到达' }).click();
      await page.getByRole('tab', { name: /检查表/ }).waitFor();
    }
    const item = (page, code) => page.locator('.card', { hasText: code }).first();
    await item(wang, 'LB-01').getByRole('button', { name: '不合格' }).click();
    await shoot(wang, wang.locator('input[type=file]').first(), '电池库');
    await wang.getByAltText('发现时的照片').waitFor();
    // A finger on the copy: a second photo with a name of its own, and the original as it was.
    await wang.getByRole('button', { name: '圈画' }).click();
    await drawn(wang);
    await wang.getByAltText('发现时的照片').nth(1).waitFor();
    assert.equal(await wang.getByLabel('问题').inputValue(), '储存仓库的故障电池未有效物理隔离');
    await wang.getByLabel('位置').fill('三号库东侧');
    await picture(wang, 'hazard');
    await wang.getByRole('button', { name: '完成' }).click();
    await wang.getByRole('button', { name: '其余全部合格' }).first().click();

    // The phone is killed and opened again without signal: everything is there.
    await wang.getByText(/检查表 [2-9]\d*/).waitFor();
    await wangs.close();
    wangs = await profile(join(folder, 'wang'), { offline: true });
    wang = pages.wang = wangs.pages()[0] ?? (await wangs.newPage());
    wang.setDefaultTimeout(30_000);
    await wang.goto(`${zone.address}/app/`);
    await wang.getByRole('button', { name: '继续' }).click();
    await wang.getByRole('tab', { name: '隐患 1' }).click();
    await wang.getByText('三号库东侧').waitFor();
    await picture(wang, 'visit');

    // The second officer finds something that is put right at once, and something unforeseen.
    await li.getByRole('tab', { name: /隐患/ }).click();
    await li.getByRole('button', { name: '记录检查表以外的隐患' }).click();
    await shoot(li, li.locator('input[type=file]').first(), '灭火器');
    await li.getByAltText('发现时的照片').waitFor();
    await li.getByRole('button', { name: '当场整改' }).click();
    await li.getByText('整改后照片：缺少整改后的照片').waitFor();

    // What is missing is said by the core, and one tap leads to it.
    await li.getByRole('button', { name: '完成' }).click();
    await li.getByText('问题：有必填内容没有填写').waitFor();
    await li.getByRole('button', { name: '补充 1 处隐患' }).click();
    await li.waitForFunction(() => document.activeElement?.closest('[data-field]')?.dataset.field === 'description');
    await li.keyboard.type('两具灭火器压力不足');
    await shoot(li, li.locator('input[type=file]').nth(1), '灭火器已更换');
    await li.getByAltText('整改后的照片').waitFor();
    await li.getByRole('button', { name: '完成' }).click();

    // 3. The signal returns; both phones know both hazards.
    await wangs.setOffline(false);
    await contexts.li.setOffline(false);
    for (const page of [wang, li]) await delivered(page);
    for (const page of [wang, li]) {
      await at(page, '/tasks');
      await page.getByRole('button', { name: '继续' }).click();
      await page.getByRole('tab', { name: /隐患/ }).click();
    }
    await hears2(wang, wang.getByText('两具灭火器压力不足'));
    await hears2(li, li.getByText('三号库东侧'));

    // 4. They set different terms for the battery store without knowing; the leading officer decides.
    await wangs.setOffline(true);
    await contexts.li.setOffline(true);
    for (const [page, step, days] of [[wang, '增加一日', '4'], [li, '减少一日', '2']]) {
      await page.getByText('三号库东侧').click();
      await page.getByRole('button', { name: step }).click();
      await page.waitForFunction((days) => document.querySelector('.days input')?.value === days, days);
      await page.getByRole('button', { name: '完成' }).click();
    }
    await wangs.setOffline(false);
    await contexts.li.setOffline(false);
    for (const page of [li, wang]) await delivered(page);

    // The supervisor sees what waits, for whom, and what both officers saw.
    await at(supervisor, '/today');
    await hears(supervisor, supervisor.getByRole('heading', { name: '意见不同，等待裁定 1' }));
    await supervisor.getByText('限期整改 4 日').waitFor();
    await supervisor.getByText('限期整改 2 日').waitFor();
    await supervisor.getByText(`由 ${people.wang.person.name} 裁定`).waitFor();
    await supervisor.locator('img[alt="现场照片"]').nth(1).waitFor();
    await picture(supervisor, 'waiting');
    await at(wang, '/tasks');
    await wang.getByRole('button', { name: '继续' }).click();
    await hears2(wang, wang.getByText(/意见不同/));
    await wang.getByRole('button', { name: '查看并裁定' }).click();
    await wang.getByLabel('理由').first().fill('电池仍在充放电，尽快隔离');
    await picture(wang, 'decide');
    await wang.getByRole('button', { name: '采用“限期整改 2 日”' }).click();
    await wang.getByRole('button', { name: '检查完毕，封存记录' }).click();
    await wang.getByText(/还有 \d+ 项没有检查结果/).waitFor();
    await wang.getByRole('button', { name: '仍要封存' }).click();
    await wang.getByText('检查记录已封存').waitFor();
    await wang.getByRole('button', { name: '对方拒绝签名' }).click();
    await wang.getByLabel('理由').fill('负责人称须请示总部');
    await wang.getByRole('button', { name: '记录', exact: true }).click();
    await wang.getByText(/拒绝签名：/).waitFor();
    await picture(wang, 'sign');
    await delivered(wang);
    await at(li, '/tasks');
    await hears(li, li.getByText('待签名'));
    await li.getByRole('button', { name: '继续' }).click();
    await li.getByRole('button', { name: '签名', exact: true }).click();
    await li.getByRole('button', { name: '核对无误，签名' }).click();
    await delivered(li);
    await picture(li, 'outbox');

    // 5. and 6. The enterprise gets its notice, answers with a photo, asks for more time.
    await hears(owner, owner.getByText(/应急责改〔\d+〕\d+号/));
    await picture(owner, 'notices');
    await owner.getByText(/应急责改/).click();
    await owner.getByRole('button', { name: '确认收到' }).click();
    await owner.getByText(/已送达/).waitFor();
    await hears(owner, owner.getByText(/还剩 \d+ 天/));
    await picture(owner, 'notice');
    await owner.getByText('三号库东侧').click();
    await owner.getByRole('button', { name: '申请延期' }).click();
    await owner.getByLabel('理由').fill('隔离柜需定制');
    await owner.getByRole('button', { name: '提交申请' }).click();
    await owner.getByText('延期待审批').waitFor();
    await delivered(owner);
    await at(supervisor, '/today');
    await hears(supervisor, supervisor.getByRole('heading', { name: '审批延期' }));
    await picture(supervisor, 'today');
    await supervisor.getByRole('button', { name: '查看并决定' }).click();
    await supervisor.getByLabel('理由').fill('同意，期间停用该库');
    await supervisor.getByRole('button', { name: '同意延期', exact: true }).click();
    await supervisor.getByText(/同意延期 5 日/).waitFor();
    await delivered(supervisor);
    await at(owner, '/notices');
    await owner.getByText(/应急责改/).click();
    await owner.getByText('三号库东侧').click();
    await shoot(owner, owner.locator('input[type=file]').first(), '已隔离');
    await owner.getByAltText('整改后的照片').first().waitFor();
    await owner.getByLabel('整改措施').fill('更换隔离柜，每班巡查');
    await owner.getByLabel('责任人').fill('安全科长');
    await picture(owner, 'reply');
    await owner.getByRole('button', { name: '提交', exact: true }).click();
    await owner.getByText('待复查').waitFor();
    await delivered(owner);

    // 7. The recheck, without signal, with the old photo beside the new one.
    await at(li, '/notices');
    await hears(li, li.getByText('待复查'));
    await li.getByText(/应急责改/).click();
    await li.getByText('三号库东侧').click();
    await li.getByText('发现时', { exact: true }).waitFor();
    await contexts.li.setOffline(true);
    await shoot(li, li.locator('input[type=file]').first(), '复查现场');
    await li.getByAltText('复查照片').waitFor();
    await picture(li, 'recheck');
    await li.getByRole('button', { name: '合格', exact: true }).click();
    await li.getByText('待销号').waitFor();
    await contexts.li.setOffline(false);
    await delivered(li);

    // 8. The supervisor closes.
    await at(supervisor, '/today');
    await hears(supervisor, supervisor.getByRole('heading', { name: '销号审批' }));
    await supervisor.getByRole('button', { name: '查看并决定' }).click();
    await supervisor.getByRole('button', { name: '同意销号' }).click();
    await supervisor.getByText('已销号').first().waitFor();
    await delivered(supervisor);
    await at(owner, '/notices');
    await hears(owner, owner.getByText('已销号'));
    await at(supervisor, '/hazards');
    await supervisor.getByText(place.name).first().waitFor();
    await picture(supervisor, 'hazards');
    await supervisor.getByText(place.name).first().click();
    await supervisor.getByText('封存检查记录').waitFor();
    await picture(supervisor, 'case');
    await at(supervisor, '/dashboard');
    await supervisor.getByText('全区分布').waitFor();
    await picture(supervisor, 'dashboard');

    // Every photo is at the server, byte for byte.
    const token = await (await fetch(`${zone.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: people.supervisor.username, password: people.supervisor.password }),
    })).json();
    assert.equal(hashes.length, 5);
    for (const hash of hashes) {
      const answer = await fetch(`${zone.address}/sync/v1/blobs/sha256:${hash}`, { headers: { authorization: `Bearer ${token.access_token}` } });
      assert.equal(answer.status, 200, hash);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      assert.equal(createHash('sha256').update(bytes).digest('hex'), hash);
    }

    // What was drawn is a copy of its own that names its original.
    const ask = async (path) => (await fetch(`${zone.address}${path}`, { headers: { authorization: `Bearer ${token.access_token}` } })).json();
    const { rows } = await ask('/api/v1/hazards');
    const { entries } = await ask(`/api/v1/cases/inspection/${rows[0].inspection}`);
    const shots = entries.map((it) => it.statement.body.photo).filter(Boolean);
    const copies = shots.filter((it) => it.derived_from);
    assert.equal(copies.length, 1);
    assert.equal(copies[0].derived_from, `sha256:${hashes[0]}`);
    assert.notEqual(copies[0].blob, copies[0].derived_from);
    const copy = await fetch(`${zone.address}/sync/v1/blobs/${copies[0].blob}`, { headers: { authorization: `Bearer ${token.access_token}` } });
    const bytes = new Uint8Array(await copy.arrayBuffer());
    assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, copies[0].blob);
  } catch (error) {
    // What everybody saw when it went wrong.
    for (const [name, page] of Object.entries(pages)) await page.screenshot({ path: join(tmpdir(), `zhicha-${name}.png`) }).catch(() => {});
    throw error;
  } finally {
    await wangs.close().catch(() => {});
    await browser.close();
    await zone.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A stroke over the middle of what is drawn on, kept. */
async function drawn(page) {
  // The picture is there: until then a canvas has the size of none.
  await page.waitForFunction(() => document.querySelector('canvas')?.width > 400);
  const box = await page.locator('canvas').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.6, { steps: 8 });
  await page.mouse.up();
  await page.getByRole('button', { name: '保存', exact: true }).click();
}

/** Like `hears`, on a screen that does not say how old its knowledge is. */
async function hears2(page, locator) {
  await signal(page);
  await locator.waitFor({ timeout: 60_000 });
}
