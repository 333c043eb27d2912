#!/usr/bin/env bash
# Runs each line of a file as a command.
failed=0
while IFS= read -r line; do
  bash -c "$line" || failed=1
done < "$1"
exit "$failed"
