#include "server/export/table.h"

struct table_value table_text(const char *text)
{
    return (struct table_value){.text = text};
}

struct table_value table_number(int64_t number)
{
    return (struct table_value){.number = (double)number};
}

struct table_value table_share(int64_t part, int64_t whole)
{
    return (struct table_value){.number = whole != 0 ? (double)part / (double)whole : 0,
                                .empty = whole == 0};
}
