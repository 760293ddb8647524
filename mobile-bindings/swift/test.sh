#!/usr/bin/env bash
# Generates the bindings and checks what can be checked without a Mac: every Swift file parses, the C header
# compiles. Where a Swift compiler is, the types are checked, too. Nothing is run.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
place=$target/swift
"$here/generate.sh"
[[ -x $place/env/bin/python ]] || {
  python3 -m venv "$place/env"
  "$place/env/bin/pip" install --quiet tree-sitter==0.26.1 tree-sitter-swift==0.7.4
}
"$place/env/bin/python" "$here/parse.py" "$here/Package.swift" "$here"/Sources/*/*.swift "$here"/generated/*/*.swift
sed -n '/^```swift$/,/^```$/p' "$here/README.md" | sed '/^```/d' >"$place/readme.swift"
"$place/env/bin/python" "$here/parse.py" "$place/readme.swift"
[[ $(grep -cvE '^ *(//.*)?$' "$place/readme.swift") -lt 40 ]] || { echo 'the lines of the README are too many' >&2; exit 1; }
"$place/env/bin/python" "$here/names.py" "$here/generated/ZhichaCore/ZhichaCore.swift" "$here"/Sources/*/*.swift "$place/readme.swift"
cc -fsyntax-only -D_Nonnull= -D_Nullable= -x c "$here/generated/headers/ZhichaFFI.h"
if command -v swiftc >/dev/null; then
  swiftc -typecheck -I "$here/generated/headers" -module-name ZhichaCore "$here"/generated/ZhichaCore/*.swift
else
  echo '!!! SKIPPED the types of Swift: swiftc is missing'
fi
