#!/usr/bin/env bash
# Runs a command while a PostgreSQL of its own stands ready, named by ZHICHA_TEST_POSTGRES:
#   server/tests/postgres.sh cargo nextest run -p server
# Ends with 3 where this machine has no PostgreSQL.
set -euo pipefail

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[[ -x ${bin:=$(dirname "$(command -v initdb || echo /missing/initdb)")}/initdb ]] || {
  echo 'PostgreSQL is missing: apt-get install postgresql' >&2
  exit 3
}
folder=$(mktemp -d)
# The database refuses to run as root.
owner=$(id -un)
[[ $owner != root ]] || { owner=postgres && chown postgres "$folder"; }
as_owner() { if [[ $owner == "$(id -un)" ]]; then "$@"; else runuser -u "$owner" -- "$@"; fi; }

stop() {
  as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

as_owner "$bin/initdb" -D "$folder/data" -U zhicha --auth=trust --no-sync >/dev/null
as_owner "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-k $folder -h ''" start >/dev/null ||
  { cat "$folder/log" >&2; exit 1; }
# No port that another program could hold: a socket in the folder.
ZHICHA_TEST_POSTGRES="postgres://zhicha@${folder//\//%2F}" "$@"
