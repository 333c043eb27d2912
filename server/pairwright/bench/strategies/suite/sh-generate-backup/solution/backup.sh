#!/usr/bin/env bash
# Copies a file beside itself.
set -eu
if [ $# -ne 1 ] || [ ! -f "$1" ]; then
  exit 2
fi
number=1
while [ -e "$1.$number" ]; do
  number=$((number + 1))
done
cp "$1" "$1.$number"
echo "$1.$number"
