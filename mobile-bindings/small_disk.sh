#!/usr/bin/env bash
# Runs a program whose folder lies on a disk of its own with half a megabyte left; afterwards the folder holds what
# the program left on it. Where no disk may be mounted nothing is run, and it ends with 3.
# Words: the folder, the program, its words.
set -euo pipefail

folder=$1
shift
room=$(($(du -sk "$folder" | cut -f1) + 500))
if ! unshare --map-root-user --mount mount -t tmpfs none "$folder" 2>/dev/null; then
  echo '!!! SKIPPED a full disk: none may be mounted here (unshare with user namespaces, tmpfs)' >&2
  exit 3
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
