#include "server/api/mailing.h"

#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "server/mail/postman.h"
#include "server/notices/herald.h"

#define PASSWORD_MAX 1024

static void handle_written(void *context)
{
    struct api *api = context;

    if (api->postman != NULL)
        postman_kick(api->postman);
}

/* "smtp.example.fr:587": what would lead elsewhere in an address of the Web is refused. */
static bool place_valid(const char *place)
{
    const char *colon = strrchr(place, ':');
    size_t digits = colon != NULL ? strspn(colon + 1, "0123456789") : 0;

    return colon != NULL && colon != place && digits >= 1 && digits <= 5 &&
           colon[1 + digits] == '\0' && strtol(colon + 1, NULL, 10) <= 65535 &&
           strspn(place, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:_") ==
               strlen(place);
}

static enum smtp_security security_of(const struct config *settings)
{
    const char *word = config_text(settings, CONFIG_MAIL_SECURITY);

    return strcmp(word, "none") == 0  ? SMTP_PLAIN
           : strcmp(word, "tls") == 0 ? SMTP_TLS
                                      : SMTP_STARTTLS;
}

static bool settings_right(const struct config *settings, struct error *err)
{
    const char *user = config_text(settings, CONFIG_MAIL_USER);
    const char *file = config_text(settings, CONFIG_MAIL_PASSWORD_FILE);

    if (!place_valid(config_text(settings, CONFIG_MAIL_SERVER)))
        return error_set(err, ERROR_INVALID,
                         "mail_server : « %.100s » ne ressemble pas à smtp.exemple.fr:587",
                         "mail_server: \"%.100s\" does not look like smtp.example.fr:587",
                         config_text(settings, CONFIG_MAIL_SERVER));
    if (config_text(settings, CONFIG_MAIL_FROM)[0] == '\0' ||
        config_text(settings, CONFIG_PUBLIC_URL)[0] == '\0')
        return error_set(err, ERROR_INVALID,
                         "mail_server demande mail_from et public_url : qui écrit, et où mènent "
                         "les liens",
                         "mail_server needs mail_from and public_url: who writes, and where links "
                         "lead");
    if ((user[0] == '\0') != (file[0] == '\0'))
        return error_set(err, ERROR_INVALID, "mail_user et mail_password_file vont ensemble",
                         "mail_user and mail_password_file go together");
    if (user[0] != '\0' && security_of(settings) == SMTP_PLAIN)
        return error_set(err, ERROR_INVALID,
                         "mail_security = none : un mot de passe n’est pas envoyé en clair",
                         "mail_security = none: a password is not sent in the clear");
    return true;
}

static bool start_postman(struct api *api, const char *database, struct error *err)
{
    const struct config *settings = api->config.settings;
    const char *file = config_text(settings, CONFIG_MAIL_PASSWORD_FILE);
    char *password = NULL;
    size_t length = 0;

    if (!settings_right(settings, err) ||
        (*file != '\0' && !file_read(file, PASSWORD_MAX, &password, &length, err)))
        return false;
    if (password != NULL)
        password[strcspn(password, "\r\n")] = '\0';
    api->postman = postman_start(
        &(struct postman_config){.writer = &api->writer,
                                 .database = database,
                                 .server = {.place = config_text(settings, CONFIG_MAIL_SERVER),
                                            .security = security_of(settings),
                                            .user = config_text(settings, CONFIG_MAIL_USER),
                                            .password = password != NULL ? password : "",
                                            .ca_file = config_text(settings, CONFIG_MAIL_CA_FILE)},
                                 .from = config_text(settings, CONFIG_MAIL_FROM),
                                 .clock = api->config.clock},
        err);
    if (password != NULL)
        explicit_bzero(password, length);
    free(password);
    return api->postman != NULL;
}

static char *address_of_links(const struct config *settings)
{
    char *url = strdup(config_text(settings, CONFIG_PUBLIC_URL));

    if (url == NULL)
        abort();
    for (size_t length = strlen(url); length > 0 && url[length - 1] == '/'; length--)
        url[length - 1] = '\0';
    return url;
}

bool api_mailing_start(struct api *api, struct error *err)
{
    char path[PATH_MAX];
    const char *database = api_database_path(api->config.data_folder, path, sizeof(path));
    bool mail = config_text(api->config.settings, CONFIG_MAIL_SERVER)[0] != '\0';

    if (mail && !start_postman(api, database, err))
        return false;
    api->link_url = address_of_links(api->config.settings);
    api->herald = herald_start(&(struct herald_config){.writer = &api->writer,
                                                       .database = database,
                                                       .url = mail ? api->link_url : NULL,
                                                       .clock = api->config.clock,
                                                       .written = handle_written,
                                                       .context = api},
                               err);
    return api->herald != NULL;
}

void api_mailing_stop(struct api *api)
{
    herald_stop(api->herald); /* kicks the postman */
    postman_stop(api->postman);
    free(api->link_url);
}
