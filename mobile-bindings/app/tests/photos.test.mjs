// Photos as phones and hands really give them: on the phone, at the server and on the colleague's phone.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { desk, open, phone } from './browser.mjs';
import { arrives, at, cast, company, delivered, digest, goes, hears, hearsThere, lock, plan, server } from './people.mjs';
import { town } from './town.mjs';
import { SEEN, turnedPictures } from './turned.mjs';

const folder = new URL('../../../fixtures/photos/', import.meta.url).pathname;
/** What is no photo, with what is said of it at the shutter. */
const REFUSED = {
  'trunc_hdr.jpg': '照片不完整。',
  'trunc50.jpg': '照片不完整。',
  'heic_named.jpg': '不是支持的图片格式。',
  'leadnl.jpg': '不是支持的图片格式。',
  'zero.jpg': '文件是空的。',
};
/** What lies turned in its file. */
const TURNED = ['orient2.jpg', 'orient3.jpg', 'orient6.jpg', 'orient8.jpg'];
/** A small picture has other pixels than its original and the same colours: so far apart at most, of 255. */
const NEAR = 24;
/** Half a pixel of a small picture, in its sides. */
const ROUNDED = 0.01;

let zone;
let browser;
let people;
const pages = {};
before(async () => {
  zone = await town();
  browser = await open();
  people = cast(zone);
  // The test reads the bytes behind each picture, which the page's own policy lets nobody do.
  const readable = { ...phone, bypassCSP: true };
  Object.assign(pages, await company(browser, zone, people, { supervisor: desk, wang: readable, li: readable }));
  await plan(pages.supervisor, people.owner.place, [people.wang, people.li], '高应急检字〔2026〕61号');
  for (const page of [pages.wang, pages.li]) await hears(page, lock(page));
  for (const page of [pages.wang, pages.li]) {
    await goes(page);
    await arrives(page);
  }
});
after(async () => {
  await browser.close();
  await zone.close();
});

const fixtures = () => readdirSync(folder).filter((it) => /\.(jpg|png)$/.test(it)).sort()
  .map((name) => ({ name, mimeType: name.endsWith('png') ? 'image/png' : 'image/jpeg', buffer: readFileSync(folder + name) }));
const nameOf = ({ buffer }) => `sha256:${digest(buffer)}`;

/** Begins a hazard; gives the path of its screen. */
async function begins(page, words) {
  await page.getByRole('tab', { name: /隐患/ }).click();
  await page.getByRole('button', { name: '记录检查表以外的隐患' }).click();
  await page.getByLabel('问题').fill(words);
  await page.getByText('已保存在本机').waitFor();
  return page.url().replace(/^[^#]*#/, '');
}

const shown = (page) => page.getByAltText('发现时的照片');

/** Takes a photo by the picker of the phone; gives what is said where it is refused. */
async function takes(page, file) {
  const before = await shown(page).count();
  const dialog = page.getByRole('dialog');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /拍照|再拍一张/ }).click();
  await (await chooser).setFiles(file);
  await dialog.or(shown(page).nth(before)).first().waitFor();
  if (!(await dialog.isVisible())) return null;
  const said = await dialog.innerText();
  await page.getByRole('button', { name: '知道了' }).click();
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await shown(page).count(), before, `${file.name} was refused and is there`);
  return said;
}

/** What a page shows of each photo of the hazard, by the photo's name: the digest of what is shown, its sides, and the colours of a grid on white. */
async function looks(page, count) {
  await page.waitForFunction((wanted) => [...document.querySelectorAll('img[alt="发现时的照片"]')].filter((it) => it.complete && it.naturalWidth).length === wanted, count);
  const all = await shown(page).evaluateAll((images) => Promise.all(images.map(async (it) => {
    const bytes = await (await fetch(it.src)).arrayBuffer();
    const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const canvas = new OffscreenCanvas(32, 32);
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, 32, 32);
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(it, 0, 0, 32, 32);
    const { data } = pen.getImageData(0, 0, 32, 32);
    // Fields of 8 by 8 pixels, so that an edge that lies a pixel beside counts little.
    const field = (x, y) => [0, 1, 2].map((part) => {
      let sum = 0;
      for (let dy = 0; dy < 8; dy += 1) for (let dx = 0; dx < 8; dx += 1) sum += data[4 * ((8 * y + dy) * 32 + 8 * x + dx) + part];
      return sum / 64;
    });
    const grid = [0, 1, 2, 3].flatMap((y) => [0, 1, 2, 3].map((x) => field(x, y)));
    return { photo: it.dataset.photo, hash: `sha256:${hash}`, width: it.naturalWidth, height: it.naturalHeight, grid };
  })));
  return new Map(all.map((it) => [it.photo, it]));
}

const apart = (one, other) => Math.max(...one.flatMap((rgb, n) => rgb.map((value, part) => Math.abs(value - other[n][part]))));

/** The colours of the corners, each full or none. */
function liesRight(name, { grid }) {
  const corners = [0, 3, 12, 15].map((n) => grid[n].map((value) => (value > 128 ? 255 : 0)));
  assert.deepEqual(corners, Object.values(SEEN.corners), `${name} lies as it was not taken`);
}

/** Takes each file on one phone; sees each at the server and on the other phone. */
async function travel(words, files, refused, turned) {
  const { wang, li } = pages;
  await at(wang, '/tasks');
  await wang.getByRole('button', { name: '继续' }).click();
  const hazard = await begins(wang, words);
  const taken = new Map();
  for (const file of files) {
    const said = await takes(wang, file);
    if (refused[file.name]) assert.ok(said?.includes(refused[file.name]), `${file.name}: ${said}`);
    else assert.equal(said, null, file.name);
    if (!said) taken.set(nameOf(file), file.name);
  }
  assert.equal(taken.size, files.length - Object.keys(refused).length);

  // On the phone: the file itself, as it was taken. No browser turns a WebP: of one that lies turned a copy is shown.
  const originals = await looks(wang, taken.size);
  assert.deepEqual([...originals.keys()].sort(), [...taken.keys()].sort());
  for (const [hash, it] of originals) {
    const name = taken.get(hash);
    if (!/webp-[2-8]/.test(name)) assert.equal(it.hash, hash, name);
    if (turned(name)) liesRight(name, it);
  }

  // At the server: byte for byte.
  await delivered(wang);
  const { file } = await server(zone, people.supervisor);
  for (const [hash, name] of taken) assert.equal(await file(hash), hash, name);

  // On the colleague's phone: a small picture that lies and looks as the original does.
  await at(li, hazard);
  await hearsThere(li, shown(li).nth(taken.size - 1));
  const small = await looks(li, taken.size);
  assert.deepEqual([...small.keys()].sort(), [...taken.keys()].sort());
  for (const [hash, it] of small) {
    const [name, original] = [taken.get(hash), originals.get(hash)];
    assert.notEqual(it.hash, hash, `${name} is a small picture`);
    const [sides, wanted] = [it, original].map(({ width, height }) => width / height);
    assert.ok(Math.abs(sides / wanted - 1) < ROUNDED, `${name}: ${it.width} × ${it.height} of ${original.width} × ${original.height}`);
    assert.ok(apart(it.grid, original.grid) < NEAR, `${name} has other colours: ${apart(it.grid, original.grid)}`);
    if (turned(name)) liesRight(name, it);
  }
  return small.size;
}

test('each kind of file that hands give is kept as it is and looks right everywhere, or is refused in plain words', { timeout: 180_000 }, async () => {
  const count = await travel('照片来自各种手机', fixtures(), REFUSED, (name) => TURNED.includes(name));
  assert.ok(count >= 12, `${count} files`);
});

test('a picture lies as it was taken, whatever orientation its file says, in each format that says one', { timeout: 180_000 }, async () => {
  const files = await turnedPictures(pages.wang);
  assert.equal(await travel('照片方向', files, {}, () => true), 24);
});
