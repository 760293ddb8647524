// What people do in a browser, for every test that plays them.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from './town.mjs';

const screens = new URL('../screens/', import.meta.url).pathname;
mkdirSync(screens, { recursive: true });

/** A picture of a screen from its head, or from a part of it, light and dark. */
export async function picture(page, name, from = page.locator('header')) {
  await page.evaluate(() => document.fonts.ready);
  await from.evaluate((it) => it.scrollIntoView({ block: 'start', behavior: 'instant' }));
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(screens, `${name}-${theme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Who takes part in a case: who orders it, another supervisor, two officers, the person of the enterprise. */
export const cast = (zone) => ({
  supervisor: zone.account('supervisor', 'yingji', 0),
  deputy: zone.account('supervisor', 'yingji', 1),
  wang: zone.account('inspector', 'yingji', 0),
  li: zone.account('inspector', 'yingji', 1),
  owner: zone.enterprise('LB'),
});

/** Opens the app in a new page and signs a person in. */
export async function enters(context, address, account, prepare = async () => {}) {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await prepare(page);
  await page.goto(address);
  await signIn(page, account);
  await page.getByRole('tablist').waitFor();
  return page;
}

/** Signs each person in, in a context of the kind that is given by name; gives the pages by name. */
export async function company(browser, zone, people, kinds, prepare) {
  const pages = {};
  for (const [name, kind] of Object.entries(kinds)) pages[name] = await enters(await browser.newContext(kind), zone.address, people[name], prepare);
  return pages;
}

export const at = (page, path) => page.goto(page.url().replace(/#.*/, `#${path}`));

/** Waits until the page says yes. What it asks may take time and the page may begin anew meanwhile: `waitForFunction` takes every promise for a yes. */
export async function says(page, ask, within = 20_000) {
  const end = Date.now() + within;
  const once = (it) => page.evaluate(it).catch((error) => {
    if (!/context was destroyed|navigation/.test(error.message)) throw error;
  });
  while (!(await once(ask))) {
    if (Date.now() > end) throw new Error(`the page never says so: ${ask}`);
    await once(() => new Promise(requestAnimationFrame));
  }
}

/** Waits until everything that the app needs without signal is on the phone. */
export const isWhole = (page) => says(page, async () => {
  const it = await navigator.serviceWorker.getRegistration();
  return it?.active?.state === 'activated' && !it.installing && Boolean(await caches.match('/app/index.html', { ignoreSearch: true }));
});

/** The network says that it is there again, as it does when a phone finds a signal. */
export const signal = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

/** Asks again until something is there: each round is a whole synchronisation that was waited for. */
export async function hears(page, locator) {
  await signal(page);
  for (let round = 0; round < 40 && !(await locator.isVisible()); round += 1) {
    await page.getByText('正在同步……').waitFor({ state: 'detached' });
    if (await locator.isVisible()) return;
    await signal(page);
    await page.getByText(/截至 .* 的情况/).first().waitFor();
  }
  await locator.waitFor();
}

/** Like `hears`, on a screen that does not say how old its knowledge is. */
export async function hearsThere(page, locator) {
  await signal(page);
  await locator.waitFor({ timeout: 60_000 });
}

/** Sends what waits, and waits until it is at the server. */
export async function delivered(page) {
  await at(page, '/outbox');
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.getByText('全部已到服务器').waitFor({ timeout: 60_000 });
}

/** A supervisor orders a visit and has it sent. */
export async function plan(supervisor, place, officers, approval) {
  await at(supervisor, '/today');
  await supervisor.getByRole('button', { name: '下达检查' }).click();
  await supervisor.getByPlaceholder('企业名称或地址').fill(place.name);
  await supervisor.getByText(place.name, { exact: true }).click();
  for (const officer of officers) await supervisor.getByText(officer.person.name, { exact: true }).click();
  await supervisor.getByLabel('批准文号').fill(approval);
  await supervisor.getByRole('button', { name: '下达', exact: true }).click();
  await supervisor.getByRole('heading', { name: /待我决定/ }).waitFor();
  await delivered(supervisor);
}

/** The button behind which a task is hidden. */
export const lock = (page) => page.getByRole('button', { name: '出发后打开，查看检查对象' });

/** Opens the task and comes to the door. */
export async function goes(page) {
  await lock(page).click();
  await page.getByRole('button', { name: '开始检查' }).click();
}

/** Goes in. */
export async function arrives(page) {
  await page.getByRole('button', { name: '已出示证件，登记到达' }).click();
  await page.getByRole('tab', { name: /检查表/ }).waitFor();
}

/** Seals a record whose checklist has gaps; the enterprise's person refuses to sign. */
export async function seals(page) {
  await page.getByRole('button', { name: '下一步：核对与封存' }).click();
  await page.getByText(/还有 \d+ 项没有结果/).waitFor();
  // Whose part is not here is named with the reason.
  for (const group of await page.getByRole('group', { name: /的原因$/ }).all()) await group.getByRole('button', { name: '没有收到其完成的部分' }).click();
  await page.getByRole('button', { name: '封存检查记录' }).click();
  await page.getByText('检查记录已封存').waitFor();
  await page.getByRole('button', { name: '对方拒绝签名' }).click();
  await page.getByLabel('理由').fill('负责人称须请示总部');
  await page.getByRole('button', { name: '记录', exact: true }).click();
  await page.getByText(/拒绝签名：/).waitFor();
}

/** The second officer signs a sealed record. */
export async function cosigns(page) {
  await at(page, '/tasks');
  await hears(page, page.getByText('待签名'));
  await page.getByRole('button', { name: '继续' }).click();
  await page.getByRole('button', { name: '签名', exact: true }).click();
  await page.getByRole('button', { name: '核对无误，签名' }).click();
  await delivered(page);
}

/** A stroke over the middle of what is drawn on, kept. */
export async function draws(page) {
  // The picture is there: until then a canvas has the size of none.
  await page.waitForFunction(() => document.querySelector('canvas')?.width > 400);
  const box = await page.locator('canvas').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.6, { steps: 8 });
  await page.mouse.up();
  await page.getByRole('button', { name: '保存', exact: true }).click();
}

export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The server itself, asked in somebody's name: what is there, whatever a screen says. */
export async function server(zone, { username, password }) {
  const session = await fetch(`${zone.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  const { access_token: token } = await session.json();
  const get = (path) => fetch(`${zone.address}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return {
    ask: async (path) => (await get(path)).json(),
    /** The digest of the file that lies under a name. */
    async file(name) {
      const answer = await get(`/sync/v1/blobs/${name}`);
      return answer.status === 200 ? `sha256:${digest(new Uint8Array(await answer.arrayBuffer()))}` : `${answer.status}`;
    },
  };
}
