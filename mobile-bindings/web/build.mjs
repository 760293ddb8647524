// Builds the package into dist/: the core as wasm, its JavaScript side, the compiled TypeScript.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const LIMIT = 1_300_000;

const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: 'inherit' });

const metadata = execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], {
  cwd: root,
  maxBuffer: 1 << 26,
});
const target = JSON.parse(metadata).target_directory;

run('cargo', 'build', '--locked', '-p', 'web', '--target', 'wasm32-unknown-unknown', '--profile', 'wasm');

const dist = join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const core = join(target, 'wasm32-unknown-unknown/wasm/web.wasm');
// Of the whole workspace, as everywhere: another set of packages has other features and is built again.
run('cargo', 'build', '--locked', '--quiet', '--workspace', '--bin', 'web-bindgen');
run(join(target, 'debug/web-bindgen'), core, dist);
run(process.execPath, join(here, 'node_modules/typescript/bin/tsc'), '-p', here);

const wasm = readFileSync(join(dist, 'core_bg.wasm'));
const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const packed = brotliCompressSync(wasm, options).length;
const kb = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
console.log(`core: ${kb(wasm.length)}, gzip ${kb(gzipSync(wasm, { level: 9 }).length)}, brotli ${kb(packed)}`);
if (packed > LIMIT) {
  console.error(`the core must stay under ${kb(LIMIT)} packed`);
  process.exit(1);
}
