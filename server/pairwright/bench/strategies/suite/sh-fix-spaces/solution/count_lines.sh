#!/usr/bin/env bash
# Prints how many lines the given files have together.
total=0
for file in "$@"; do
  lines=$(wc -l < "$file")
  total=$((total + lines))
done
echo "$total"
