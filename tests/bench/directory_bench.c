/* What the kiosk's directory file costs: directory_bench [organisations]. Builds one, opens it and
 * types searches into it key by key, as people do: names, two words, typos, with facets chosen.
 * Names are made of syllables, so that there are as many different words as in a real country. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/files.h"
#include "core/utf8.h"
#include "directory/directory_build.h"

#define SEARCHES 400
#define KEYS_MAX 40000

static uint32_t seed = 2026;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

static double now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double resident_mb(void)
{
    char line[256];
    double kb = 0;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");

    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "Private_Dirty: %lf", &kb) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kb / 1024;
}

static void made_word(struct strbuf *out)
{
    static const char *const syllables[] = {"ba", "cho", "dé", "fi", "gra", "ja",  "lon", "mi",
                                            "no", "pé",  "ra", "si", "ton", "vi",  "zel", "eau",
                                            "an", "our", "el", "is", "cou", "bre", "ter", "mar"};
    uint32_t count = 2 + dice(3);

    for (uint32_t i = 0; i < count; i++)
        strbuf_append(out, syllables[dice(24)]);
}

static const char *const activities[] = {"Restauration collective",
                                         "Réparation de vélos",
                                         "Action sociale",
                                         "Jardinage paysager",
                                         "Spectacle vivant",
                                         "Nettoyage courant",
                                         "Formation",
                                         "Aide à domicile",
                                         "Hébergement",
                                         "Commerce d’occasion",
                                         "Enseignement",
                                         "Travaux de peinture"};
static const char *const beginnings[] = {"Association", "Atelier", "Les Amis", "Coopérative",
                                         "Maison",      "Centre",  "Comité",   "Régie"};

static void build(const char *path, uint32_t count, char names[SEARCHES][128])
{
    struct error error;
    struct directory_build *made = directory_build_begin(path, "2026-11-24", &error);
    struct strbuf name, folded;
    char id[16], commune[32];

    strbuf_init(&name);
    strbuf_init(&folded);
    if (made == NULL)
        abort();
    for (int i = 0; i < 12; i++)
        if (!directory_build_value(made, DIRECTORY_SECTOR, activities[i], activities[i], "",
                                   &error))
            abort();
    for (int i = 0; i < 71; i++) {
        snprintf(commune, sizeof(commune), "Commune%d", i);
        if (!directory_build_value(made, DIRECTORY_COMMUNE, commune, commune, "", &error))
            abort();
    }
    for (uint32_t i = 0; i < count; i++) {
        struct directory_values values[DIRECTORY_FACETS] = {0};
        uint32_t sector = dice(12), place = dice(71);
        strbuf_clear(&name);
        strbuf_clear(&folded);
        strbuf_append(&name, beginnings[dice(8)]);
        strbuf_append(&name, " ");
        made_word(&name);
        if (dice(2) == 0) {
            strbuf_append(&name, " ");
            made_word(&name);
        }
        utf8_fold(name.bytes, &folded);
        snprintf(id, sizeof(id), "o%u", i);
        snprintf(commune, sizeof(commune), "Commune%u", place);
        values[DIRECTORY_SECTOR].bits[0] = UINT64_C(1) << sector;
        values[DIRECTORY_COMMUNE].bits[place / 64] = UINT64_C(1) << place % 64;
        struct directory_organisation organisation = {
            .id = id,
            .name = name.bytes,
            .activity = activities[sector],
            .sector = activities[sector],
            .commune = commune,
            .latitude = 49 + dice(1000) / 1000.0,
            .longitude = 1 + dice(1000) / 1000.0,
            .summary = "Une mission racontée en une phrase, comme il y en a dans chaque fiche.",
        };
        if (!directory_build_organisation(made, &organisation, folded.bytes, values, "", &error))
            abort();
        if (i % (count / SEARCHES) == 0 && i / (count / SEARCHES) < SEARCHES)
            snprintf(names[i / (count / SEARCHES)], 128, "%s", folded.bytes);
    }
    if (!directory_build_end(made, &error)) {
        fprintf(stderr, "%s\n", error.en);
        exit(1);
    }
    strbuf_finish(&name);
    strbuf_finish(&folded);
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return one < other ? -1 : one > other;
}

static void tell(const char *what, double *times, size_t count)
{
    qsort(times, count, sizeof(times[0]), by_size);
    printf("%s %.3f %.3f %.3f\n", what, times[count / 2], times[count * 99 / 100],
           times[count - 1]);
}

/* Each key of each search from the second letter on; `typo`: with a letter of the last word wrong.
 */
static void type(struct directory *directory, char names[SEARCHES][128], bool typo, bool facets,
                 const char *what)
{
    static double times[KEYS_MAX];
    size_t keys = 0;
    struct directory_answer answer = {0};
    struct error error;

    for (int i = 0; i < SEARCHES; i++) {
        char text[128];
        const char *name = names[i] + strcspn(names[i], " ") + 1;
        for (size_t length = 2; length <= strlen(name) && keys < KEYS_MAX; length++) {
            struct directory_query query = {.text = text};
            snprintf(text, sizeof(text), "%.*s", (int)length, name);
            if (typo && length > 3)
                text[3] = text[3] == 'x' ? 'w' : 'x';
            if (facets) {
                query.chosen[DIRECTORY_SECTOR].bits[0] = 0x0f;
                query.chosen[DIRECTORY_COMMUNE].bits[0] = 0xff;
            }
            double begin = now_ms();
            if (!directory_ask(directory, &query, &answer, &error))
                abort();
            times[keys++] = now_ms() - begin;
        }
    }
    directory_answer_finish(&answer);
    tell(what, times, keys);
}

int main(int argc, char **argv)
{
    /* Built by a process of its own, so that its memory is not mistaken for the reader's. */
    char(*names)[128] = mmap(NULL, (size_t)SEARCHES * 128, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 100000;
    char folder[] = "/tmp/vitrine-directory-XXXXXX", path[64];
    int64_t bytes = 0;
    struct error error;
    double begin = now_ms();

    if (names == MAP_FAILED || count < SEARCHES || mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof(path), "%s/directory.db", folder);
    pid_t builder = fork();
    int ended;
    if (builder == 0) {
        build(path, count, names);
        _exit(0);
    }
    if (builder < 0 || waitpid(builder, &ended, 0) != builder || ended != 0)
        return 1;
    printf("build %.0f\n", now_ms() - begin);
    if (!file_size(path, &bytes))
        return 1;
    printf("file %.1f\n", (double)bytes / 1048576);
    double before = resident_mb();
    begin = now_ms();
    struct directory *directory = directory_open(path, &error);
    if (directory == NULL) {
        fprintf(stderr, "%s\n", error.en);
        return 1;
    }
    printf("open %.1f\n", now_ms() - begin);
    type(directory, names, false, false, "names");
    type(directory, names, true, false, "typos");
    type(directory, names, false, true, "facets");
    printf("memory %.1f\n", resident_mb() - before);
    directory_close(directory);
    unlink(path);
    rmdir(folder);
    return 0;
}
