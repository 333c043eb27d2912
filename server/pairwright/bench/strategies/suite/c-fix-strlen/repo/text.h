char *repeat(const char *text, int count);
