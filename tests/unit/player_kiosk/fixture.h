/* Directories for the kiosk's tests: the demonstration one and made-up ones of any size, as files
 * that are gone once they are open. */
#ifndef VITRINE_TESTS_PLAYER_KIOSK_FIXTURE_H
#define VITRINE_TESTS_PLAYER_KIOSK_FIXTURE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/civil.h"
#include "core/files.h"
#include "core/utf8.h"
#include "directory/directory_build.h"
#include "player/kiosk/kiosk.h"

#define FIXTURE_COLUMNS 29
#define FIXTURE_NOW INT64_C(1795514400000) /* 2026-11-24, 11:00 in Rouen */
#define FIXTURE_FACE "aa00000000000000000000000000000000000000000000000000000000000000"
#define FIXTURE_FILM "bb00000000000000000000000000000000000000000000000000000000000000"

static inline const char *fixture_family(const char *category)
{
    if (category[0] == '5')
        return strncmp(category, "54", 2) == 0 ? "Coopérative" : "Entreprise";
    if (category[0] == '8')
        return "Mutuelle";
    if (strncmp(category, "93", 2) == 0)
        return "Fondation";
    return "Association";
}

/* As the server words a sector; enough for tests. */
static inline const char *fixture_activity(const char *sectors)
{
    static const char *const words[][2] = {
        {"alimentation", "Alimentation et restauration"},
        {"batiment", "Construction et métiers du bois"},
        {"culture", "Arts, spectacle et activités récréatives"},
        {"education", "Enseignement et éducation populaire"},
        {"energie", "Production d’électricité renouvelable"},
        {"environnement", "Protection de l’environnement"},
        {"finance", "Finance solidaire et comptabilité"},
        {"insertion", "Activités des agences de travail temporaire d’insertion"},
        {"numerique", "Programmation informatique"},
        {"reemploi", "Récupération et vente de biens d’occasion"},
        {"textile", "Fabrication d’articles textiles, sauf habillement"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(sectors, words[i][0], strlen(words[i][0])) == 0)
            return words[i][1];
    return "Services aux personnes et aux entreprises";
}

static inline void fixture_check(bool ok, struct error *err)
{
    if (ok)
        return;
    char text[400];
    fprintf(stderr, "%s\n", error_text(err, LANG_EN, text, sizeof(text)));
    abort();
}

/* A file that is being made: values of facets get their numbers as they come. */
struct fixture_making {
    char path[64];
    struct directory_build *build;
    struct arena *arena;
    const char *film, *captions; /* of portraits that have one */
    const char *labels[DIRECTORY_FACETS][DIRECTORY_VALUES_MAX];
    size_t counts[DIRECTORY_FACETS];
};

static inline struct fixture_making fixture_begin(void)
{
    struct error err;
    struct fixture_making making = {
        .path = "/tmp/kiosk-XXXXXX", .film = FIXTURE_FILM, .captions = "", .arena = arena_create()};
    int descriptor = mkstemp(making.path);
    if (descriptor < 0)
        abort();
    close(descriptor);
    unlink(making.path);
    making.build = directory_build_begin(making.path, "2026-11-12", &err);
    fixture_check(making.build != NULL, &err);
    return making;
}

/* The file stands at its path. */
static inline void fixture_close(struct fixture_making *making)
{
    struct error err;
    fixture_check(directory_build_end(making->build, &err), &err);
    arena_destroy(making->arena);
}

static inline struct directory *fixture_end(struct fixture_making *making)
{
    struct error err;
    fixture_close(making);
    struct directory *directory = directory_open(making->path, &err);
    fixture_check(directory != NULL, &err);
    unlink(making->path);
    return directory;
}

static inline void fixture_value(struct fixture_making *making, enum directory_facet facet,
                                 const char *label, struct directory_values *out)
{
    struct error err;
    size_t value = 0;
    if (label[0] == '\0')
        return;
    while (value < making->counts[facet] && strcmp(making->labels[facet][value], label) != 0)
        value++;
    if (value == making->counts[facet]) {
        making->labels[facet][making->counts[facet]++] = arena_strdup(making->arena, label);
        fixture_check(directory_build_value(making->build, facet, label, label, label, &err), &err);
    }
    out->bits[value / 64] |= UINT64_C(1) << value % 64;
}

static inline void fixture_organisation(struct fixture_making *making,
                                        const struct directory_organisation *organisation,
                                        const char *sectors)
{
    struct directory_values values[DIRECTORY_FACETS] = {{{0}}};
    struct strbuf key;
    struct error err;
    char *rest = arena_strdup(making->arena, sectors);
    for (char *sector; (sector = strsep(&rest, ",")) != NULL;)
        fixture_value(making, DIRECTORY_SECTOR, sector, &values[DIRECTORY_SECTOR]);
    fixture_value(making, DIRECTORY_COMMUNE, organisation->commune, &values[DIRECTORY_COMMUNE]);
    fixture_value(making, DIRECTORY_FAMILY, organisation->family, &values[DIRECTORY_FAMILY]);
    fixture_value(making, DIRECTORY_INSERTION, organisation->types, &values[DIRECTORY_INSERTION]);
    strbuf_init(&key);
    utf8_fold(organisation->name, &key);
    fixture_check(directory_build_organisation(making->build, organisation, key.bytes, values,
                                               organisation->activity, &err),
                  &err);
    strbuf_finish(&key);
}

/* An organisation of which all is said that a test does not care about. */
static inline struct directory_organisation fixture_blank(void)
{
    return (struct directory_organisation){.id = "",
                                           .name = "",
                                           .sign = "",
                                           .acronym = "",
                                           .family = "",
                                           .types = "",
                                           .sector = "",
                                           .activity = "",
                                           .summary = "",
                                           .plain = "",
                                           .offer = "",
                                           .values = "",
                                           .address = "",
                                           .postcode = "",
                                           .commune = "",
                                           .in_metropole = true,
                                           .phone = "",
                                           .email = "",
                                           .website = "",
                                           .hours = "",
                                           .site_id = "",
                                           .floor = "",
                                           .office = "",
                                           .picture = "",
                                           .picture_alt = "",
                                           .picture_credit = "",
                                           .focal_x = 0.5,
                                           .focal_y = 0.5,
                                           .portrait = ""};
}

static inline void fixture_row(struct fixture_making *making, char **columns)
{
    struct directory_organisation it = fixture_blank();
    it.id = columns[0];
    it.name = columns[3];
    it.sign = columns[4];
    it.acronym = columns[5];
    it.family = fixture_family(columns[6]);
    it.types = columns[8][0] == '\0' ? "" : "Atelier et chantier d’insertion";
    it.activity = fixture_activity(columns[10]);
    it.summary = columns[11];
    it.offer = columns[12];
    it.address = columns[13];
    it.postcode = columns[14];
    it.commune = columns[15];
    it.phone = columns[16];
    it.email = columns[17];
    it.website = columns[18];
    it.hours = columns[19];
    it.site_id = strcmp(columns[20], "Créapolis") == 0 ? "creapolis" : "";
    it.floor = columns[21];
    it.office = columns[22];
    it.latitude = strtod(columns[23], NULL);
    it.longitude = strtod(columns[24], NULL);
    it.placed = it.latitude != 0.0;
    it.portrait = strcmp(it.id, "demo-seconde-rive") == 0 ? "portrait-0" : "";
    it.plain =
        it.portrait[0] != '\0' ? "On récupère des objets. On les répare. On les revend." : "";
    it.values = columns[27];
    fixture_organisation(making, &it, columns[10]);
}

static inline void fixture_event(struct fixture_making *making, int number, int64_t day,
                                 const char *title, const char *commune)
{
    struct error err;
    char id[32];
    snprintf(id, sizeof(id), "event-%d", number);
    int64_t start_ms = day * 86400000 + (14 - 1) * 3600000; /* 14:00 in winter */
    struct directory_event event = {
        .id = id,
        .title = title,
        .summary = "Venez découvrir les métiers, rencontrer les équipes et poser vos questions. "
                   "Entrée libre, sans inscription, un café vous attend.",
        .place = "Halle aux Toiles",
        .address = "19, place de la Basse Vieille Tour",
        .commune = commune,
        .organisation = number % 2 == 0 ? "demo-seconde-rive" : "",
        .organiser = number % 2 == 0 ? "La Seconde Rive" : "ADRESS Normandie",
        .price = "Gratuit",
        .access = "Accessible en fauteuil roulant",
        .url = "https://agenda.example/1",
        .status = number == 1 ? "complet" : "",
        .picture = "",
        .picture_alt = "",
        .picture_credit = "",
        .focal_x = 0.5,
        .focal_y = 0.5,
        .start_ms = start_ms,
        .end_ms = start_ms + 2 * 3600000,
        .local_day = day,
        .start_minute = 14 * 60,
        .end_minute = 16 * 60,
    };
    fixture_check(directory_build_event(making->build, &event, &err), &err);
}

static inline void fixture_portrait(struct fixture_making *making, int number, const char *name,
                                    const char *role, const char *organisation)
{
    struct error err;
    char id[32];
    snprintf(id, sizeof(id), "portrait-%d", number);
    struct directory_portrait portrait = {
        .id = id,
        .organisation = number == 0 ? "demo-seconde-rive" : "",
        .organisation_name = organisation,
        .leader_name = name,
        .leader_role = role,
        .quote = "Ici, on répare des objets, et l’on reprend confiance en soi",
        .story = "Tout a commencé dans un garage de Sotteville. Cinq voisins, trois vélos et une "
                 "idée : ce que le quartier jette peut faire vivre le quartier.\n\nDix ans plus "
                 "tard, douze salariés en insertion collectent, trient et réparent.",
        .plain = number == 0 ? "On récupère des objets. On les répare. On les revend." : "",
        .picture = FIXTURE_FACE,
        .picture_alt = "",
        .picture_credit = "Atelier photo",
        .focal_x = 0.5,
        .focal_y = 0.3,
        .film = number % 2 == 0 ? making->film : "",
        .captions = number % 2 == 0 ? making->captions : "",
        .url = "https://portrait.example",
        .from_ms = 0,
        .until_ms = INT64_MAX,
    };
    fixture_check(directory_build_portrait(making->build, &portrait, &err), &err);
}

/* Rounded shapes around real centres, side by side enough to look like communes. */
static inline void fixture_commune(struct fixture_making *making, const char *code,
                                   const char *name, double latitude, double longitude)
{
    struct error err;
    struct directory_point points[13];
    for (int i = 0; i < 13; i++) {
        double angle = i * 3.14159265358979 / 6.0;
        points[i] = (struct directory_point){(float)(longitude + 0.035 * cos(angle)),
                                             (float)(latitude + 0.023 * sin(angle))};
    }
    struct directory_ring ring = {13, points};
    struct directory_commune commune = {code, name, latitude, longitude, 1, &ring};
    fixture_check(directory_build_commune(making->build, &commune, &err), &err);
}

static inline void fixture_extras(struct fixture_making *making)
{
    int64_t today = FIXTURE_NOW / 86400000;
    fixture_event(making, 0, today, "Portes ouvertes de la ressourcerie", "Sotteville-lès-Rouen");
    fixture_event(making, 1, today, "Forum de l’emploi solidaire", "Rouen");
    fixture_event(making, 2, today + 3, "Atelier de réparation de vélos", "Rouen");
    fixture_event(making, 3, today + 20, "Marché de Noël des créateurs", "Elbeuf");
    fixture_event(making, 4, today + 32, "Assemblée des coopératives", "Rouen");
    fixture_portrait(making, 0, "Nadia Belkacem", "Directrice", "La Seconde Rive");
    fixture_portrait(making, 1, "Hugo Lemercier", "Gérant", "Pain Levé");
    fixture_portrait(making, 2, "Awa Diallo", "Présidente", "Couture en Seine");
    fixture_portrait(making, 3, "", "", "Les Jardins du Robec");
    fixture_commune(making, "76540", "Rouen", 49.441, 1.094);
    fixture_commune(making, "76681", "Sotteville-lès-Rouen", 49.409, 1.093);
    fixture_commune(making, "76451", "Mont-Saint-Aignan", 49.464, 1.068);
    fixture_commune(making, "76231", "Elbeuf", 49.287, 1.008);
    fixture_commune(making, "76212", "Darnétal", 49.446, 1.150);
}

/* Fields of a line of CSV, quotes taken off; modifies it. Returns how many. */
static inline int fixture_fields(char **text, char *fields[FIXTURE_COLUMNS])
{
    int count = 0;
    char *from = *text, *to = *text;
    bool quoted = false;
    while (*from != '\0' && count < FIXTURE_COLUMNS) {
        char *field = to;
        for (; *from != '\0' && (quoted || (*from != ';' && *from != '\n')); from++) {
            if (*from != '"')
                *to++ = *from;
            else if (quoted && from[1] == '"')
                *to++ = *from++;
            else
                quoted = !quoted;
        }
        bool last = *from != ';';
        from += *from != '\0';
        *to++ = '\0';
        fields[count++] = field;
        if (last)
            break;
    }
    *text = from;
    return count;
}

/* assets/demo/annuaire.csv with events, portraits and communes; NULL when it is missing. */
static inline struct directory *fixture_demo(void)
{
    char *bytes;
    size_t length;
    struct error err;
    if (!file_read(VITRINE_SOURCE_DIR "/assets/demo/annuaire.csv", 1 << 20, &bytes, &length, &err))
        return NULL;
    struct fixture_making making = fixture_begin();
    char *rest = bytes, *columns[FIXTURE_COLUMNS];
    (void)strsep(&rest, "\n");
    while (*rest != '\0')
        if (fixture_fields(&rest, columns) == FIXTURE_COLUMNS)
            fixture_row(&making, columns);
    free(bytes);
    fixture_extras(&making);
    return fixture_end(&making);
}

/* `count` organisations from A to Z, the first `here` of them in the building "creapolis". */
static inline void fixture_add_many(struct fixture_making *making, size_t count, size_t here)
{
    for (size_t i = 0; i < count; i++) {
        char letter = (char)('A' + i * 26 / count), id[32], name[64];
        snprintf(id, sizeof(id), "org-%06zu", i);
        snprintf(name, sizeof(name), "%c%06zu Atelier des Rives", letter, i);
        struct directory_organisation it = fixture_blank();
        it.id = id;
        it.name = name;
        it.family = i % 3 == 0 ? "Coopérative" : "Association";
        it.types = i % 5 == 0 ? "Entreprise d’insertion" : "";
        it.activity = "Réparation d’articles personnels";
        it.summary = i % 7 == 0 ? "Un atelier ouvert à tous, tous les jours." : "";
        it.address = "1, rue du Pont";
        it.postcode = "76000";
        it.commune = "Rouen";
        it.in_metropole = i % 11 != 0;
        it.phone = "02 61 91 00 00";
        it.website = i % 2 == 0 ? "https://atelier.example" : "";
        it.site_id = i < here ? "creapolis" : "";
        it.floor = "1";
        it.placed = true;
        it.latitude = 49.40 + (double)(i % 97) / 1500.0;
        it.longitude = 1.05 + (double)(i % 89) / 1000.0;
        fixture_organisation(making, &it, i % 2 == 0 ? "reemploi" : "culture");
    }
    fixture_extras(making);
}

static inline struct directory *fixture_many(size_t count, size_t here)
{
    struct fixture_making making = fixture_begin();
    fixture_add_many(&making, count, here);
    return fixture_end(&making);
}

static inline struct text_engine *fixture_text(void)
{
    struct error err;
    struct text_engine *text = text_engine_create(VITRINE_SOURCE_DIR "/assets/fonts", &err);
    if (text == NULL)
        abort();
    return text;
}

/* The kiosk of Créapolis: 43 inches, upright, lower edge at 620 mm; 2.017 px a millimetre. */
static inline struct kiosk_config fixture_config(struct text_engine *text)
{
    return (struct kiosk_config){
        .text = text,
        .metrics = {.width_px = 1080,
                    .height_px = 1920,
                    .px_per_mm = 2.017,
                    .cap_px = 18,
                    .unit_px = 120,
                    .safe_px = 60,
                    .portrait = true},
        .bottom_edge_mm = 620,
        .site_id = "creapolis",
        .site_name = "Créapolis",
        .lang = LANG_FR,
    };
}

#endif
