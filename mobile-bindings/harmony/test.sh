#!/usr/bin/env bash
# Calls the C functions of the library from C, on arm64 with musl as HarmonyOS NEXT has it, in an emulator: a device
# is opened, what goes wrong arrives typed, and vectors are answered. The word is the library; phones.sh builds it.
set -euo pipefail

library=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
place=$target/harmony
mkdir -p "$place/lists/partial" "$place/cache/archives/partial"

skip() { echo "!!! SKIPPED harmony in the emulator: $*" >&2; exit 0; }

# The loader and C library of musl for arm64, out of its package; nothing is installed.
musl() {
  local apt=(apt-get -qq -o APT::Architectures::=amd64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root
    -o Dir::State::Lists="$place/lists" -o Dir::Cache="$place/cache")
  "${apt[@]}" update && (cd "$place" && "${apt[@]}" download musl:arm64 && dpkg-deb -x musl_*_arm64.deb "$place/musl")
}

command -v qemu-aarch64 >/dev/null || { [[ $(id -u) == 0 ]] && apt-get install -y -qq qemu-user >/dev/null 2>&1; } ||
  skip 'qemu-aarch64 is missing (apt-get install qemu-user)'
loader=$place/musl/lib/ld-musl-aarch64.so.1
[[ -e $loader ]] || musl >/dev/null 2>&1 || skip 'musl for arm64 cannot be had'

cargo build --quiet --package ffi --features cli
"$target/debug/uniffi-bindgen" generate "$target/debug/libzhicha_ffi.so" --language swift --no-format --out-dir "$place/header"
"$ZIG" cc -target aarch64-linux-musl -std=c17 -Wall -Wextra -Werror -Wno-strict-prototypes -O1 -D_Nonnull= -D_Nullable= \
  -I "$place/header" "$here/try.c" "$library" -o "$place/try"

# Questions of the vectors with the answers that are expected, a line each.
python3 - fixtures/vectors >"$place/vectors.tsv" <<'ROWS'
import json, pathlib, sys

def rows(name):
    return json.loads(pathlib.Path(sys.argv[1], name + ".json").read_text("utf-8"))

def row(question, expected):
    print(json.dumps(question, ensure_ascii=False), json.dumps(expected, ensure_ascii=False), sep="\t")

for it in rows("credit_codes"):
    row({"ask": "credit_code", "text": it["text"]}, it["valid"])
for it in rows("merge_policy")["fields"]:
    row({"ask": "merge_policy", "field": it["field"]}, it["policy"])
ROWS
rm -rf "$place/device"
mkdir "$place/device"
qemu-aarch64 -L "$place/musl" -E LD_LIBRARY_PATH="$(dirname "$library")" "$place/try" "$place/device" "$place/vectors.tsv"
