#!/usr/bin/env bash
# Writes generated/ZhichaCore from the library; on a Mac also the framework that Package.swift names.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --package ffi --features cli
library=$target/debug/libzhicha_ffi.so
[[ -f $library ]] || library=$target/debug/libzhicha_ffi.dylib
rm -rf "$here/generated"
"$target/debug/uniffi-bindgen" generate "$library" --language swift --no-format --out-dir "$here/generated"
mkdir -p "$here"/generated/{ZhichaCore,headers}
mv "$here/generated/ZhichaCore.swift" "$here/generated/ZhichaCore/"
# The types of ids belong to the module of the generated code.
cp "$here/Sources/ZhichaCore/Ids.swift" "$here/generated/ZhichaCore/"
mv "$here/generated/ZhichaFFI.h" "$here/generated/headers/"
mv "$here/generated/ZhichaFFI.modulemap" "$here/generated/headers/module.modulemap"

command -v xcodebuild >/dev/null || { echo '!!! SKIPPED the framework: xcodebuild is missing, it needs a Mac' >&2; exit 0; }
rustup target add aarch64-apple-ios aarch64-apple-ios-sim
frameworks=()
for platform in aarch64-apple-ios aarch64-apple-ios-sim; do
  cargo rustc --package ffi --profile phone --target "$platform" --crate-type staticlib
  frameworks+=(-library "$target/$platform/phone/libzhicha_ffi.a" -headers "$here/generated/headers")
done
rm -rf "$here/build/ZhichaFFI.xcframework"
xcodebuild -create-xcframework "${frameworks[@]}" -output "$here/build/ZhichaFFI.xcframework"
