// Compresses what was built, once, and says what a first visit costs on the wire.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const folder = new URL('../dist/', import.meta.url).pathname;
/** What a first visit may cost, in bytes. */
const BUDGET = 2.5 * 1024 * 1024;
const TEXT = new Set(['.html', '.js', '.css', '.wasm', '.svg', '.webmanifest']);
let wire = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || path.endsWith('.br')) continue;
  const bytes = readFileSync(path);
  if (!TEXT.has(extname(path))) {
    wire += bytes.length;
    continue;
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const pressed = brotliCompressSync(bytes, { params });
  writeFileSync(`${path}.br`, pressed);
  wire += pressed.length;
  if (bytes.length > 100_000) console.log(`${(pressed.length / 1024).toFixed(0).padStart(6)} KB of ${(bytes.length / 1024).toFixed(0)}  ${path.slice(folder.length)}`);
}
console.log(`${(wire / 1024).toFixed(0).padStart(6)} KB on the wire in all, of ${(BUDGET / 1024).toFixed(0)} allowed`);
if (wire > BUDGET) process.exit(1);
