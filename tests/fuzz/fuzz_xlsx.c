/* Sheets as a workbook's parts hold them: the input is the sheet, or the strings, or the whole
 * file. Mutated ZIP files mostly fail at their checksums; so the parts are packed here. */
#include <unistd.h>
#include <zip.h>

#include "server/import/xlsx.h"
#include "tests/fuzz/fuzz.h"

#define BOOK "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></workbook>"
#define RELATIONS "<r><Relationship Id=\"1\" Target=\"s.xml\"/></r>"
#define STYLES                                                                                     \
    "<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"20\"/></cellXfs></s>"

static bool take(void *context, const struct table_row *row, struct error *err)
{
    size_t *bytes = context;

    (void)err;
    for (size_t i = 0; i < row->count && i < TABLE_COLUMNS_MAX; i++)
        *bytes += strlen(row->fields[i]);
    return true;
}

static void read_book(const char *path)
{
    struct error error = {0};
    size_t bytes = 0;
    struct xlsx *book = xlsx_open(path, &error);

    if (book == NULL) {
        MUST(error.kind != ERROR_NONE && error.kind != ERROR_INTERNAL);
        return;
    }
    for (size_t i = 0; i < xlsx_sheet_count(book); i++)
        if (!xlsx_read(book, i, 4096, take, &bytes, &error))
            MUST(error.kind != ERROR_NONE);
    xlsx_close(book);
}

static void add(zip_t *zip, const char *name, const void *bytes, size_t size)
{
    MUST(zip_file_add(zip, name, zip_source_buffer(zip, bytes, size, 0), 0) >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/dev/shm/vitrine-fuzz-XXXXXX";
    int fd = mkstemp(path);

    MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    close(fd);
    read_book(path);
    for (int strings = 0; strings < 2; strings++) {
        zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
        const char *sheet = "<s><row><c t=\"s\"><v>0</v></c></row></s>";
        MUST(zip != NULL);
        add(zip, "xl/workbook.xml", BOOK, strlen(BOOK));
        add(zip, "xl/_rels/workbook.xml.rels", RELATIONS, strlen(RELATIONS));
        add(zip, "xl/styles.xml", STYLES, strlen(STYLES));
        add(zip, "xl/sharedStrings.xml", strings ? data : (const uint8_t *)"<t/>",
            strings ? size : 4);
        add(zip, "xl/s.xml", strings ? sheet : (const char *)data, strings ? strlen(sheet) : size);
        MUST(zip_close(zip) == 0);
        read_book(path);
    }
    unlink(path);
    return 0;
}
