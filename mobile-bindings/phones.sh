#!/usr/bin/env bash
# Links the library for phones as far as it goes without the phones' own kits, and prints what came out: size, the
# functions it offers, what it needs. Words choose: host harmony android. What a machine lacks is said.
#
# host      for this machine, in the profile that ships, to compare sizes with
# harmony   musl on arm64, the C library of HarmonyOS NEXT; its C functions are called by a C program in an emulator
# android   against empty libraries, since no C library of Android can be had: what it would need shows, nothing runs
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-$PWD/target}
bindings=$PWD/mobile-bindings
place=$target/phones
mkdir -p "$place"

skip() { echo "!!! SKIPPED $*" >&2; }

zig() {
  [[ -x $target/zig/bin/python ]] || { python3 -m venv "$target/zig" && "$target/zig/bin/pip" install --quiet ziglang==0.17.1; } || return 1
  ZIG=$("$target/zig/bin/python" -c 'import os, ziglang; print(os.path.join(os.path.dirname(ziglang.__file__), "zig"))')
  export ZIG ZIG_TARGET=aarch64-linux-musl
}

can_build() {
  [[ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]] || rustup target add "$1" >/dev/null 2>&1 || { skip "$1: its standard library cannot be had"; return 1; }
  zig || { skip "$1: Zig cannot be installed (python3-venv, pip)"; return 1; }
}

# What a library is: its size without the symbols that nobody outside calls, its offers, its needs.
told() {
  local stripped=$place/${1// /-}.so
  llvm-strip --strip-unneeded -o "$stripped" "$2"
  awk -v name="$1" -v plain="$(stat -c %s "$stripped")" -v packed="$(gzip -9c "$stripped" | wc -c)" \
    'BEGIN { printf "%-12s %6.2f MB, compressed %5.2f MB\n", name, plain / 1e6, packed / 1e6 }'
  printf '             %s functions for other languages; needs %s\n' \
    "$(readelf --dyn-syms --wide "$stripped" | grep -cE ' (uniffi|ffi)_zhicha_ffi_[a-z_0-9]+$')" \
    "$(readelf --dynamic --wide "$stripped" | sed -nE 's/.*NEEDED.*\[(.*)\]/\1/p' | tr '\n' ' ')"
}

command -v llvm-strip >/dev/null || { echo '!!! SKIPPED the libraries for phones: llvm is missing (apt-get install llvm clang lld)' >&2; exit 0; }

host() {
  cargo build --quiet --package ffi --profile phone
  told 'this machine' "$target/phone/libzhicha_ffi.so"
}

harmony() {
  local triple=aarch64-unknown-linux-musl library
  can_build "$triple" || return 0
  library=$target/$triple/phone/libzhicha_ffi.so
  env CC_aarch64_unknown_linux_musl="$PWD/.ci/zig-cc" AR_aarch64_unknown_linux_musl=ar \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER="$PWD/.ci/zig-cc" \
    CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS='-C target-feature=-crt-static -C link-self-contained=no' \
    cargo rustc --quiet --package ffi --profile phone --target "$triple" --crate-type cdylib
  told harmony "$library"
  "$bindings/harmony/test.sh" "$library"
}

android() {
  local triple=aarch64-linux-android library stubs=$place/stubs
  can_build "$triple" || return 0
  command -v clang >/dev/null && command -v ld.lld >/dev/null || { skip "$triple: clang or lld is missing"; return 0; }
  mkdir -p "$stubs"
  for name in c m dl log unwind; do
    STUBS=$stubs .ci/android-link -shared -Wl,-soname,"lib$name.so" -x c /dev/null -o "$stubs/lib$name.so"
  done
  library=$target/$triple/phone/libzhicha_ffi.so
  env CC_aarch64_linux_android="$PWD/.ci/zig-cc" AR_aarch64_linux_android=ar \
    CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER="$PWD/.ci/android-link" STUBS="$stubs" \
    cargo rustc --quiet --package ffi --profile phone --target "$triple" --crate-type cdylib
  told android "$library"
  echo "             of musl and not of Android, from SQLite compiled with musl's headers: $(
    readelf --dyn-syms --wide "$library" | awk '$7 == "UND" { print $8 }' | grep -x __errno_location | tr '\n' ' ')"
}

steps=("$@")
[[ ${#steps[@]} -gt 0 ]] || steps=(host harmony android)
for step in "${steps[@]}"; do "$step"; done
