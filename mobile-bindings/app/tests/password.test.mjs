// A forgotten password: a code from the administrator, a new password, and the phone goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, phone } from './browser.mjs';
import { at, enters, picture } from './people.mjs';
import { signIn, town } from './town.mjs';

const FRESH = '绿水青山 2026 年';
const NEXT = '安全第一 预防为主 综合治理';
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

async function post(path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${zone.address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
}

const session = ({ username, password }) => post('/api/v1/session', { username, password });

test('a code for a forgotten password leads to a new one, and the phone goes on as it was', { timeout: 120_000 }, async () => {
  const officer = zone.account('inspector', 'yingji');
  const page = await enters(await browser.newContext(phone), zone.address, officer);

  const administrator = await session(zone.account('administrator'));
  const path = `/api/v1/accounts/${officer.person.id}/password`;
  const { code } = await post(path, { reason: '本人忘记密码' }, administrator.access_token);
  assert.ok(code);
  await at(page, '/me');
  // The page asks for it by itself once it has noticed that the session is over.
  const again = page.getByText('重新登录', { exact: true });
  const asked = page.getByRole('button', { name: '登录', exact: true });
  await again.or(asked).waitFor();
  if (await again.isVisible()) await again.click();
  await signIn(page, { username: officer.username, password: code });
  await page.getByText('已用一次性密码登录，请设置新密码。').waitFor();
  const set = page.getByRole('button', { name: '设置新密码' });
  await page.getByLabel('新密码').fill('太短');
  await page.getByLabel('再输入一次').fill('太短');
  assert.ok(await set.isDisabled(), 'too short');
  await page.getByLabel('新密码').fill(FRESH);
  await page.getByText('两次输入不一致').waitFor();
  await page.getByLabel('再输入一次').fill(FRESH);
  await picture(page, 'new-password', page.getByText('已用一次性密码登录，请设置新密码。'));
  await set.click();
  await page.getByText('修改密码').waitFor();
  await page.getByText('已用一次性密码登录').waitFor({ state: 'detached' });
  assert.equal((await session({ username: officer.username, password: FRESH })).status, 200);
  assert.equal((await session({ username: officer.username, password: code })).code, 'wrong_password');

  // The person changes it once more, with the old one.
  await page.getByText('修改密码').click();
  await page.getByLabel('原密码').fill(FRESH);
  await page.getByLabel('新密码').fill(NEXT);
  await page.getByLabel('再输入一次').fill(NEXT);
  await set.click();
  await page.getByLabel('原密码').waitFor({ state: 'detached' });
  assert.equal((await session({ username: officer.username, password: NEXT })).status, 200);
});
