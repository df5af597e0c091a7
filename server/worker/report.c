#include "server/worker/report.h"

#include <stdio.h>

/* One line, whatever a file's name has brought into the message. */
static void put_text(const char *text)
{
    for (; *text != '\0'; text++)
        putchar((unsigned char)*text < ' ' ? ' ' : *text);
}

static void put_pair(const char *word, const char *fr, const char *en)
{
    printf("%s\t", word);
    put_text(fr);
    putchar('\t');
    put_text(en);
    putchar('\n');
    fflush(stdout);
}

void report_progress(int percent)
{
    printf("progress\t%d\n", percent);
    fflush(stdout);
}

void report_original(int width, int height, int64_t length_ms, int pages)
{
    printf("original\t%d\t%d\t%lld\t%d\n", width, height, (long long)length_ms, pages);
}

void report_file(const struct made_file *file)
{
    printf("file\t%s\t%d\t%s\t%d\t%d\t%lld\t%s\n", file->role, file->page, file->type, file->width,
           file->height, (long long)file->length_ms, file->file);
}

void report_note(const char *fr, const char *en)
{
    put_pair("note", fr, en);
}

void report_refused(const struct error *err)
{
    put_pair("refused", err->fr, err->en);
}

void report_done(void)
{
    puts("done");
    fflush(stdout);
}
