// Installable, accessible, and nothing from anywhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serious } from './axe.mjs';
import { open, phone } from './browser.mjs';
import { signIn, town } from './town.mjs';

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

test('no screen of any person has a serious barrier, light, dark or large', { timeout: 180_000 }, async () => {
  const screens = {
    inspector: ['/tasks', '/notices', '/outbox', '/me', '/access'],
    supervisor: ['/today', '/hazards', '/dashboard', '/report/weekly', '/plan'],
    owner: ['/notices', '/outbox', '/me'],
    administrator: ['/audit', '/me'],
  };
  const people = { inspector: zone.account('inspector', 'yingji'), supervisor: zone.account('supervisor', 'yingji'), owner: zone.enterprise('LB'), administrator: zone.account('administrator') };
  const found = [];
  for (const [name, paths] of Object.entries(screens)) {
    const context = await browser.newContext(phone);
    const page = await context.newPage();
    await page.goto(zone.address);
    await page.getByLabel('用户名').waitFor();
    found.push(...(await serious(page)).map((it) => `${name} sign-in ${it}`));
    await signIn(page, people[name]);
    await page.getByRole('tablist').waitFor();
    for (const look of ['light', 'dark', 'contrast']) {
      await page.evaluate((theme) => localStorage.setItem('theme', theme), look);
      await page.evaluate((text) => localStorage.setItem('text', text), look === 'contrast' ? 'largest' : 'normal');
      await page.reload();
      for (const path of paths) {
        await page.goto(`${zone.address}/app/#${path}`);
        await page.locator('header').waitFor();
        found.push(...(await serious(page)).map((it) => `${name} ${look} ${path} ${it}`));
      }
    }
    await context.close();
  }
  assert.deepEqual(found, []);
});

test('the app can be installed, keeps its policy, and asks nobody but its own server', { timeout: 60_000 }, async () => {
  const context = await browser.newContext(phone);
  const page = await context.newPage();
  const complaints = [];
  const asked = new Set();
  page.on('console', (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()));
  page.on('request', (request) => asked.add(new URL(request.url()).origin));
  await page.goto(zone.address);
  await signIn(page, zone.account('inspector', 'yingji'));
  await page.getByRole('tablist').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A context of a test is a private window, which is never offered an installation.
  const real = installabilityErrors.filter((it) => it.errorId !== 'in-incognito');
  assert.deepEqual(real, []);
  const { data } = await session.send('Page.getAppManifest');
  assert.equal(JSON.parse(data).start_url, '/app/');
  assert.deepEqual(complaints, []);
  assert.deepEqual([...asked].filter((it) => it !== zone.address && !it.startsWith('blob') && it !== 'null'), []);
  await context.close();
});
