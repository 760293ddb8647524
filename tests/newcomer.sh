#!/usr/bin/env bash
# A newcomer's first quarter of an hour: a bare Debian in a folder, with git, make, a C compiler, Rust and Node and nothing else,
# clones this repository there and runs `make run` until the app answers, then `make test` if asked (`tests/newcomer.sh test`).
# For root on Debian with debootstrap. Rust and Node are copied from this machine; everything else comes from Debian and the registries.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[[ $(id -u) == 0 ]] && command -v debootstrap >/dev/null || { echo 'root and debootstrap are needed: apt-get install debootstrap' >&2; exit 3; }
bare=${BARE:-$(mktemp -d)/bare}
log=${LOG:-$bare.log}

# `WRAPPER` may name a program inside that is called in the place of rustc, to see what each package takes.
inside=(chroot "$bare" env -i HOME=/opt PATH=/opt/.cargo/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt ${WRAPPER:+RUSTC_WRAPPER="$WRAPPER"})

if [[ ! -x $bare/usr/bin/make ]]; then
  debootstrap --variant=minbase --include=git,make,gcc,libc6-dev,ca-certificates "${SUITE:-bookworm}" "$bare" >"$log"
fi
# Rust and Node as their installers leave them, with the certificates and names by which this machine reaches the registries.
name=$(rustup show active-toolchain)
toolchain=$bare/opt/.rustup/toolchains/${name%% *}
mkdir -p "$bare/opt/.cargo/bin" "$toolchain" "$bare/usr/local/lib/node_modules"
[[ -x $toolchain/bin/rustc ]] || cp -a "$(rustc --print sysroot)/." "$toolchain/"
cp -an "$(command -v rustup)" "$bare/opt/.cargo/bin/rustup"
for name in cargo rustc rustdoc cargo-fmt cargo-clippy; do ln -sf rustup "$bare/opt/.cargo/bin/$name"; done
cp "$(command -v node)" "$bare/usr/local/bin/node"
cp -anL "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$bare/usr/local/lib/node_modules/"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$bare/usr/local/bin/npm"
ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$bare/usr/local/bin/npx"
cp -L /etc/resolv.conf /etc/hosts "$bare/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/"
mountpoint -q "$bare/proc" || mount -t proc proc "$bare/proc"
mountpoint -q "$bare/dev" || mount --rbind /dev "$bare/dev"
trap 'umount -l "$bare/proc" "$bare/dev"' EXIT

rm -rf "$bare/opt/zhicha"
git clone --quiet --no-hardlinks . "$bare/opt/zhicha"
: >>"$log"
echo "make run in $bare, log in $log"
began=$SECONDS
# A process group of its own, so that the server ends with the rest.
setsid "${inside[@]}" bash -c 'cd /opt/zhicha && exec make run' </dev/null >>"$log" 2>&1 &
run=$!
# The last line of the demonstration is the link that opens.
while kill -0 "$run" 2>/dev/null; do
  link=$(tail -n 1 "$log" | grep -oE '^http://[0-9.:]+/$') && break
  read -rt 2 <> <(:) || true
done
[[ -n ${link:-} ]] || { tail -n 20 "$log"; echo 'make run ended without a link' >&2; exit 1; }
minutes=$(((SECONDS - began) / 60))
node -e 'fetch(process.argv[1]).then(async (it) => process.exit(it.ok && (await it.text()).includes("<div id=\"app\"") ? 0 : 1))' "$link" ||
  { echo "$link does not show the app" >&2; exit 1; }
tail -n 12 "$log"
echo "make run: the app answers after $minutes minutes"
kill -- "-$run"

[[ ${1:-} != test ]] || { "${inside[@]}" bash -c 'cd /opt/zhicha && make test' </dev/null >>"$log" 2>&1 && tail -n 5 "$log"; }
