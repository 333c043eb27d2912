#!/usr/bin/env bash
# Runs each line of a file as a command.
while IFS= read -r line; do
  bash -c "$line"
done < "$1"
