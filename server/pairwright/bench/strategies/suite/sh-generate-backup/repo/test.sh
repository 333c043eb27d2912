set -u
folder=$(mktemp -d)
echo text > "$folder/a"
[ "$(bash backup.sh "$folder/a")" = "$folder/a.1" ] || { echo "the first copy is a.1"; exit 1; }
[ "$(bash backup.sh "$folder/a")" = "$folder/a.2" ] || { echo "the second copy is a.2"; exit 1; }
