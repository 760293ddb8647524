// What an account shows of itself: where it is signed in, which devices speak for it, and what happened to accounts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { at, enters, picture } from './people.mjs';
import { signIn, town } from './town.mjs';

const SIZES = { phone: { width: 360, height: 740 }, desk: { width: 1440, height: 900 } };
let zone;
let browser;
before(async () => {
  zone = await town();
  browser = await open();
});
after(async () => {
  await browser.close();
  await zone.close();
});

const enter = async (account, kind = phone) => enters(await browser.newContext(kind), zone.address, account);

async function pictures(page, name) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    await picture(page, `${name}-${size}`);
    assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)), `${name} is wider than the ${size}`);
  }
}

test('a person sees where the account is in use, ends what is not known, and that other page signs in again', { timeout: 120_000 }, async () => {
  const officer = zone.account('inspector', 'yingji');
  const [own, other] = [await enter(officer), await enter(officer)];
  await at(own, '/me');
  await own.getByText('登录与设备').click();
  await own.getByRole('heading', { name: '登录 2' }).waitFor();
  await own.getByRole('heading', { name: '设备 2' }).waitFor();
  assert.equal(await own.getByText('本次登录').count(), 1);
  assert.equal(await own.getByText('本机', { exact: true }).count(), 1);
  await pictures(own, 'access');

  await own.getByRole('button', { name: '结束', exact: true }).click();
  await own.getByRole('button', { name: '结束登录' }).click();
  await own.getByRole('heading', { name: '登录 1' }).waitFor();
  await other.evaluate(() => window.dispatchEvent(new Event('online')));
  await other.getByText('登录已过期，记录照常保存在本机。').waitFor();

  // A lost device: its trust ends, and so does every session, this one with them.
  await own.getByRole('button', { name: '停用', exact: true }).click();
  await own.getByRole('button', { name: '设备丢失' }).click();
  await own.getByRole('dialog').getByRole('button', { name: '停用' }).click();
  await own.getByText('已停用该设备').or(own.getByText('登录与设备需要联网')).first().waitFor();
  await own.evaluate(() => window.dispatchEvent(new Event('online')));
  await own.getByText('重新登录后发送').click();
  await signIn(own, officer);
  await own.getByLabel('密码').waitFor({ state: 'detached' });
  await at(own, '/access');
  await own.getByRole('heading', { name: '设备 1' }).waitFor();
  await own.getByText('另有 1 台已停用。').waitFor();
});

test('an administrator enters without a device and reads what happened to accounts, an auditor reads the same', { timeout: 120_000 }, async () => {
  const administrator = await enter(zone.account('administrator'), desk);
  await administrator.getByRole('heading', { name: '审计记录', level: 1 }).waitFor();
  await administrator.getByText(/显示的 \d+ 条前后相接，未见改动。/).waitFor();
  const officer = zone.account('inspector', 'yingji').person.name;
  const row = administrator.locator('tbody tr', { hasText: '停用设备' }).first();
  await row.getByText('设备丢失').waitFor();
  await row.getByText(officer, { exact: true }).first().waitFor();
  await pictures(administrator, 'audit');
  // The same after a new start: the page knows who is signed in.
  await administrator.reload();
  await administrator.getByText(/前后相接/).waitFor();
  await at(administrator, '/me');
  await administrator.getByText('系统管理员').or(administrator.getByText('管理员')).first().waitFor();

  const auditor = await enter(zone.account('auditor'), desk);
  await at(auditor, '/me');
  await auditor.getByText('审计记录').click();
  await auditor.getByText(/前后相接/).waitFor();
  const inspector = await enter(zone.account('inspector', 'yingji', 1));
  await at(inspector, '/me');
  assert.equal(await inspector.getByText('审计记录').count(), 0);
});
