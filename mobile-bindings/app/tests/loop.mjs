// The whole loop by five people in five browsers, with the network off during the visit: one test for each browser.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { line } from '../../web/tests/line.mjs';
import { arrives, at, cast, cosigns, delivered, digest, draws, goes, hears, hearsThere, isWhole, lock, picture as pictured, plan, seals, server, signal } from './people.mjs';
import { photo } from './scenes.mjs';
import { signIn, town } from './town.mjs';

/** A visit without signal becomes a closed case, by people with their thumbs. */
export async function playLoop({ open, profile, phone, desk, takesPictures }) {
  const picture = takesPictures ? pictured : async () => {};
  const zone = await town();
  const folder = mkdtempSync(join(tmpdir(), 'zhicha-phone-'));
  const browser = await open();
  const people = cast(zone);
  // Each has a line of their own to the server.
  const lines = {};
  for (const name of Object.keys(people)) lines[name] = await line(zone.address);
  const place = people.owner.place;
  const hashes = [];
  const shoot = async (page, input, name) => {
    const file = await photo(page, name);
    hashes.push(`sha256:${digest(file.buffer)}`);
    await input.setInputFiles(file);
  };
  let wangs = await profile(join(folder, 'wang'));
  const contexts = {};
  const pages = {};
  /** The browser says so, and nobody is reached by what asks all the same. */
  const offline = async (name, isOff) => {
    if (isOff) lines[name].off();
    else lines[name].on();
    await (name === 'wang' ? wangs : contexts[name]).setOffline(isOff);
  };
  const officers = (isOff) => Promise.all(['wang', 'li'].map((name) => offline(name, isOff)));
  const loseSignal = () => officers(true);
  const findSignal = () => officers(false);
  try {
    for (const name of ['supervisor', 'li', 'owner']) contexts[name] = await browser.newContext(name === 'supervisor' ? desk : phone);
    pages.wang = wangs.pages()[0] ?? (await wangs.newPage());
    for (const [name, context] of Object.entries(contexts)) pages[name] = await context.newPage();
    for (const [name, page] of Object.entries(pages)) {
      page.setDefaultTimeout(30_000);
      await page.goto(lines[name].address);
      await signIn(page, people[name]);
    }
    const { supervisor, li, owner } = pages;
    let { wang } = pages;

    // 1. The supervisor orders an unannounced check; the enterprise sees nothing.
    await plan(supervisor, place, [people.wang, people.li], '高应急检字〔2026〕12号');
    await signal(owner);
    await owner.getByText('没有整改通知').waitFor();
    for (const page of [wang, li]) await hears(page, lock(page));
    await picture(wang, 'tasks');

    // 2. Both phones lose their signal; both officers record.
    await isWhole(wang);
    await loseSignal();
    for (const page of [wang, li]) {
      await goes(page);
      await arrives(page);
    }
    const item = (page, code) => page.locator('.card', { hasText: code }).first();
    await item(wang, 'LB-01').getByRole('button', { name: '不合格' }).click();
    await shoot(wang, wang.locator('input[type=file]').first(), '电池库');
    await wang.getByAltText('发现时的照片').waitFor();
    // A finger on the copy: a second photo with a name of its own, and the original as it was.
    await wang.getByRole('button', { name: '圈画' }).click();
    await draws(wang);
    await wang.getByAltText('发现时的照片').nth(1).waitFor();
    assert.equal(await wang.getByLabel('问题').inputValue(), '储存仓库的故障电池未有效物理隔离');
    await wang.getByLabel('位置').fill('三号库东侧');
    await picture(wang, 'hazard');
    await wang.getByRole('button', { name: '完成' }).click();
    await wang.getByRole('button', { name: '其余全部合格' }).first().click();

    // The phone is killed and opened again without signal: everything is there.
    await wang.getByText(/检查表 [2-9]\d*/).waitFor();
    await wangs.close();
    wangs = await profile(join(folder, 'wang'));
    await wangs.setOffline(true);
    wang = pages.wang = wangs.pages()[0] ?? (await wangs.newPage());
    wang.setDefaultTimeout(30_000);
    await wang.goto(`${lines.wang.address}/app/`);
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
    await findSignal();
    for (const page of [wang, li]) await delivered(page);
    for (const page of [wang, li]) {
      await at(page, '/tasks');
      await page.getByRole('button', { name: '继续' }).click();
      await page.getByRole('tab', { name: /隐患/ }).click();
    }
    await hearsThere(wang, wang.getByText('两具灭火器压力不足'));
    await hearsThere(li, li.getByText('三号库东侧'));

    // 4. They set different terms for the battery store without knowing; the leading officer decides.
    await loseSignal();
    for (const [page, step, days] of [[wang, '增加一日', '4'], [li, '减少一日', '2']]) {
      await page.getByText('三号库东侧').click();
      await page.getByRole('button', { name: step }).click();
      await page.waitForFunction((days) => document.querySelector('.days input')?.value === days, days);
      await page.getByRole('button', { name: '完成' }).click();
    }
    await findSignal();
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
    await hearsThere(wang, wang.getByText(/意见不同/));
    await wang.getByRole('button', { name: '查看并裁定' }).click();
    await wang.getByLabel('理由').first().fill('电池仍在充放电，尽快隔离');
    await picture(wang, 'decide');
    await wang.getByRole('button', { name: '采用“限期整改 2 日”' }).click();
    await seals(wang);
    await picture(wang, 'sign');
    await delivered(wang);
    await cosigns(li);
    await li.getByText(/截至 .* 的情况/).waitFor();
    await picture(li, 'outbox');

    // 5. and 6. The enterprise gets its notice, answers with a photo, asks for more time.
    await hears(owner, owner.getByText(/应急责改〔\d+〕\d+号/));
    await picture(owner, 'notices');
    await owner.getByText(/应急责改/).click();
    await owner.getByRole('button', { name: '同意并确认收到' }).click();
    await owner.getByText(/已送达/).waitFor();
    await hears(owner, owner.getByText(/还剩 \d+ 天/));
    await owner.getByText(place.name, { exact: true }).waitFor();
    await picture(owner, 'notice');
    await owner.getByText('三号库东侧').click();
    await owner.getByRole('button', { name: '申请延期' }).click();
    await owner.getByLabel('理由').fill('隔离柜需定制');
    // What is typed is there again, on the way back and after a new start.
    await owner.getByRole('button', { name: '返回' }).click();
    await owner.getByText('三号库东侧').click();
    assert.equal(await owner.getByLabel('理由').inputValue(), '隔离柜需定制');
    await owner.reload();
    await owner.getByLabel('理由').waitFor();
    assert.equal(await owner.getByLabel('理由').inputValue(), '隔离柜需定制');
    await owner.getByRole('button', { name: '提交申请' }).click();
    await owner.getByText('已提交：申请延期').waitFor();
    await owner.getByText('延期待审批').waitFor();
    await delivered(owner);
    await at(supervisor, '/today');
    await hears(supervisor, supervisor.getByRole('heading', { name: '审批延期' }));
    await picture(supervisor, 'today');
    // Two decisions wait for this hazard. Another supervisor decides on the grade: whoever finds it not major does not close it.
    const part = (page, heading) => page.locator('.card', { has: page.getByRole('heading', { name: heading }) });
    contexts.deputy = await browser.newContext(desk);
    const deputy = (pages.deputy = await contexts.deputy.newPage());
    deputy.setDefaultTimeout(30_000);
    await deputy.goto(lines.deputy.address);
    await signIn(deputy, people.deputy);
    await at(deputy, '/today');
    await hears(deputy, deputy.getByRole('heading', { name: '重大隐患审核' }));
    await part(deputy, '重大隐患审核').getByRole('button', { name: '查看并决定' }).click();
    await part(deputy, '重大隐患审核').getByLabel('理由').fill('数量未达到判定标准');
    await picture(deputy, 'major');
    await deputy.getByRole('button', { name: '改为一般隐患' }).click();
    await deputy.getByText('数量未达到判定标准').waitFor();
    await delivered(deputy);
    await part(supervisor, '审批延期').getByRole('button', { name: '查看并决定' }).click();
    await hears(supervisor, supervisor.getByText('数量未达到判定标准'));
    await part(supervisor, '审批延期').getByLabel('理由').fill('同意，期间停用该库');
    await supervisor.getByRole('button', { name: '同意延期', exact: true }).click();
    await supervisor.getByText(/同意延期 5 日/).waitFor();
    await delivered(supervisor);
    await at(owner, '/notices');
    await owner.getByText(/应急责改/).click();
    await owner.getByText('三号库东侧').click();
    await shoot(owner, owner.locator('input[type=file]').first(), '已隔离');
    await owner.getByAltText('本次照片').first().waitFor();
    await owner.getByLabel('整改措施').fill('更换隔离柜，每班巡查');
    // The camera may cost the page its life: photo and words are there again.
    await owner.reload();
    await owner.getByAltText('本次照片').first().waitFor();
    assert.equal(await owner.getByLabel('整改措施').inputValue(), '更换隔离柜，每班巡查');
    await owner.getByLabel('责任人').fill('安全科长');
    // When it was finished is asked: nobody claims it for the enterprise.
    assert.equal(await owner.getByLabel('完成日期').inputValue(), '');
    assert.ok(await owner.getByRole('button', { name: '提交', exact: true }).isDisabled());
    await owner.getByRole('button', { name: '今天' }).click();
    await picture(owner, 'reply', owner.locator('.card', { hasText: '提交整改报告' }).first());
    await owner.getByRole('button', { name: '提交', exact: true }).click();
    await owner.getByText('待复查').waitFor();
    await delivered(owner);

    // 7. The recheck, without signal, with the old photo beside the new one.
    await at(li, '/notices');
    await hears(li, li.getByText('待复查'));
    await li.getByText(/应急责改/).click();
    await li.getByText('三号库东侧').click();
    await li.getByText('发现时', { exact: true }).waitFor();
    await li.locator('img[alt="整改后的照片"]').waitFor();
    await offline('li', true);
    await shoot(li, li.locator('input[type=file]').first(), '复查现场');
    await li.getByAltText('本次照片').waitFor();
    await picture(li, 'recheck');
    // Two officers recheck: who is named as the other one signs, too.
    await li.getByRole('group', { name: '另一名执法人员' }).getByRole('button', { name: '徐朗' }).click();
    await li.getByRole('button', { name: '合格', exact: true }).click();
    await li.getByText('已提交：复查').waitFor();
    // The signal is enough for the words and not for the photo.
    lines.li.state.rule = (asked) => (asked.startsWith('PUT /sync/v1/blobs/') ? { status: 502 } : undefined);
    await offline('li', false);
    await signal(li);
    await at(wang, '/notices');
    await wang.getByText(/应急责改/).click();
    await wang.getByText('三号库东侧').click();
    await hears(wang, wang.getByRole('button', { name: '签名确认' }));
    await wang.getByRole('button', { name: '签名确认' }).click();
    await wang.getByText('待销号').waitFor();
    await delivered(wang);

    // 8. The supervisor closes.
    await at(supervisor, '/today');
    await hears(supervisor, supervisor.getByRole('heading', { name: '销号审批' }));
    await supervisor.getByRole('button', { name: '查看并决定' }).click();
    // Evidence are the pictures that were opened: until then nobody closes.
    const close = supervisor.getByRole('button', { name: '同意销号' });
    await supervisor.getByText('已查看 0 / 2 张').waitFor();
    assert.ok(await close.isDisabled(), 'without a look at the pictures nobody closes');
    await supervisor.getByRole('button', { name: '放大：整改后的照片' }).first().click();
    await supervisor.locator('.van-image-preview__image').waitFor();
    await supervisor.keyboard.press('Escape');
    await supervisor.getByText('已查看 1 / 2 张').waitFor();
    await supervisor.locator('.van-image-preview__image').waitFor({ state: 'hidden' });
    await picture(supervisor, 'close');
    await close.click();
    await supervisor.getByText('已提交：销号审批').waitFor();
    await supervisor.getByText('已销号').first().waitFor();
    // The closure waits for the photo on which the recheck rests, and says so; nobody has to come back for it.
    await at(supervisor, '/outbox');
    await supervisor.getByRole('button', { name: '立即发送' }).click();
    await supervisor.getByText('作为依据的照片还没有全部上传。照片传齐后自动继续。').waitFor();
    await picture(supervisor, 'evidence-waits');
    lines.li.state.rule = null;
    await delivered(li);
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
    const { ask, file } = await server(zone, people.supervisor);
    assert.equal(hashes.length, 5);
    for (const hash of hashes) assert.equal(await file(hash), hash);

    // What was drawn is a copy of its own that names its original.
    const { rows } = await ask('/api/v1/hazards');
    const { entries } = await ask(`/api/v1/cases/inspection/${rows[0].inspection}`);
    // A closure names the picture that was opened, and no other.
    const closure = entries.find((it) => it.kind === 'closure.decided').statement.body;
    assert.equal(closure.evidence.length, 1);
    const copies = entries.map((it) => it.statement.body.photo).filter((it) => it?.derived_from);
    assert.equal(copies.length, 1);
    assert.equal(copies[0].derived_from, hashes[0]);
    assert.notEqual(copies[0].blob, copies[0].derived_from);
    assert.equal(await file(copies[0].blob), copies[0].blob);
  } catch (error) {
    // What everybody saw when it went wrong.
    for (const [name, page] of Object.entries(pages)) await page.screenshot({ path: join(tmpdir(), `zhicha-${name}.png`) }).catch(() => {});
    throw error;
  } finally {
    await wangs.close().catch(() => {});
    await browser.close();
    for (const it of Object.values(lines)) await it.close();
    await zone.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
