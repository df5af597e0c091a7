#include "server/export/csv.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/civil.h"

#define HOUR_MS 3600000.0

static void put_text(FILE *out, const char *text)
{
    fputs(*text != '\0' && strchr("=+-@\t\r", *text) != NULL ? "\"'" : "\"", out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', out);
        putc((unsigned char)*text < ' ' ? ' ' : *text, out); /* one line a row */
    }
    putc('"', out);
}

/* Hundredths as "12,34": no locale comes in. */
static void put_hundredths(FILE *out, double number)
{
    int64_t hundredths = llround(number * 100);

    fprintf(out, "%s%" PRId64 ",%02d", hundredths < 0 ? "-" : "",
            (hundredths < 0 ? -hundredths : hundredths) / 100,
            (int)((hundredths < 0 ? -hundredths : hundredths) % 100));
}

static void put_value(FILE *out, enum table_type type, const struct table_value *value)
{
    if (value->empty)
        return;
    switch (type) {
    case TABLE_TEXT:
        put_text(out, value->text);
        break;
    case TABLE_COUNT:
        fprintf(out, "%" PRId64, (int64_t)value->number);
        break;
    case TABLE_HOURS:
        put_hundredths(out, value->number / HOUR_MS);
        break;
    case TABLE_PERCENT:
        put_hundredths(out, value->number * 100);
        break;
    case TABLE_DAY: {
        struct civil day = civil_from_ms((int64_t)value->number * CIVIL_DAY_MS);
        fprintf(out, "%02d/%02d/%04d", day.day, day.month, day.year);
        break;
    }
    }
}

void csv_begin(FILE *out, const struct table_column *columns, size_t count)
{
    fputs("\xef\xbb\xbf", out);
    for (size_t i = 0; i < count; i++) {
        put_text(out, columns[i].title);
        fputs(i + 1 < count ? ";" : "\r\n", out);
    }
}

void csv_row(FILE *out, const struct table_column *columns, size_t count,
             const struct table_value *values)
{
    for (size_t i = 0; i < count; i++) {
        put_value(out, columns[i].type, &values[i]);
        fputs(i + 1 < count ? ";" : "\r\n", out);
    }
}
