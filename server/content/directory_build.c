#include "server/content/directory_build.h"

#include <string.h>

#include "core/strbuf.h"
#include "playlists/typography.h"
#include "server/content/labels.h"

static const char *typeset(const char *text, struct strbuf *scratch, struct arena *arena)
{
    if (text[0] == '\0') {
        return "";
    }
    strbuf_clear(scratch);
    typography_apply(text, LANG_FR, scratch);
    return arena_strndup(arena, scratch->bytes, scratch->length);
}

static void fill_entry(const struct organisation *from, struct directory_entry *entry,
                       struct strbuf *scratch, struct arena *arena)
{
    bool has_sign = from->enseigne[0] != '\0' && strcmp(from->enseigne, from->nom) != 0;
    bool has_family = from->famille_ess != FAMILLE_INCONNUE;
    *entry = (struct directory_entry){
        .id = arena_strdup(arena, from->id),
        .name = typeset(from->nom, scratch, arena),
        .sign = has_sign ? typeset(from->enseigne, scratch, arena) : "",
        .sort_key = arena_strdup(arena, from->sort_key),
        .initial = typography_initial(from->nom),
        .family = has_family ? famille_ess_label(from->famille_ess) : "",
        .types = label_insertion_types(&from->types_iae, arena),
        .activity = typeset(label_activity(from, arena), scratch, arena),
        .summary = typeset(from->resume, scratch, arena),
        .offer = typeset(from->offre, scratch, arena),
        .address = typeset(from->adresse, scratch, arena),
        .postcode = arena_strdup(arena, from->code_postal),
        .commune = typeset(from->commune, scratch, arena),
        .in_metropole = from->in_metropole,
        .phone = typeset(from->telephone, scratch, arena),
        .email = arena_strdup(arena, from->courriel),
        .website = arena_strdup(arena, from->site_web),
        .hours = typeset(from->horaires, scratch, arena),
        .site_id = arena_strdup(arena, from->site),
        .floor = typeset(from->etage, scratch, arena),
        .office = typeset(from->bureau, scratch, arena),
    };
}

struct directory *directory_build(const struct organisation_list *organisations)
{
    struct directory *directory = directory_create();
    struct strbuf scratch;
    strbuf_init(&scratch);
    const char *newest = "";
    directory->entry_count = organisations->count;
    directory->entries =
        arena_array(directory->arena, organisations->count, sizeof *directory->entries);
    for (size_t i = 0; i < organisations->count; i++) {
        const struct organisation *organisation = &organisations->items[i];
        fill_entry(organisation, &directory->entries[i], &scratch, directory->arena);
        newest = strcmp(organisation->date_maj, newest) > 0 ? organisation->date_maj : newest;
    }
    directory->generated = arena_strdup(directory->arena, newest);
    directory_sort(directory);
    strbuf_finish(&scratch);
    return directory;
}

bool directory_publish(struct db *db, const struct media_store *media, struct arena *arena,
                       struct media_record *out, struct error *err)
{
    struct organisation_list organisations = {0};
    struct organisation_filter everything = {0};
    if (!organisations_list(db, arena, &everything, &organisations, err)) {
        return false;
    }
    struct directory *directory = directory_build(&organisations);
    struct strbuf bytes;
    strbuf_init(&bytes);
    directory_encode(directory, &bytes);
    bool ok = media_add_document(media, arena, bytes.bytes, bytes.length, DIRECTORY_TYPE,
                                 "annuaire.json", out, err);
    strbuf_finish(&bytes);
    directory_destroy(directory);
    return ok;
}
