#include "server/content/locate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A place in the text, never beyond its end. */
struct cursor {
    const char *at;
    const char *end;
};

static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

static void skip_space(struct cursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) != NULL) {
        cursor->at++;
    }
}

/* From the opening quote to behind the closing one. */
static void skip_string(struct cursor *cursor)
{
    cursor->at++;
    while (cursor->at < cursor->end && *cursor->at != '"') {
        cursor->at += *cursor->at == '\\' && cursor->end - cursor->at > 1 ? 2 : 1;
    }
    cursor->at += cursor->at < cursor->end;
}

static void skip_value(struct cursor *cursor)
{
    int depth = 0;
    while (cursor->at < cursor->end) {
        char c = *cursor->at;
        if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
            return;
        }
        if (c == '"') {
            skip_string(cursor);
            continue;
        }
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        cursor->at++;
    }
}

/* Steps over what is between two members or elements; false behind the last. */
static bool next_item(struct cursor *cursor)
{
    skip_value(cursor);
    if (peek(cursor) != ',') {
        return false;
    }
    cursor->at++;
    skip_space(cursor);
    return true;
}

/* From an object to the value of that name in it. */
static bool enter_member(struct cursor *cursor, const char *name, size_t length)
{
    if (peek(cursor) != '{') {
        return false;
    }
    cursor->at++;
    skip_space(cursor);
    while (peek(cursor) == '"') {
        const char *key = cursor->at + 1;
        skip_string(cursor);
        bool found = (size_t)(cursor->at - key) == length + 1 && memcmp(key, name, length) == 0;
        skip_space(cursor);
        cursor->at += peek(cursor) == ':';
        skip_space(cursor);
        if (found) {
            return true;
        }
        if (!next_item(cursor)) {
            return false;
        }
    }
    return false;
}

/* From a list to its element of that number. */
static bool enter_element(struct cursor *cursor, unsigned long index)
{
    if (peek(cursor) != '[') {
        return false;
    }
    cursor->at++;
    skip_space(cursor);
    for (; index > 0; index--) {
        if (!next_item(cursor)) {
            return false;
        }
    }
    return peek(cursor) != ']';
}

int locate_line(const char *json, size_t length, const char *path)
{
    struct cursor cursor = {json, json + length};
    skip_space(&cursor);
    const char *found = cursor.at;
    while (*path != '\0') {
        bool there = false;
        if (*path == '[') {
            char *after = NULL;
            there = enter_element(&cursor, strtoul(path + 1, &after, 10));
            path = after + (*after == ']');
        } else {
            size_t name = strcspn(path, ".[");
            there = enter_member(&cursor, path, name);
            path += name;
        }
        if (!there) {
            break;
        }
        found = cursor.at;
        path += *path == '.';
    }
    int line = 1;
    for (const char *at = json; at < found; at++) {
        line += *at == '\n';
    }
    return line;
}
