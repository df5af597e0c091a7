/* Runs a fuzz target over a corpus and over mutations of it, always the same ones, with any
 * compiler: seeds MUTATIONS FILE|FOLDER… libFuzzer takes its place in ./dev fuzz. */
#include <dirent.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

#define BYTES_MAX (1 << 20)

static uint64_t chance = 88172645463325252u;
static size_t files;

static uint64_t next_chance(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return chance;
}

/* A byte changed, a piece cut out, a piece twice, an end that is missing, or a telling byte. */
static size_t mutate(uint8_t *bytes, size_t size, size_t room)
{
    static const char telling[] = "\0\xff{}[]\",:;=\r\n\\%-+.0e";
    size_t at = (size_t)(next_chance() % size), length = 1 + (size_t)(next_chance() % 16);

    if (length > size - at)
        length = size - at;
    switch (next_chance() % 5) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << next_chance() % 8);
        return size;
    case 1:
        memmove(bytes + at, bytes + at + length, size - at - length);
        return size - length;
    case 2:
        if (size + length > room)
            return size;
        memmove(bytes + at + length, bytes + at, size - at);
        return size + length;
    case 3:
        return at;
    default:
        bytes[at] = (uint8_t)telling[next_chance() % (sizeof(telling) - 1)];
        return size;
    }
}

static void run_file(const char *path, int mutations)
{
    static uint8_t seed[BYTES_MAX], bytes[BYTES_MAX + 64];
    FILE *file = fopen(path, "rb");

    MUST(file != NULL);
    size_t size = fread(seed, 1, sizeof(seed), file);
    fclose(file);
    files++;
    LLVMFuzzerTestOneInput(seed, size);
    for (int i = 0; i < mutations && size > 0; i++) {
        size_t length = size;
        memcpy(bytes, seed, size);
        for (uint64_t turns = 1 + next_chance() % 4; turns > 0 && length > 0; turns--)
            length = mutate(bytes, length, sizeof(bytes));
        LLVMFuzzerTestOneInput(bytes, length);
    }
}

static void run_path(const char *path, int mutations)
{
    struct dirent **entries;
    struct stat status;
    char inner[4096];

    if (stat(path, &status) != 0)
        return; /* shared data may be absent */
    if (!S_ISDIR(status.st_mode)) {
        run_file(path, mutations);
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.' &&
            snprintf(inner, sizeof(inner), "%s/%s", path, entries[i]->d_name) < (int)sizeof(inner))
            run_path(inner, mutations);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++)
        run_path(argv[i], atoi(argv[1]));
    printf("%zu seeds\n", files);
    return files > 0 ? 0 : 1;
}
