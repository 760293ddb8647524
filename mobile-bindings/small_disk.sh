#!/usr/bin/env bash
# Runs a program whose folder lies on a disk of its own with half a megabyte left; afterwards the folder holds what
# the program left on it. Where no disk may be mounted the files of the program cannot grow instead, and that is
# said. Words: the folder, the program, its words.
set -euo pipefail

folder=$1
shift
room=$(($(du -sk "$folder" | cut -f1) + 500))
if ! unshare --map-root-user --mount mount -t tmpfs none "$folder" 2>/dev/null; then
  echo '!!! no disk may be mounted here: files that cannot grow stand for a full one' >&2
  ulimit -f "$room"
  exec "$@"
fi
kept=$(mktemp -d)
export folder kept room
exec unshare --map-root-user --mount bash -euc '
  mount --bind "$folder" "$kept"
  mount -t tmpfs -o "size=${room}k" none "$folder"
  cp -a "$kept/." "$folder"
  status=0
  "$@" || status=$?
  find "$kept" -mindepth 1 -delete
  cp -a "$folder/." "$kept"
  umount "$kept"
  rmdir "$kept"
  exit "$status"
' bash "$@"
