#!/usr/bin/env bash
# Backs up what is worth keeping; ünïcode so that offsets differ from bytes.
set -euo pipefail

source ./lib/common.sh
. "lib/colours.sh"

# Where the copies go.
export TARGET="/var/backups"
readonly LIMIT=3
declare -a names=("ä" "b")
count=0

# Prints a line in colour.
say() {
  local colour="$1"
  local text
  printf '%s\n' "$colour$text"
}

function backup_one {
  local path=$1
  for file in "$path"/*.txt; do
    say "${TARGET}/$file" | tee -a log.txt
  done
  count=$((count + 1))
}

function main() (
  while read -r line; do
    backup_one "$line"
  done < list.txt
  if [[ -n "${names[0]}" ]]; then
    say "$(date +%F)"
  fi
)

alias ll='ls -l'
main "$@"
