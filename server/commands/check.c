/* check: whether what the data folder holds is whole. */
#include "core/files.h"
#include "core/hash.h"
#include "server/commands/internal.h"
#include "server/store/organisations.h"
#include "server/store/schema.h"

struct media_counts {
    size_t sound, missing, damaged;
};

static void check_file(struct command *command, const struct media_record *record,
                       struct media_counts *counts)
{
    enum lang lang = command->lang;
    struct sha256 wanted, found;
    struct error error;
    char path[PATH_MAX];

    if (!sha256_from_hex(record->sha256, &wanted) ||
        media_path(command->media_folder, &wanted, path, sizeof(path)) == NULL ||
        !file_exists(path)) {
        counts->missing++;
        printf(lang_pick(lang, "  manque : %s (%s)\n", "  missing: %s (%s)\n"), record->name,
               record->sha256);
    } else if (!sha256_of_file(path, &found, &error) || !sha256_equal(&wanted, &found)) {
        counts->damaged++;
        printf(lang_pick(lang, "  abîmé : %s (%s)\n", "  damaged: %s (%s)\n"), record->name, path);
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
        check_file(command, &records.items[i], counts);
    return true;
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

int command_check(struct command *command)
{
    struct sign_keys keys;
    struct media_counts counts = {0};
    char key[SIGN_PUBLIC_HEX_SIZE];
    int64_t organisations;
    int version;

    if (command->word_count != 0)
        return command_misused(command, "check");
    if (!command_open(command) || !db_verify(command->db, &command->error) ||
        !schema_version(command->db, &version, &command->error) ||
        !organisations_count(command->db, &organisations, &command->error) ||
        !command_keys(command, &keys))
        return command_fail(command);
    hex_encode(keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    printf(lang_pick(command->lang,
                     "Base : en bon état, schéma %d, %lld organisations\nClé du serveur : %s\n",
                     "Database: sound, schema %d, %lld organisations\nServer key: %s\n"),
           version, (long long)organisations, key);
    if (!check_media(command, &counts))
        return command_fail(command);
    print_media(command, &counts);
    return counts.missing + counts.damaged == 0 ? COMMAND_DONE : COMMAND_FAILED;
}
