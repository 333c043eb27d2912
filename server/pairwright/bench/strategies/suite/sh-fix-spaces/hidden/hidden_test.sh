set -eu
folder=$(mktemp -d)
printf 'a\nb\n' > "$folder/ x * y "
printf 'c\n' > "$folder/z"
[ "$(bash count_lines.sh "$folder/ x * y " "$folder/z")" = 3 ]
[ "$(bash count_lines.sh)" = 0 ]
