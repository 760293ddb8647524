#!/usr/bin/env bash
# Builds the app: the core as WebAssembly, its package, the pages. Ends with 3 where this machine lacks something.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

missing() {
  echo "the app is not built, missing: $1" >&2
  exit 3
}

command -v npm >/dev/null || missing 'Node 20 or newer with npm (https://nodejs.org)'
command -v clang >/dev/null || missing 'clang, which compiles SQLite for browsers (apt-get install clang lld)'
target=wasm32-unknown-unknown
[[ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]] || rustup target add "$target" ||
  missing "the Rust target $target"

export npm_config_loglevel=error npm_config_audit=false npm_config_fund=false
# Packages are fetched when what is asked for has changed.
for package in ../web .; do
  (cd "$package" && cmp -s package-lock.json node_modules/.asked || { npm install --no-save && cp package-lock.json node_modules/.asked; })
done
npm --prefix ../web run build
npm run build
