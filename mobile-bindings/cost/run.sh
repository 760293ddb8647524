#!/usr/bin/env bash
# Time and memory of a call across the border beside the same call in Rust, and the size of each package.
# The library is built as it ships. Kotlin is measured where its compiler can be had.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
bindings=$PWD/mobile-bindings
place=$target/cost
env=$target/python/env
kotlin=$target/kotlin
[[ -x $env/bin/maturin ]] || { echo 'run mobile-bindings/python/test.sh first: it makes the environment' >&2; exit 1; }

rm -rf "$place"
mkdir -p "$place"
cargo build --quiet --workspace --bins
cargo build --quiet --package ffi --profile phone --example cost
(cd "$bindings/python" && VIRTUAL_ENV="$env" "$env/bin/maturin" build --quiet --profile phone --out "$place")
"$env/bin/pip" install --quiet --force-reinstall --no-deps "$place"/*.whl
export ZHICHA_SERVER_PROGRAM=$target/debug/zhicha

read -r visit item < <("$env/bin/python" "$bindings/python/tests/cost.py" prepare "$place/device")
for language in rust python kotlin; do cp -r "$place/device" "$place/$language"; done
"$target/phone/examples/cost" "$place/rust" "$visit" "$item" >"$place/rust.tsv"
"$env/bin/python" "$bindings/python/tests/cost.py" measure "$place/python" "$visit" "$item" >"$place/python.tsv"
if classes=$(MISSING_IS=3 "$bindings/kotlin/test.sh" classes | tail -1); then
  java -Xmx64m -Djna.library.path="$target/phone" -cp "$classes" cn.zhicha.CostKt "$place/kotlin" "$visit" "$item" >"$place/kotlin.tsv"
fi

echo
printf '%-44s %14s %14s\n' 'call' 'µs a call' 'KB grown'
for measured in "$place"/{rust,python,kotlin}.tsv; do
  [[ -f $measured ]] || continue
  while IFS=$'\t' read -r name micros grown; do
    case $name in
      rule) what='a rule asked' ;;
      read) what='an inspection read (40 answers)' ;;
      write) what='an answer saved on disk' ;;
      *) printf '%-44s %14s %14s\n' "$(basename "$measured" .tsv): whole process" '' "$grown"; continue ;;
    esac
    printf '%-44s %14s %14s\n' "$(basename "$measured" .tsv): $what" "$micros" "$grown"
  done <"$measured"
done
echo
size() {
  awk -v name="$1" -v plain="$(stat -c %s "$2")" -v packed="$(gzip -9c "$2" | wc -c)" \
    'BEGIN { printf "%-44s %8.2f MB, compressed %6.2f MB\n", name, plain / 1e6, packed / 1e6 }'
}
strip --strip-unneeded -o "$place/stripped.so" "$target/phone/libzhicha_ffi.so"
size 'library for this machine, stripped' "$place/stripped.so"
size 'Python wheel' "$(ls "$place"/*.whl)"
for name in core library; do
  jar=$(ls -t "$kotlin/$name"-*.jar 2>/dev/null | head -1)
  [[ -z $jar ]] || size "Kotlin $name" "$jar"
done
