/* init, user: the data folder and its accounts. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "server/api/api.h"
#include "server/auth/people.h"
#include "server/commands/internal.h"
#include "server/store/schema.h"

#define PASSWORD_TEXT 64
#define HASH_SIZE 160

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

static bool hash_password(struct command *command, char hash_out[HASH_SIZE], const char **shown_out)
{
    const char *password;
    bool made;

    if (!choose_password(command, &password, &made) ||
        !auth_hash_password(password, hash_out, HASH_SIZE, &command->error))
        return false;
    *shown_out = made ? password : NULL;
    return true;
}

static void print_account(struct command *command, const char *name, const char *password)
{
    if (password != NULL)
        printf(lang_pick(command->lang, "Compte : %s\nMot de passe : %s\n",
                         "Account: %s\nPassword: %s\n"),
               name, password);
    else
        printf(lang_pick(command->lang, "Compte : %s\n", "Account: %s\n"), name);
}

static int add_user(struct command *command, const struct user *user)
{
    struct user value = *user;
    const char *password;
    char hash[HASH_SIZE];

    value.active = true;
    value.password_hash = hash;
    if (!hash_password(command, hash, &password) ||
        !people_create(command->db, command->arena, NULL, &value, clock_wall_ms(&command->clock),
                       &command->error))
        return command_fail(command);
    print_account(command, user->name, password);
    return COMMAND_DONE;
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
    return add_user(command,
                    &(struct user){.name = name, .role = ROLE_ADMINISTRATOR, .alert = true});
}

static bool parse_role(struct command *command, const char *text, enum role *role_out)
{
    return role_parse(text, role_out) ||
           error_set(&command->error, ERROR_INVALID,
                     "« %s » n’est pas un rôle : reader, contributor, validator, publisher, "
                     "site_operator, administrator",
                     "\"%s\" is no role: reader, contributor, validator, publisher, "
                     "site_operator, administrator",
                     text);
}

static int user_add(struct command *command)
{
    const struct options *options = &command->options;
    struct user user = {.name = command->words[1], .role = ROLE_READER};

    if (options->role != NULL && !parse_role(command, options->role, &user.role))
        return command_fail(command);
    user.sites = (struct text_list){.count = options->sites.count,
                                    .items = (const char **)options->sites.items};
    user.alert = options->alert;
    user.email = options->email;
    return add_user(command, &user);
}

/* Keeps everything else: who changes a password because somebody knows it wants that somebody out,
 * not another account. */
static int user_password(struct command *command)
{
    const char *name = command->words[1], *password;
    char hash[HASH_SIZE];

    if (!hash_password(command, hash, &password) ||
        !people_set_password(command->db, command->arena, name, hash,
                             clock_wall_ms(&command->clock), "", &command->error))
        return command_fail(command);
    print_account(command, name, password);
    return COMMAND_DONE;
}

static int change(struct command *command, const struct user *user)
{
    if (!people_change(command->db, command->arena, NULL, user, clock_wall_ms(&command->clock),
                       &command->error))
        return command_fail(command);
    return COMMAND_DONE;
}

static bool find(struct command *command, struct user *user_out)
{
    return users_get(command->db, command->arena, command->words[1], user_out, &command->error);
}

static int user_role(struct command *command)
{
    struct user user;

    if (!find(command, &user) || !parse_role(command, command->words[2], &user.role))
        return command_fail(command);
    return change(command, &user);
}

static int user_sites(struct command *command)
{
    struct user user;

    if (!find(command, &user))
        return command_fail(command);
    user.sites = (struct text_list){.count = (size_t)command->word_count - 2,
                                    .items = (const char **)command->words + 2};
    return change(command, &user);
}

static int user_alert(struct command *command)
{
    static const struct {
        const char *word;
        bool alert;
    } words[] = {{"oui", true}, {"yes", true}, {"non", false}, {"no", false}};
    struct user user;

    if (!find(command, &user))
        return command_fail(command);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(command->words[2], words[i].word) == 0) {
            user.alert = words[i].alert;
            return change(command, &user);
        }
    }
    error_set(&command->error, ERROR_INVALID, "« %s » : dites oui ou non", "\"%s\": say yes or no",
              command->words[2]);
    return command_fail(command);
}

static int user_close(struct command *command)
{
    struct user user;

    if (!find(command, &user))
        return command_fail(command);
    user.active = false;
    return change(command, &user);
}

static int user_open(struct command *command)
{
    struct user user;

    if (!find(command, &user))
        return command_fail(command);
    user.active = true;
    return change(command, &user);
}

static int user_reset_link(struct command *command)
{
    const char *url = config_text(&command->config, CONFIG_PUBLIC_URL);
    char token[PEOPLE_TOKEN_SIZE];

    if (!people_reset_begin(command->db, command->arena, NULL, command->words[1],
                            clock_wall_ms(&command->clock), token, &command->error))
        return command_fail(command);
    if (*url == '\0')
        url =
            lang_pick(command->lang, "https://ADRESSE-DU-SERVEUR", "https://ADDRESS-OF-THE-SERVER");
    while (*url != '\0' && url[strlen(url) - 1] == '/')
        url = arena_strndup(command->arena, url, strlen(url) - 1);
    printf(lang_pick(command->lang, "Valable 24 heures, une seule fois :\n%s/admin/reset#%s\n",
                     "Good for 24 hours, once:\n%s/admin/reset#%s\n"),
           url, token);
    return COMMAND_DONE;
}

static int user_code_off(struct command *command)
{
    if (!people_drop_second_factor(command->db, command->arena, NULL, command->words[1],
                                   clock_wall_ms(&command->clock), &command->error))
        return command_fail(command);
    return COMMAND_DONE;
}

static int user_list(struct command *command)
{
    struct user_list users;

    if (!users_list(command->db, command->arena, &users, &command->error))
        return command_fail(command);
    for (size_t i = 0; i < users.count; i++) {
        const struct user *user = &users.items[i];
        printf("%-24s %-16s", user->name, role_tag(user->role));
        for (size_t k = 0; k < user->sites.count; k++)
            printf("%s%s", k == 0 ? "" : ",", user->sites.items[k]);
        if (user->alert)
            fputs(lang_pick(command->lang, " urgences", " emergencies"), stdout);
        if (user->totp_active)
            fputs(" code", stdout);
        if (!user->active)
            fputs(lang_pick(command->lang, " fermé", " closed"), stdout);
        putchar('\n');
    }
    return COMMAND_DONE;
}

int command_user(struct command *command)
{
    static const struct {
        const char *verb;
        int words_min, words_max;
        int (*run)(struct command *command);
    } verbs[] = {
        {"add", 2, 2, user_add},
        {"password", 2, 2, user_password},
        {"list", 1, 1, user_list},
        {"role", 3, 3, user_role},
        {"sites", 2, 2 + OPTION_LIST_MAX, user_sites},
        {"alert", 3, 3, user_alert},
        {"close", 2, 2, user_close},
        {"open", 2, 2, user_open},
        {"reset-link", 2, 2, user_reset_link},
        {"code-off", 2, 2, user_code_off},
    };

    for (size_t i = 0; command->word_count > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(command->words[0], verbs[i].verb) != 0 ||
            command->word_count < verbs[i].words_min || command->word_count > verbs[i].words_max)
            continue;
        return command_open(command) ? verbs[i].run(command) : command_fail(command);
    }
    return command_misused(
        command, "user add NOM [--role RÔLE] [--site SITE]… [--alert] [--email ADRESSE] | "
                 "password NOM | list | role NOM RÔLE | sites NOM [SITE…] | "
                 "alert NOM oui|non | close NOM | open NOM | reset-link NOM | "
                 "code-off NOM");
}
