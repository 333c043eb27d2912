set -eu
cc -g -fsanitize=address main.c text.c -o program
[ "$(./program ab 3)" = "[ababab]" ]
