/* POSIX.1-1988 ustar: what every tar reads. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/backup/internal.h"

#define BLOCK 512
#define NAME_SIZE 100
#define ENTRIES_MAX 2000000
#define SIZE_MAX_OCTAL INT64_C(077777777777)

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6],
        version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static unsigned sum_of(const struct header *header)
{
    const unsigned char *bytes = (const unsigned char *)header;
    size_t from = offsetof(struct header, sum), until = from + sizeof(header->sum);
    unsigned sum = 0;

    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= from && i < until ? ' ' : bytes[i];
    return sum;
}

static void put_octal(char *field, size_t size, int64_t value)
{
    for (size_t i = size - 1; i-- > 0; value /= 8)
        field[i] = (char)('0' + value % 8);
    field[size - 1] = '\0';
}

static bool write_block(int fd, const void *bytes, size_t size, struct error *err)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t done = write(fd, at, size);
        if (done < 0 && errno != EINTR)
            return error_set_errno(err, errno, "écriture impossible", "cannot write");
        if (done > 0) {
            at += done;
            size -= (size_t)done;
        }
    }
    return true;
}

bool tar_append(int fd, const char *name, unsigned mode, int64_t mtime_s, int from, int64_t size,
                struct sha256 *sum_out, struct error *err)
{
    static const char zeros[BLOCK];
    struct header header = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
    size_t length = strlen(name);

    if (length > NAME_SIZE || size > SIZE_MAX_OCTAL)
        return error_set(err, ERROR_LIMIT,
                         "« %s » est trop grand pour une archive : sauvegardez dans un dossier",
                         "\"%s\" is too large for an archive: back up into a folder", name);
    memcpy(header.name, name, length);
    put_octal(header.mode, sizeof(header.mode), mode);
    put_octal(header.uid, sizeof(header.uid), 0);
    put_octal(header.gid, sizeof(header.gid), 0);
    put_octal(header.size, sizeof(header.size), size);
    put_octal(header.mtime, sizeof(header.mtime), mtime_s);
    put_octal(header.sum, sizeof(header.sum) - 1, sum_of(&header));
    header.sum[7] = ' ';
    return write_block(fd, &header, BLOCK, err) && files_pump(from, fd, size, sum_out, err) &&
           write_block(fd, zeros, (size_t)(-size & (BLOCK - 1)), err);
}

bool tar_end(int fd, struct error *err)
{
    static const char zeros[2 * BLOCK];

    return write_block(fd, zeros, sizeof(zeros), err) &&
           (fsync(fd) == 0 || error_set_errno(err, errno, "écriture impossible", "cannot write"));
}

static bool get_octal(const char *field, size_t size, int64_t *value_out)
{
    size_t i = 0;

    *value_out = 0;
    for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
        *value_out = *value_out * 8 + (field[i] - '0');
    return i > 0 && (i == size || field[i] == '\0' || field[i] == ' ');
}

static bool refuse(struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "ce n’est pas une archive de sauvegarde, ou elle est incomplète",
                     "this is no archive of a backup, or it is not complete");
}

static bool read_block(int fd, struct header *header, int64_t offset, struct error *err)
{
    size_t have = 0;

    while (have < BLOCK) {
        ssize_t got =
            pread(fd, (char *)header + have, BLOCK - have, (off_t)(offset + (int64_t)have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, errno, "lecture impossible", "cannot read");
        if (got == 0)
            return refuse(err);
        have += (size_t)got;
    }
    return true;
}

static void add(struct tar_index *index, const struct tar_entry *entry)
{
    if (index->count == index->capacity) {
        index->capacity = index->capacity == 0 ? 256 : 2 * index->capacity;
        index->entries = reallocarray(index->entries, index->capacity, sizeof(*index->entries));
        if (index->entries == NULL)
            abort();
    }
    index->entries[index->count++] = *entry;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct tar_entry *)a)->name, ((const struct tar_entry *)b)->name);
}

static bool take_header(const struct header *header, int64_t offset, int64_t file_size,
                        struct tar_entry *out)
{
    int64_t sum;

    if (memcmp(header->magic, "ustar", 5) != 0 || header->type != '0' ||
        !get_octal(header->sum, sizeof(header->sum), &sum) || sum != sum_of(header) ||
        !get_octal(header->size, sizeof(header->size), &out->size) ||
        out->size > file_size - offset - BLOCK || header->prefix[0] != '\0')
        return false;
    memcpy(out->name, header->name, NAME_SIZE);
    out->name[NAME_SIZE] = '\0';
    out->offset = offset + BLOCK;
    return files_name_valid(out->name) || strcmp(out->name, BACKUP_MANIFEST) == 0 ||
           strcmp(out->name, BACKUP_MANIFEST_SUM) == 0;
}

bool tar_read_index(int fd, struct tar_index *out, struct error *err)
{
    struct header header;
    struct stat status;

    *out = (struct tar_index){0};
    if (fstat(fd, &status) != 0)
        return error_set_errno(err, errno, "lecture impossible", "cannot read");
    for (int64_t offset = 0;;) {
        struct tar_entry entry;
        if (!read_block(fd, &header, offset, err))
            break;
        if (header.name[0] == '\0') {
            if (out->count > 0)
                qsort(out->entries, out->count, sizeof(*out->entries), by_name);
            return true;
        }
        if (!take_header(&header, offset, status.st_size, &entry) || out->count == ENTRIES_MAX) {
            refuse(err);
            break;
        }
        add(out, &entry);
        offset = entry.offset + ((entry.size + BLOCK - 1) & ~(int64_t)(BLOCK - 1));
    }
    tar_index_finish(out);
    return false;
}

void tar_index_finish(struct tar_index *index)
{
    free(index->entries);
    *index = (struct tar_index){0};
}
