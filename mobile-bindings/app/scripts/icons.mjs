// Draws the icon in the sizes that phones ask for: `node scripts/icons.mjs`, after a change of icon.svg.
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from '../tests/browser.mjs';

const folder = new URL('../public/', import.meta.url).pathname;
const svg = readFileSync(`${folder}icon.svg`, 'utf8');
const browser = await open();
for (const side of [192, 512]) {
  const page = await browser.newPage({ viewport: { width: side, height: side } });
  await page.setContent(`<body style="margin:0;background:#0b5c8a">${svg.replace('<svg', `<svg width="${side}" height="${side}" style="display:block"`)}</body>`);
  writeFileSync(`${folder}icon-${side}.png`, await page.screenshot());
}
await browser.close();
