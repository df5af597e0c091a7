#include "server/worker/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZIP_END_SIZE 22
#define ZIP_COMMENT_MAX 65535
#define MARKUP_WITHIN 1024

struct bytes {
    const uint8_t *at;
    size_t size;
};

/* The *_end functions give where the format's own end stands: 0 when it is missing. */

static size_t png_end(struct bytes file)
{
    size_t at = 8;

    while (file.size - at >= 12) {
        const uint8_t *chunk = file.at + at;
        uint64_t length = (uint64_t)chunk[0] << 24 | (uint64_t)chunk[1] << 16 |
                          (uint64_t)chunk[2] << 8 | chunk[3];
        if (length > file.size - at - 12)
            return 0;
        at += 12 + (size_t)length;
        if (memcmp(chunk + 4, "IEND", 4) == 0)
            return at;
    }
    return 0;
}

/* Behind a scan's header: to the next marker that is none of the scan's own. */
static size_t skip_scan(struct bytes file, size_t at)
{
    while (at + 1 < file.size) {
        const uint8_t *found = memchr(file.at + at, 0xFF, file.size - at - 1);
        if (found == NULL)
            return file.size;
        at = (size_t)(found - file.at);
        uint8_t next = file.at[at + 1];
        if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7))
            return at;
        at += next == 0xFF ? 1 : 2;
    }
    return file.size;
}

static size_t jpeg_end(struct bytes file)
{
    size_t at = 2;

    while (at + 4 <= file.size || (at + 2 == file.size)) {
        if (file.at[at] != 0xFF)
            return 0;
        uint8_t marker = file.at[at + 1];
        if (marker == 0xD9)
            return at + 2;
        if (marker == 0xFF || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
            at += marker == 0xFF ? 1 : 2;
            continue;
        }
        if (at + 4 > file.size)
            return 0;
        at += 2 + (size_t)(file.at[at + 2] << 8 | file.at[at + 3]);
        if (marker == 0xDA)
            at = skip_scan(file, at);
    }
    return 0;
}

static size_t skip_blocks(struct bytes file, size_t at)
{
    while (at < file.size && file.at[at] != 0)
        at += 1 + (size_t)file.at[at];
    return at + 1;
}

static size_t colours(uint8_t flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

static size_t gif_end(struct bytes file)
{
    size_t at = file.size < 13 ? file.size : 13 + colours(file.at[10]);

    while (at < file.size) {
        uint8_t block = file.at[at];
        if (block == 0x3B)
            return at + 1;
        if (block == 0x21)
            at = skip_blocks(file, at + 2);
        else if (block == 0x2C && at + 10 < file.size)
            at = skip_blocks(file, at + 11 + colours(file.at[at + 9]));
        else
            return 0;
    }
    return 0;
}

static size_t webp_end(struct bytes file)
{
    const uint8_t *length = file.at + 4;
    size_t end = 8 + ((size_t)length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 |
                      (size_t)length[3] << 24);

    return end > file.size ? 0 : end;
}

static bool begins(struct bytes file, size_t at, const char *magic, size_t length)
{
    return file.size >= at + length && memcmp(file.at + at, magic, length) == 0;
}

/* False for formats whose end is not known here. */
static bool find_end(struct bytes file, size_t *end_out)
{
    if (begins(file, 0, "\x89PNG\r\n\x1a\n", 8))
        *end_out = png_end(file);
    else if (begins(file, 0, "\xff\xd8\xff", 3))
        *end_out = jpeg_end(file);
    else if (begins(file, 0, "GIF8", 4))
        *end_out = gif_end(file);
    else if (begins(file, 0, "RIFF", 4) && begins(file, 8, "WEBP", 4))
        *end_out = webp_end(file);
    else
        return false;
    return true;
}

/* An end record whose comment fills the rest exactly is what every unpacker looks for. */
static bool ends_as_zip(struct bytes file)
{
    size_t range = ZIP_END_SIZE + ZIP_COMMENT_MAX;
    size_t first = file.size > range ? file.size - range : 0;

    for (size_t at = first; at + ZIP_END_SIZE <= file.size; at++) {
        size_t comment = (size_t)(file.at[at + 20] | file.at[at + 21] << 8);
        if (begins(file, at, "PK\x05\x06", 4) && at + ZIP_END_SIZE + comment == file.size)
            return true;
    }
    return false;
}

static bool tail_is_foreign(struct bytes tail)
{
    static const struct {
        const char *magic;
        size_t length;
    } formats[] = {
        {"PK\x03\x04", 4},
        {"Rar!\x1a\x07", 6},
        {"7z\xbc\xaf\x27\x1c", 6},
        {"\x1f\x8b\x08", 3},
        {"%PDF-", 5},
        {"MZ", 2},
        {"\x7f"
         "ELF",
         4},
        {"#!", 2},
        {"BZh", 3},
        {"\xfd"
         "7zXZ",
         5},
    };
    static const char *const markup[] = {"<html", "<script", "<!doctype", "<?php", "<svg"};

    while (tail.size > 0 && (*tail.at == 0 || *tail.at == '\n' || *tail.at == '\r')) {
        tail.at++;
        tail.size--;
    }
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (begins(tail, 0, formats[i].magic, formats[i].length))
            return true;
    }
    for (size_t at = 0; at < tail.size && at < MARKUP_WITHIN; at++) {
        for (size_t i = 0; i < sizeof(markup) / sizeof(markup[0]); i++) {
            size_t length = strlen(markup[i]);
            if (tail.size - at >= length &&
                strncasecmp((const char *)tail.at + at, markup[i], length) == 0)
                return true;
        }
    }
    return false;
}

static bool check(struct bytes file, struct error *err)
{
    size_t end;

    if (find_end(file, &end)) {
        if (end == 0)
            return error_set(err, ERROR_INVALID,
                             "il manque la fin de cette image ; envoyez-la de nouveau",
                             "this picture's end is missing; send it again");
        if (tail_is_foreign((struct bytes){file.at + end, file.size - end}))
            goto foreign;
    }
    if (begins(file, 0, "PK\x03\x04", 4) || !ends_as_zip(file))
        return true;
foreign:
    return error_set(err, ERROR_INVALID,
                     "un autre fichier est caché derrière celui-ci ; ouvrez-le, enregistrez-le de "
                     "nouveau et envoyez la copie",
                     "another file is hidden behind this one; open it, save it again and send the "
                     "copy");
}

bool tail_check(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set_errno(err, errno, "l’original ne s’ouvre pas", "the original cannot be opened");
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (status.st_size < 32) {
        close(fd);
        return error_set(err, ERROR_INVALID, "ce fichier est vide ou presque",
                         "this file is empty or nearly so");
    }
    size_t size = (size_t)status.st_size;
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    int problem = errno;
    close(fd);
    if (bytes == MAP_FAILED)
        return error_set_errno(err, problem, "l’original ne se lit pas",
                               "the original is unreadable");
    bool ok = check((struct bytes){bytes, size}, err);
    munmap(bytes, size);
    return ok;
}
