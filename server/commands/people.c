/* init, user: the data folder and its accounts. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "server/api/api.h"
#include "server/auth/auth.h"
#include "server/commands/internal.h"
#include "server/store/credentials.h"
#include "server/store/schema.h"

#define PASSWORD_TEXT 64

/* From --password-file (first line), else a random one; *made_out says which. */
static bool choose_password(struct command *command, const char **password_out, bool *made_out)
{
    char *text;
    size_t length;

    *made_out = command->options.password_file == NULL;
    if (*made_out) {
        char *password = arena_alloc(command->arena, PASSWORD_TEXT);
        auth_random_password(password, PASSWORD_TEXT);
        *password_out = password;
        return true;
    }
    if (!file_read(command->options.password_file, 4096, &text, &length, &command->error))
        return false;
    *password_out = arena_strndup(command->arena, text, strcspn(text, "\r\n"));
    free(text);
    return true;
}

static bool put_user(struct command *command, const char *name, enum role role)
{
    const char *password;
    bool made;
    char hash[160];

    /* Who changes a password because somebody knows it wants that somebody out. */
    if (!choose_password(command, &password, &made) ||
        !auth_hash_password(password, hash, sizeof(hash), &command->error) ||
        !users_put(command->db,
                   &(struct user){.name = name,
                                  .password_hash = hash,
                                  .role = role,
                                  .active = true,
                                  .alert = role == ROLE_ADMINISTRATOR,
                                  .created_ms = clock_wall_ms(&command->clock)},
                   &command->error) ||
        !sessions_delete_user(command->db, name, &command->error))
        return false;
    if (made)
        printf(lang_pick(command->lang, "Compte : %s\nMot de passe : %s\n",
                         "Account: %s\nPassword: %s\n"),
               name, password);
    else
        printf(lang_pick(command->lang, "Compte : %s\n", "Account: %s\n"), name);
    return true;
}

int command_init(struct command *command)
{
    char path[PATH_MAX];
    struct user_list users;
    struct sign_keys keys;

    if (!folder_create(command->options.data, 0750, &command->error) ||
        api_database_path(command->options.data, path, sizeof(path)) == NULL)
        return command_fail(command);
    struct db *db = store_open(path, DB_WRITER, &command->error);
    if (db == NULL)
        return command_fail(command);
    db_close(db);
    if (!command_open(command) ||
        !sign_keys_load_or_create(api_key_path(command->options.data, path, sizeof(path)), &keys,
                                  &command->error) ||
        !folder_create(command->media_folder, 0755, &command->error) ||
        !users_list(command->db, command->arena, &users, &command->error))
        return command_fail(command);
    if (users.count > 0) {
        printf(lang_pick(command->lang,
                         "%s est prêt déjà ; rien n’a changé.\n"
                         "Mot de passe perdu ? vitrine-server user password %s\n",
                         "%s is ready already; nothing has changed.\n"
                         "Lost the password? vitrine-server user password %s\n"),
               command->options.data, users.items[0].name);
        return COMMAND_DONE;
    }
    printf(lang_pick(command->lang, "Dossier de données : %s\n", "Data folder: %s\n"),
           command->options.data);
    const char *name = command->options.user != NULL ? command->options.user : "admin";
    return put_user(command, name, ROLE_ADMINISTRATOR) ? COMMAND_DONE : command_fail(command);
}

static int user_add(struct command *command, const char *name)
{
    enum role role = ROLE_READER;
    struct user existing;

    if (command->options.role != NULL && !role_parse(command->options.role, &role)) {
        error_set(&command->error, ERROR_INVALID,
                  "« %s » n’est pas un rôle : reader, contributor, validator, publisher, "
                  "site_operator, administrator",
                  "\"%s\" is no role: reader, contributor, validator, publisher, site_operator, "
                  "administrator",
                  command->options.role);
        return command_fail(command);
    }
    if (users_get(command->db, command->arena, name, &existing, &command->error)) {
        error_set(&command->error, ERROR_CONFLICT,
                  "le compte « %s » existe déjà ; pour un nouveau mot de passe : user password %s",
                  "the account \"%s\" exists already; for a new password: user password %s", name,
                  name);
        return command_fail(command);
    }
    return put_user(command, name, role) ? COMMAND_DONE : command_fail(command);
}

static int user_password(struct command *command, const char *name)
{
    struct user user;

    if (!users_get(command->db, command->arena, name, &user, &command->error))
        return command_fail(command);
    return put_user(command, name, user.role) ? COMMAND_DONE : command_fail(command);
}

int command_user(struct command *command)
{
    const char *usage = "user add NOM [--role RÔLE] | password NOM | list";
    const char *verb = command->word_count > 0 ? command->words[0] : "";
    struct user_list users;

    bool add = command->word_count == 2 && strcmp(verb, "add") == 0;
    bool password = command->word_count == 2 && strcmp(verb, "password") == 0;
    bool list = command->word_count == 1 && strcmp(verb, "list") == 0;
    if (!add && !password && !list)
        return command_misused(command, usage);
    if (!command_open(command))
        return command_fail(command);
    if (add)
        return user_add(command, command->words[1]);
    if (password)
        return user_password(command, command->words[1]);
    if (!users_list(command->db, command->arena, &users, &command->error))
        return command_fail(command);
    for (size_t i = 0; i < users.count; i++)
        printf("%-24s %-16s %s\n", users.items[i].name, role_tag(users.items[i].role),
               users.items[i].active ? "" : lang_pick(command->lang, "fermé", "closed"));
    return COMMAND_DONE;
}
