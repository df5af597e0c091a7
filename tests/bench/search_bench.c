/* search_bench COUNT: builds a search file of COUNT organisations with plausible names, types a
 * thousand names and places into it key by key, and tells how long each key took. A line for
 * bench.sh: build seconds, file MiB, keys, p50, p99 and worst in microseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/files.h"
#include "core/utf8.h"
#include "search/search.h"

#define QUESTIONS 1000
#define KEYS_MAX 40000
#define PAGE 20

static const char *const kinds[] = {"Association",          "Les Amis de",   "Atelier",
                                    "Régie de quartier",    "Ressourcerie",  "Coopérative",
                                    "Jardins partagés",     "Épicerie",      "Entreprise adaptée",
                                    "Fédération",           "Comité",        "Maison",
                                    "La Fabrique",          "Collectif",     "Société coopérative",
                                    "Groupement",           "Centre social", "Compagnie",
                                    "Chantier d’insertion", "Mutuelle",      "Union locale",
                                    "Foyer rural",          "Amicale",       "Réseau",
                                    "École de musique"};
static const char *const themes[] = {
    "du vélo",       "des savoirs",   "de la réparation", "du pain",        "des aidants",
    "du théâtre",    "des familles",  "de l’habitat",     "de la mobilité", "du numérique",
    "des jeunes",    "du bois",       "du textile",       "de la Seine",    "des quais",
    "de la mémoire", "des parents",   "du jardin",        "de l’énergie",   "des métiers",
    "de la cuisine", "du livre",      "des arts",         "de la danse",    "du sport",
    "de la lecture", "des voisins",   "de l’insertion",   "du réemploi",    "de la santé",
    "du handicap",   "des retraités", "de l’emploi",      "du patrimoine",  "de la forêt",
    "de la musique", "des étudiants", "du cinéma",        "de l’accueil",   "des semences"};
static const char *const communes[] = {"Rouen",
                                       "Elbeuf",
                                       "Sotteville-lès-Rouen",
                                       "Saint-Étienne-du-Rouvray",
                                       "Le Petit-Quevilly",
                                       "Le Grand-Quevilly",
                                       "Mont-Saint-Aignan",
                                       "Bois-Guillaume",
                                       "Darnétal",
                                       "Maromme",
                                       "Canteleu",
                                       "Déville-lès-Rouen",
                                       "Oissel",
                                       "Caudebec-lès-Elbeuf",
                                       "Grand-Couronne",
                                       "Petit-Couronne",
                                       "Cléon",
                                       "Duclair",
                                       "Le Trait",
                                       "Barentin"};
static const char *const activities[] = {
    "Aide à domicile",
    "Action sociale sans hébergement",
    "Arts du spectacle vivant",
    "Restauration traditionnelle",
    "Récupération de déchets triés",
    "Accueil de jeunes enfants",
    "Activités de clubs de sports",
    "Formation continue d’adultes",
    "Services d’aménagement paysager",
    "Autres organisations fonctionnant par adhésion volontaire"};
#define PICK(array, n) ((array)[(n) % (sizeof(array) / sizeof((array)[0]))])

/* The same names at each run (xorshift). */
static uint64_t chance_state = 88172645463325252u;
static uint64_t chance(void)
{
    chance_state ^= chance_state << 13;
    chance_state ^= chance_state >> 7;
    chance_state ^= chance_state << 17;
    return chance_state >> 16;
}

/* A family name of two to four syllables. */
static void family(char *out, size_t size)
{
    static const char *const syllables[] = {
        "le",  "mar", "du",  "ber", "val", "cour", "ren", "det", "lan", "ger", "mon", "tin",
        "bel", "fon", "que", "vil", "ro",  "sa",   "lin", "gau", "per", "rin", "ha",  "mel"};
    size_t length = 0, count = 2 + chance() % 3;

    for (size_t i = 0; i < count; i++)
        length += (size_t)snprintf(out + length, size - length, "%s", PICK(syllables, chance()));
    out[0] = (char)(out[0] - 'a' + 'A');
}

static void name_of(char *out, size_t size)
{
    char who[40];

    family(who, sizeof(who));
    switch (chance() % 4) {
    case 0:
        snprintf(out, size, "%s %s %s", PICK(kinds, chance()), PICK(themes, chance()), who);
        break;
    case 1:
        snprintf(out, size, "%s %s de %s", PICK(kinds, chance()), PICK(themes, chance()),
                 PICK(communes, chance()));
        break;
    case 2:
        snprintf(out, size, "%s %s", who, PICK(themes, chance()));
        break;
    default:
        snprintf(out, size, "Association %s %s", who, PICK(themes, chance()));
    }
}

static int64_t now_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static bool build(const char *path, long count, char (*asked)[200], struct error *err)
{
    struct search_build *build = search_build_begin(path, err);
    char name[160], id[32], words[400];

    if (build == NULL)
        return false;
    for (long i = 0; i < count; i++) {
        const char *commune = PICK(communes, chance());
        name_of(name, sizeof(name));
        snprintf(id, sizeof(id), "siret-%014ld", i);
        snprintf(words, sizeof(words), "%s %s %014ld", PICK(activities, chance()), commune, i);
        struct search_document document = {"organisation",    id, name, commune, words,
                                           "state:published", 1};
        if (!search_build_add(build, &document, err)) {
            search_build_abandon(build);
            return false;
        }
        if (i % (count / QUESTIONS) == 0 && i / (count / QUESTIONS) < QUESTIONS)
            snprintf(asked[i / (count / QUESTIONS)], 200, "%s %s", name,
                     chance() % 2 ? commune : "");
    }
    return search_build_end(build, err);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static size_t type_all(struct search *search, char (*asked)[200], int64_t *times, struct error *err)
{
    struct arena *arena = arena_create();
    struct search_hits hits;
    size_t keys = 0;
    char typed[200];

    for (size_t i = 0; i < QUESTIONS; i++) {
        const char *end = asked[i] + strlen(asked[i]);
        for (const char *at = asked[i]; at < end && keys < KEYS_MAX;) {
            utf8_next(&at, end);
            snprintf(typed, sizeof(typed), "%.*s", (int)(at - asked[i]), asked[i]);
            int64_t began = now_us();
            if (!search_ask(
                    search, arena,
                    &(struct search_query){.text = typed, .kind = "organisation", .limit = PAGE},
                    &hits, err))
                goto done;
            times[keys++] = now_us() - began;
            if (hits.count == 0) {
                error_set(err, ERROR_INTERNAL, "« %s » n’est pas trouvé", "\"%s\" is not found",
                          typed);
                keys = 0;
                goto done;
            }
            arena_reset(arena);
        }
    }
done:
    arena_destroy(arena);
    return keys;
}

int main(int argc, char **argv)
{
    static char asked[QUESTIONS][200];
    static int64_t times[KEYS_MAX];
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
    char folder[] = "/tmp/vitrine-search-XXXXXX", path[64];
    struct search *search = NULL;
    struct error error = {0};
    int64_t size = 0;
    size_t keys = 0;

    if (count < QUESTIONS || mkdtemp(folder) == NULL) {
        fprintf(stderr, "usage: search_bench COUNT (%d at least)\n", QUESTIONS);
        return 2;
    }
    snprintf(path, sizeof(path), "%s/search.db", folder);
    int64_t began = now_us();
    bool ok = build(path, count, asked, &error);
    int64_t built = now_us() - began;
    if (ok && (search = search_open(path, false, &error)) != NULL)
        keys = type_all(search, asked, times, &error);
    search_close(search);
    file_size(path, &size);
    unlink(path);
    rmdir(folder);
    if (keys == 0) {
        fprintf(stderr, "%s\n", error.en);
        return 1;
    }
    qsort(times, keys, sizeof(times[0]), compare);
    printf("%.1f %.0f %zu %lld %lld %lld\n", (double)built / 1e6, (double)size / 1048576, keys,
           (long long)times[keys / 2], (long long)times[keys * 99 / 100],
           (long long)times[keys - 1]);
    return 0;
}
