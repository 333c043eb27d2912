set -eu
cc -g -Wall -Werror -fsanitize=address main.c text.c -o program
[ "$(./program ab 3)" = "[ababab]" ]
[ "$(./program x 0)" = "[]" ]
[ "$(./program '' 5)" = "[]" ]
[ "$(./program abc 200 | wc -c)" = 603 ]
