#!/usr/bin/env bash
# Fills build/generated with the bindings and build/jniLibs with the libraries for phones, for Gradle to take.
# Needs the Android NDK (ANDROID_NDK_HOME) and cargo-ndk.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
command -v cargo-ndk >/dev/null || { echo 'cargo-ndk is missing: cargo install cargo-ndk' >&2; exit 1; }
target=${CARGO_TARGET_DIR:-$PWD/target}

cargo build --package ffi --features cli
library=$target/debug/libzhicha_ffi.so
[[ -f $library ]] || library=$target/debug/libzhicha_ffi.dylib
"$target/debug/uniffi-bindgen" generate "$library" --language kotlin --no-format --out-dir "$here/build/generated"
# Phones with pages of 16 KB load only libraries that are aligned to them.
RUSTFLAGS='-C link-arg=-Wl,-z,max-page-size=16384' cargo ndk -t arm64-v8a -t armeabi-v7a -t x86_64 \
  -o "$here/build/jniLibs" build --package ffi --profile phone
