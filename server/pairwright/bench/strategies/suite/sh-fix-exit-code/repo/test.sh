set -u
file=$(mktemp)
printf 'false\ntrue\n' > "$file"
bash run_all.sh "$file"
code=$?
[ "$code" = 1 ] || { echo "expected exit code 1, got $code"; exit 1; }
