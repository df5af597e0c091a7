/* check: whether what the data folder holds is whole. */
#include "core/civil.h"
#include "core/files.h"
#include "core/hash.h"
#include "search/search.h"
#include "server/api/api.h"
#include "server/backup/backup.h"
#include "server/commands/internal.h"
#include "server/store/media_items.h"
#include "server/store/organisations.h"
#include "server/store/schema.h"

struct media_counts {
    size_t sound, missing, damaged;
};

static void check_file(struct command *command, const char *folder, const char *hash,
                       const char *name, struct media_counts *counts)
{
    enum lang lang = command->lang;
    struct sha256 wanted, found;
    struct error error;
    char path[PATH_MAX];

    if (!sha256_from_hex(hash, &wanted) ||
        media_path(folder, &wanted, path, sizeof(path)) == NULL || !file_exists(path)) {
        counts->missing++;
        printf(lang_pick(lang, "  manque : %s (%s)\n", "  missing: %s (%s)\n"), name, hash);
    } else if (!sha256_of_file(path, &found, &error) || !sha256_equal(&wanted, &found)) {
        counts->damaged++;
        printf(lang_pick(lang, "  abîmé : %s (%s)\n", "  damaged: %s (%s)\n"), name, path);
    } else {
        counts->sound++;
    }
}

static bool check_media(struct command *command, struct media_counts *counts)
{
    struct media_record_list records;

    if (!media_records_list(command->db, command->arena, &records, &command->error))
        return false;
    for (size_t i = 0; i < records.count; i++)
        check_file(command, command->media_folder, records.items[i].sha256, records.items[i].name,
                   counts);
    return true;
}

/* What people sent: renditions are made from it, and nobody could send it a second time for us. */
static bool check_originals(struct command *command, struct media_counts *counts)
{
    struct media_item_page page = {.after = "", .limit = 500, .kind = -1, .state = -1, .words = ""};
    struct media_item_list items;
    char folder[PATH_MAX];

    if (path_join(folder, sizeof(folder), command->options.data, "originals") == NULL)
        return error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", command->options.data);
    do {
        if (!media_items_list(command->db, command->arena, &page, &items, &command->error))
            return false;
        for (size_t i = 0; i < items.count; i++) {
            if (items.items[i].original && items.items[i].state != ITEM_REFUSED)
                check_file(command, folder, items.items[i].sha256, items.items[i].name, counts);
        }
        if (items.count > 0)
            page.after = media_items_key(command->arena, &items.items[items.count - 1]);
    } while (items.count == page.limit);
    return true;
}

static void print_originals(const struct command *command, const struct media_counts *counts)
{
    enum lang lang = command->lang;

    printf(lang_pick(lang, "Originaux déposés : %zu bons, %zu manquants, %zu abîmés\n",
                     "Uploaded originals: %zu sound, %zu missing, %zu damaged\n"),
           counts->sound, counts->missing, counts->damaged);
    if (counts->missing + counts->damaged > 0)
        puts(
            lang_pick(lang,
                      "Remettez le dossier originals/ depuis une sauvegarde, ou déposez de nouveau "
                      "ces fichiers.",
                      "Restore the folder originals/ from a backup, or upload these files again."));
}

static void print_media(const struct command *command, const struct media_counts *counts)
{
    enum lang lang = command->lang;

    printf(lang_pick(lang, "Médias : %zu bons, %zu manquants, %zu abîmés\n",
                     "Media: %zu sound, %zu missing, %zu damaged\n"),
           counts->sound, counts->missing, counts->damaged);
    if (counts->missing + counts->damaged > 0)
        fputs(lang_pick(
                  lang,
                  "Remettez le dossier media/ depuis une sauvegarde ; ou supprimez les fichiers "
                  "abîmés, puis chargez de nouveau leurs documents (load, import).\n",
                  "Restore the folder media/ from a backup; or delete the damaged files and "
                  "load their documents again (load, import).\n"),
              stdout);
}

/* The index holds nothing that is not in the database: it is only slow to make anew. */
static bool check_search(struct command *command, bool *sound_out)
{
    enum lang lang = command->lang;
    char path[PATH_MAX];
    struct error error;

    *sound_out = true;
    if (api_search_path(command->options.data, path, sizeof(path)) == NULL)
        return error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", command->options.data);
    if (!file_exists(path)) {
        puts(lang_pick(lang, "Recherche : pas encore d’index, « serve » le fera",
                       "Search: no index yet, \"serve\" will make it"));
        return true;
    }
    struct search *search = search_open(path, false, &error);
    *sound_out = search != NULL && search_verify(search, &error);
    search_close(search);
    if (*sound_out)
        puts(lang_pick(lang, "Recherche : index en bon état", "Search: index sound"));
    else
        printf(lang_pick(lang,
                         "Recherche : %s\nArrêtez le serveur et supprimez %s : il le refera.\n",
                         "Search: %s\nStop the server and delete %s: it will make it anew.\n"),
               lang_pick(lang, error.fr, error.en), path);
    return true;
}

/* Looks without changing anything: a database of another schema is left as it is. */
static bool check_database(struct command *command, bool *ours_out)
{
    enum lang lang = command->lang;
    char path[PATH_MAX];
    int64_t organisations;
    int version;

    if (!command_data_exists(command) ||
        api_database_path(command->options.data, path, sizeof(path)) == NULL)
        return false;
    command->db = db_open(path, DB_READER, &command->error);
    if (command->db == NULL || !db_verify(command->db, &command->error) ||
        !schema_version(command->db, &version, &command->error))
        return false;
    *ours_out = version == schema_known();
    if (!*ours_out) {
        printf(
            version < schema_known()
                ? lang_pick(lang,
                            "Base : en bon état, schéma %d ; ce programme en est au schéma %d et "
                            "la mettra à jour à son prochain démarrage (sauvegardez avant)\n",
                            "Database: sound, schema %d; this program is at schema %d and will "
                            "bring it up to date when it next starts (back up before)\n")
                : lang_pick(lang,
                            "Base : en bon état, schéma %d, plus récent que celui de ce "
                            "programme (%d) : installez la version qui l’a créée\n",
                            "Database: sound, schema %d, newer than this program's (%d): "
                            "install the version that made it\n"),
            version, schema_known());
        return true;
    }
    if (!organisations_count(command->db, &organisations, &command->error))
        return false;
    printf(lang_pick(lang, "Base : en bon état, schéma %d, %lld organisations\n",
                     "Database: sound, schema %d, %lld organisations\n"),
           version, (long long)organisations);
    return true;
}

static bool check_key(struct command *command)
{
    struct sign_keys keys;
    char key[SIGN_PUBLIC_HEX_SIZE];

    if (!command_keys(command, &keys))
        return false;
    hex_encode(keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    printf(lang_pick(command->lang, "Clé du serveur : %s\n", "Server key: %s\n"), key);
    return true;
}

static void print_backups(const struct command *command)
{
    const char *folder = config_text(&command->config, CONFIG_BACKUP_FOLDER);
    char instant[32];
    int64_t created_ms;

    if (*folder == '\0')
        return;
    if (backup_newest(folder, &created_ms)) {
        civil_format_instant(created_ms, instant, sizeof(instant));
        printf(lang_pick(command->lang, "Dernière sauvegarde : %s\n", "Last backup: %s\n"),
               instant);
    } else {
        printf(lang_pick(command->lang, "Aucune sauvegarde dans %s\n", "No backup in %s\n"),
               folder);
    }
}

int command_check(struct command *command)
{
    struct media_counts counts = {0}, originals = {0};
    bool ours, searchable = true;

    if (command->word_count != 0)
        return command_misused(command, "check");
    if (!check_database(command, &ours) || !check_key(command))
        return command_fail(command);
    if (ours) {
        if (!check_media(command, &counts) || !check_originals(command, &originals) ||
            !check_search(command, &searchable))
            return command_fail(command);
        print_media(command, &counts);
        print_originals(command, &originals);
    }
    print_backups(command);
    return ours && searchable &&
                   counts.missing + counts.damaged + originals.missing + originals.damaged == 0
               ? COMMAND_DONE
               : COMMAND_FAILED;
}
