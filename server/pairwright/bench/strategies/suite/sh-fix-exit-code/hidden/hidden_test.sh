set -u
file=$(mktemp)
printf 'true\ntrue\n' > "$file"
bash run_all.sh "$file" || exit 1
printf 'exit 7\necho second\n' > "$file"
out=$(bash run_all.sh "$file"); code=$?
[ "$code" = 1 ] && [ "$out" = second ] || exit 1
printf 'true\nfalse\n' > "$file"
bash run_all.sh "$file" && exit 1
exit 0
