/** Shapes with ünïcode names. */
#include <stdio.h>
#include "shapes/stack.h"

#define LIMIT 3
/** The larger of both. */
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#ifndef GUARD
typedef unsigned int size_type;
#endif

/** A node of é. */
struct node {
    /** What it holds. */
    int value;
    struct node *next;
    char name[LIMIT], *label;
    void (*paint)(struct brush *brush);
};

typedef struct {
    struct node *head;
} stack_t;

typedef struct queue {
    int size;
} queue;

typedef int (*handler)(const char *name);

enum mode { READ, WRITE = 2 };

union bits {
    int whole;
    float part;
};

static int count = 0, least;
extern struct node *root;
const char *names[] = {"ö", NULL};

int open_file(const char *path);
struct node *find(struct node *from, int value);

/**
 * Puts one on.
 */
static struct node *push(stack_t *stack, int value, ...)
{
    // The head goes first.
    struct node *item = malloc(sizeof(struct node));
    queue waiting = {.size = 1};
    int total = 0, each[2];
    for (int i = 0; i < MAX(value, LIMIT); i++) {
        total += i;
    }
    item->next = stack->head;
    item->next->paint(NULL);
    waiting.size = (int)open_file(names[0]);
    callbacks.table[1](item);
    return item;
}

int main(void)
{
    return push(NULL, count) == root;
}

void test_push(void)
{
    assert(LIMIT);
}
