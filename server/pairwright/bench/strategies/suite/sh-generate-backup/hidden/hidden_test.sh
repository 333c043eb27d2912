set -u
folder=$(mktemp -d)
echo text > "$folder/a b"
[ "$(bash backup.sh "$folder/a b")" = "$folder/a b.1" ] || exit 1
echo other > "$folder/a b"
[ "$(bash backup.sh "$folder/a b")" = "$folder/a b.2" ] || exit 1
[ "$(cat "$folder/a b.1")$(cat "$folder/a b.2")" = textother ] || exit 1
bash backup.sh > /dev/null 2>&1
[ $? = 2 ] || exit 1
bash backup.sh "$folder/none" > /dev/null 2>&1
[ $? = 2 ]
