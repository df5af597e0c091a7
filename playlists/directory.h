/* The directory as a kiosk shows it: every displayable organisation, ready to read, sorted. The
 * server builds it, ships it as a content-addressed file, the kiosk reads it offline. */
#ifndef VITRINE_PLAYLISTS_DIRECTORY_H
#define VITRINE_PLAYLISTS_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"

#define DIRECTORY_FORMAT 1
#define DIRECTORY_BYTES_MAX (64 * 1024 * 1024)
#define DIRECTORY_ENTRIES_MAX 200000

/* All strings are never NULL; "" where nothing is known. */
struct directory_entry {
    const char *id;
    const char *name;     /* as people read it */
    const char *sign;     /* enseigne, when it differs */
    const char *sort_key; /* folded; entries are sorted by it, then id */
    char initial;         /* 'A'–'Z' or '#' */
    const char *family;   /* "Association", "Coopérative", "Mutuelle", "Fondation", "Entreprise" */
    const char *types;    /* "Atelier et chantier d’insertion, entreprise adaptée" */
    const char *activity; /* NAF label or sector, ready to read */
    const char *summary;
    const char *offer;
    const char *address; /* street line */
    const char *postcode;
    const char *commune;
    bool in_metropole;
    const char *phone;
    const char *email;
    const char *website;
    const char *hours;
    const char *site_id; /* incubator, "" for none */
    const char *floor;
    const char *office;
};

struct directory {
    struct arena *arena;
    const char *generated; /* ISO date of the newest record */
    size_t entry_count;
    struct directory_entry *entries;
};

struct directory *directory_create(void);
void directory_destroy(struct directory *directory); /* accepts NULL */
void directory_encode(const struct directory *directory, struct strbuf *out);
struct directory *directory_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
/* Sorts by (sort_key, id) and sets sort_key and initial where missing. */
void directory_sort(struct directory *directory);

#endif
