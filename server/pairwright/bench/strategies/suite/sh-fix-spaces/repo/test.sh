set -eu
folder=$(mktemp -d)
printf 'a\nb\n' > "$folder/one two"
printf 'c\n' > "$folder/three"
result=$(bash count_lines.sh "$folder/one two" "$folder/three")
[ "$result" = 3 ] || { echo "expected 3, got $result"; exit 1; }
