#include <stdlib.h>
#include <string.h>

#include "text.h"

char *repeat(const char *text, int count) {
    size_t length = strlen(text);
    char *result = malloc(length * count + 1);
    for (int i = 0; i < count; i++) {
        memcpy(result + i * length, text, length);
    }
    result[length * count] = '\0';
    return result;
}
