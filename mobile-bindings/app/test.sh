#!/usr/bin/env bash
# The app in a real browser against the real server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

[[ -x ${CHROMIUM:=/usr/bin/chromium} ]] || { echo 'Chromium is missing: apt-get install chromium fonts-noto-cjk' >&2; exit 3; }
export CHROMIUM
./build.sh
cargo build --workspace --bins
node --test --test-force-exit --test-concurrency=1 tests/*.test.mjs
