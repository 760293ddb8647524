#!/usr/bin/env bash
# Builds server, library, bindings and wheel, installs the wheel into an environment of its own, runs the tests.
# PROFILE=release builds as for people. Words behind the name are passed to unittest.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
profile=${PROFILE:-dev}
folder=$([[ $profile == dev ]] && echo debug || echo "$profile")
place=$target/python

cargo build --workspace --bins --profile "$profile"
[[ -x "$place/env/bin/maturin" ]] || {
  python3 -m venv "$place/env"
  "$place/env/bin/pip" install --quiet 'maturin>=1.9,<2'
}
# Holds the package and a newcomer's program to their types.
[[ -x "$place/env/bin/mypy" ]] || "$place/env/bin/pip" install --quiet mypy==2.4.1
rm -rf "$place/wheels"
(cd "$here" && VIRTUAL_ENV="$place/env" "$place/env/bin/maturin" build --quiet --profile "$profile" --out "$place/wheels")
"$place/env/bin/pip" install --quiet --force-reinstall --no-deps "$place"/wheels/*.whl
export ZHICHA_SERVER_PROGRAM="$target/$folder/zhicha"
cd "$here/tests"
"$place/env/bin/python" -W ignore::ResourceWarning -m unittest "${@:-discover}"
