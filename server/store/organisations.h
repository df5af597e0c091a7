/* Organisations: the directory's records (fiches structure). */
#ifndef VITRINE_SERVER_STORE_ORGANISATIONS_H
#define VITRINE_SERVER_STORE_ORGANISATIONS_H

#include "server/store/entity.h"

/* Loi 2014-856 du 31 juillet 2014, article 1er, and public bodies that carry insertion schemes. */
enum famille_ess {
    FAMILLE_INCONNUE,
    FAMILLE_ASSOCIATION,
    FAMILLE_COOPERATIVE,
    FAMILLE_MUTUELLE,
    FAMILLE_FONDATION,
    FAMILLE_ENTREPRISE,      /* société commerciale de l'ESS */
    FAMILLE_AUTRE_ORGANISME, /* public body: CCAS, commune… */
};

/* A latitude or longitude that nobody has said. */
#define ORGANISATION_NOWHERE 999.0

struct organisation {
    const char *id;    /* [a-z0-9-]{1,64}: of the source, else "siret-…" or "rna-…" */
    const char *siret; /* 14 digits; unique when not "" */
    const char *rna;   /* "W…" */
    const char *nom;
    const char *enseigne;
    const char *sigle;
    const char *categorie_juridique; /* INSEE, 4 digits */
    enum famille_ess famille_ess;
    bool scic;
    bool scop;
    bool esus;
    struct text_list
        types_iae;             /* "ACI", "AI", "EA", "EATT", "EI", "EITI", "ESAT", "ETTI", "GEIQ" */
    struct text_list secteurs; /* "alimentation", …; the first is the main one */
    const char *naf;           /* NAF rév. 2: "78.20Z" */
    const char *naf_label;
    const char *resume;
    const char *description;
    const char *offre;
    const char *valeurs;
    const char *falc;                  /* what it does, in easy-to-read language */
    struct text_list rse;              /* what it offers to firms: import/vocabulary.h */
    struct text_list marches_reserves; /* public markets that may be reserved for it */
    const char *adresse;               /* street line */
    double latitude; /* WGS 84, of the address; ORGANISATION_NOWHERE when nobody has said */
    double longitude;
    const char *code_postal;
    const char *code_insee;  /* "" outside the Métropole */
    const char *commune;     /* as people read it */
    const char *commune_key; /* folded; set by upsert */
    bool in_metropole;
    const char *site; /* id of the incubator it is in */
    const char *etage;
    const char *bureau;
    const char *telephone; /* "02 35 59 74 22" */
    const char *courriel;
    const char *site_web;
    const char *horaires;
    const char *image; /* hash of a media, "" for none */
    const char *image_alt;
    const char *image_credit;
    double focal_x;
    double focal_y;
    const char *source; /* "asp-siae", "vitrine" */
    const char *source_id;
    const char *licence;
    const char *date_maj; /* ISO date of the source's record; not compared by upsert */
    bool diffusable;
    enum state state;
    const char
        *search_text;     /* folded name, sign, acronym, activity, offer, commune; set by upsert */
    const char *sort_key; /* folded name; set by upsert */
    int64_t updated_ms;   /* not compared by upsert */
};

struct organisation_list {
    size_t count;
    struct organisation *items;
};

/* NULL or 0 = any. Only displayable ones (published, diffusable) unless `all`. */
struct organisation_filter {
    const char *sector;
    const char *site;
    const char *const *communes; /* names; case, accents, hyphens do not count */
    size_t commune_count;
    bool metropole;             /* only those in one of the 71 communes */
    const char *after_sort_key; /* paging: those after (sort key, id) */
    const char *after_id;
    size_t limit;
    bool all;
};

/* Creates or overwrites by id; child tables with it. UNCHANGED when every compared field is equal.
 * Sets search_text and sort_key. A SIRET that another id has is ERROR_CONFLICT. */
bool organisations_upsert(struct db *db, struct arena *arena, struct organisation *organisation,
                          enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
bool organisations_get(struct db *db, struct arena *arena, const char *id, struct organisation *out,
                       struct error *err) __attribute__((warn_unused_result));
bool organisations_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
bool organisations_get_by_siret(struct db *db, struct arena *arena, const char *siret,
                                struct organisation *out, struct error *err)
    __attribute__((warn_unused_result));
/* Sorted by (sort_key, id). */
bool organisations_list(struct db *db, struct arena *arena,
                        const struct organisation_filter *filter, struct organisation_list *out,
                        struct error *err) __attribute__((warn_unused_result));
/* Same selection and order, ids only: for rotations. */
bool organisations_ids(struct db *db, struct arena *arena, const struct organisation_filter *filter,
                       struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));
bool organisations_count(struct db *db, int64_t *count_out, struct error *err)
    __attribute__((warn_unused_result));

/* Whether it says where its address is. */
bool organisation_placed(const struct organisation *organisation);

const char *famille_ess_tag(enum famille_ess family);   /* "cooperative", as stored */
const char *famille_ess_label(enum famille_ess family); /* "Coopérative", as people read it */

#endif
