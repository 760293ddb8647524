#!/usr/bin/env bash
# Builds server, library and bindings, compiles library and tests, plays them on the JVM against the real server.
# No Gradle: the compiler comes from npm, jars from the system. What is missing is said, and nothing is run then.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
place=$target/kotlin
jars=${JAVA_JARS:-/usr/share/java}

missing=()
for program in java npm; do command -v "$program" >/dev/null || missing+=("$program"); done
for jar in jna junit4 hamcrest-core gson; do [[ -f $jars/$jar.jar ]] || missing+=("$jars/$jar.jar"); done
if [[ ${#missing[@]} -gt 0 ]]; then
  echo "!!! SKIPPED kotlin, missing: ${missing[*]} (apt-get install default-jdk-headless npm libjna-java junit4 libgoogle-gson-java)" >&2
  exit "${MISSING_IS:-0}"
fi

mkdir -p "$place"
kotlin=$place/node_modules/kotlin-compiler
[[ -d $kotlin ]] || npm install --silent --no-save --prefix "$place" kotlin-compiler@2.4.20
chmod +x "$kotlin"/bin/*
coroutines=$kotlin/lib/kotlinx-coroutines-core-jvm.jar
run=$jars/jna.jar:$coroutines

cargo build --workspace --bins
cargo build --package ffi --features cli
rm -rf "$place/generated"
"$target/debug/uniffi-bindgen" generate "$target/debug/libzhicha_ffi.so" --language kotlin --no-format --out-dir "$place/generated"

# The compiler is slow and the bindings change seldom: a jar is kept under the digest of what it was made of.
compile() {
  local name=$1 path=$2 made
  shift 2
  made=$place/$name-$(cat $(find "$@" -name '*.kt' | sort) <(echo "$path") | sha256sum | cut -c1-16).jar
  if [[ ! -f $made ]]; then
    "$kotlin/bin/kotlinc-jvm" -nowarn -jvm-target 17 -cp "$path" -d "$made.part.jar" "$@"
    mv "$made.part.jar" "$made"
  fi
  echo "$made"
}

core=$(compile core "$run" "$place/generated" "$here/src/core")
library=$(compile library "$core:$run" "$here/src/main/kotlin")
compile android "$library:$core:$run" "$here/src/android" "$here/src/androidStubs" >/dev/null
mkdir -p "$place/readme"
sed -n '/^```kotlin$/,/^```$/p' "$here/README.md" | sed '/^```/d' >"$place/readme/Readme.kt"
testing=$library:$core:$run:$jars/junit4.jar:$jars/hamcrest-core.jar:$jars/gson.jar:$kotlin/lib/kotlin-test.jar:$kotlin/lib/kotlin-test-junit.jar
tests=$(compile tests "$testing" "$here/src/jvmTest/kotlin" "$place/readme")

classes=$tests:$testing:$kotlin/lib/kotlin-stdlib.jar
# For whoever runs something else of the tests: where it all is.
[[ ${1:-} != classes ]] || { echo "$classes"; exit 0; }
suites=("$@")
[[ ${#suites[@]} -gt 0 ]] || suites=(VectorsTest ErrorsTest FaultsTest ProgressTest VisitTest ReadmeTest)
exec java -ea -Djna.library.path="$target/debug" -Dzhicha.repository="$PWD" -Dzhicha.server="$target/debug/zhicha" \
  -cp "$classes" org.junit.runner.JUnitCore "${suites[@]/#/cn.zhicha.}"
