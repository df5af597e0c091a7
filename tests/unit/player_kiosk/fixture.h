/* Directories for the kiosk's tests: the demonstration one and made-up ones of any size. */
#ifndef VITRINE_TESTS_PLAYER_KIOSK_FIXTURE_H
#define VITRINE_TESTS_PLAYER_KIOSK_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "player/kiosk/kiosk.h"
#include "playlists/directory.h"

#define FIXTURE_COLUMNS 23

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

static inline void fixture_entry(struct directory *directory, struct directory_entry *entry,
                                 char **columns)
{
    struct arena *arena = directory->arena;
    const char *site = columns[20];
    *entry = (struct directory_entry){
        .id = arena_strdup(arena, columns[0]),
        .name = arena_strdup(arena, columns[3]),
        .sign = arena_strdup(arena, columns[4]),
        .sort_key = "",
        .family = fixture_family(columns[6]),
        .types = columns[8][0] == '\0' ? "" : "Atelier et chantier d’insertion, Agrément ESUS",
        .activity = fixture_activity(columns[10]),
        .summary = arena_strdup(arena, columns[11]),
        .offer = arena_strdup(arena, columns[12]),
        .address = arena_strdup(arena, columns[13]),
        .postcode = arena_strdup(arena, columns[14]),
        .commune = arena_strdup(arena, columns[15]),
        .in_metropole = true,
        .phone = arena_strdup(arena, columns[16]),
        .email = arena_strdup(arena, columns[17]),
        .website = arena_strdup(arena, columns[18]),
        .hours = arena_strdup(arena, columns[19]),
        .site_id = strcmp(site, "Créapolis") == 0 ? "creapolis" : "",
        .floor = arena_strdup(arena, columns[21]),
        .office = arena_strdup(arena, columns[22]),
    };
}

/* assets/demo/annuaire.csv, read as simply as that file allows; NULL when it is missing. */
static inline struct directory *fixture_demo(void)
{
    char *bytes;
    size_t length;
    struct error err;
    if (!file_read(VITRINE_SOURCE_DIR "/assets/demo/annuaire.csv", 1 << 20, &bytes, &length, &err))
        return NULL;
    struct directory *directory = directory_create();
    directory->entries = arena_array(directory->arena, 1000, sizeof(*directory->entries));
    directory->generated = "2026-11-12";
    char *rest = bytes;
    (void)strsep(&rest, "\n");
    for (char *line; (line = strsep(&rest, "\n")) != NULL && directory->entry_count < 1000;) {
        char *columns[FIXTURE_COLUMNS];
        int count = 0;
        while (count < FIXTURE_COLUMNS && (columns[count] = strsep(&line, ";")) != NULL)
            count++;
        if (count == FIXTURE_COLUMNS) {
            columns[22][strcspn(columns[22], "\r")] = '\0';
            fixture_entry(directory, &directory->entries[directory->entry_count++], columns);
        }
    }
    free(bytes);
    directory_sort(directory);
    return directory;
}

/* `count` organisations from A to Z, the first `here` of them in the building "creapolis". */
static inline struct directory *fixture_many(size_t count, size_t here)
{
    struct directory *directory = directory_create();
    struct arena *arena = directory->arena;
    directory->entries = arena_array(arena, count, sizeof(*directory->entries));
    directory->entry_count = count;
    directory->generated = "2026-11-12";
    for (size_t i = 0; i < count; i++) {
        char letter = (char)('A' + i * 26 / count);
        directory->entries[i] = (struct directory_entry){
            .id = arena_printf(arena, "org-%06zu", i),
            .name = arena_printf(arena, "%c%06zu Atelier des Rives", letter, i),
            .sign = "",
            .sort_key = arena_printf(arena, "%c%06zu", letter + 32, i),
            .initial = letter,
            .family = i % 3 == 0 ? "Coopérative" : "Association",
            .types = i % 5 == 0 ? "Entreprise d’insertion" : "",
            .activity = "Réparation d’articles personnels",
            .summary = i % 7 == 0 ? "Un atelier ouvert à tous, tous les jours." : "",
            .offer = "",
            .address = "1, rue du Pont",
            .postcode = "76000",
            .commune = "Rouen",
            .in_metropole = i % 11 != 0,
            .phone = "02 61 91 00 00",
            .email = "",
            .website = i % 2 == 0 ? "https://atelier.example" : "",
            .hours = "",
            .site_id = i < here ? "creapolis" : "",
            .floor = "1",
            .office = "",
        };
    }
    directory_sort(directory);
    return directory;
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
