#include <stdio.h>
#include <stdlib.h>

#include "text.h"

int main(int argc, char **argv) {
    char *result = repeat(argv[1], atoi(argv[2]));
    printf("[%s]\n", result);
    free(result);
    return argc != 3;
}
