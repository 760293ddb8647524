#!/usr/bin/env bash
# Builds the app: the core as WebAssembly, its package, the pages. Ends with 3 where this machine lacks something.
# `build.sh packages` only fetches the packages of Node.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

../../.ci/ready || exit 3

export npm_config_loglevel=error npm_config_audit=false npm_config_fund=false
# Packages are fetched when what is asked for has changed.
for package in ../web .; do
  (cd "$package" && cmp -s package-lock.json node_modules/.asked || { npm install --no-save && cp package-lock.json node_modules/.asked; })
done
[[ ${1:-} != packages ]] || exit 0
npm --prefix ../web run build
npm run build
