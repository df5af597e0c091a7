#include "server/mail/smtp.h"

#include <curl/curl.h>
#include <stdint.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_MS 20000L /* with login */
#define TOTAL_MS 60000L

struct reading {
    const char *bytes;
    size_t size;
    size_t at;
};

bool smtp_start(struct error *err)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ||
           error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
}

static size_t read_message(char *to, size_t size, size_t count, void *context)
{
    struct reading *reading = context;
    size_t left = reading->size - reading->at, room = size * count;
    size_t taken = left < room ? left : room;

    memcpy(to, reading->bytes + reading->at, taken);
    reading->at += taken;
    return taken;
}

static int look_for_end(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const atomic_bool *stopping = context;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(stopping) ? 1 : 0;
}

static bool prepare(CURL *curl, const struct smtp_server *server, const char *from,
                    struct reading *reading, const atomic_bool *stopping)
{
    char url[300], sender[300];
    bool fits =
        snprintf(url, sizeof(url), "%s://%s", server->security == SMTP_TLS ? "smtps" : "smtp",
                 server->place) < (int)sizeof(url) &&
        snprintf(sender, sizeof(sender), "<%s>", from) < (int)sizeof(sender);

#define SET(option, value) (curl_easy_setopt(curl, option, value) == CURLE_OK)
    return fits && SET(CURLOPT_URL, url) && SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           SET(CURLOPT_USE_SSL,
               server->security == SMTP_PLAIN ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL) &&
           SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
           (server->ca_file[0] == '\0' || SET(CURLOPT_CAINFO, server->ca_file)) &&
           (server->user[0] == '\0' ||
            (SET(CURLOPT_USERNAME, server->user) && SET(CURLOPT_PASSWORD, server->password))) &&
           SET(CURLOPT_MAIL_FROM, sender) && SET(CURLOPT_UPLOAD, 1L) &&
           SET(CURLOPT_READFUNCTION, read_message) && SET(CURLOPT_READDATA, reading) &&
           SET(CURLOPT_NOSIGNAL, 1L) && SET(CURLOPT_PROXY, "") &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS) && SET(CURLOPT_TIMEOUT_MS, TOTAL_MS) &&
           SET(CURLOPT_NOPROGRESS, 0L) && SET(CURLOPT_XFERINFOFUNCTION, look_for_end) &&
           SET(CURLOPT_XFERINFODATA, (void *)(uintptr_t)stopping);
#undef SET
}

/* The server spoke about sender, recipient or text, and not about us. */
static bool about_the_message(CURLcode code, long answer)
{
    return answer >= 400 && (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
                             code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_QUOTE_ERROR);
}

static enum smtp_result judge(CURL *curl, CURLcode code, const struct smtp_server *server,
                              const char *why, struct error *err)
{
    long answer = 0;

    if (code == CURLE_OK)
        return SMTP_SENT;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    if (code == CURLE_LOGIN_DENIED)
        error_set(err, ERROR_DENIED, "%s refuse le nom ou le mot de passe (mail_user)",
                  "%s refuses the name or the password (mail_user)", server->place);
    else if (about_the_message(code, answer))
        error_set(err, ERROR_NETWORK, "%s refuse le message : réponse %ld",
                  "%s refuses the message: answer %ld", server->place, answer);
    else
        error_set(err, ERROR_NETWORK, "%s ne prend pas de courrier : %s", "%s takes no mail: %s",
                  server->place, why[0] != '\0' ? why : curl_easy_strerror(code));
    return code != CURLE_LOGIN_DENIED && about_the_message(code, answer) ? SMTP_REFUSED : SMTP_DOWN;
}

enum smtp_result smtp_send(const struct smtp_server *server, const char *from, const char *to,
                           const void *message, size_t size, const atomic_bool *stopping,
                           struct error *err)
{
    struct reading reading = {message, size, 0};
    char why[CURL_ERROR_SIZE] = "", recipient[300];
    enum smtp_result result = SMTP_DOWN;
    CURL *curl = curl_easy_init();

    snprintf(recipient, sizeof(recipient), "<%s>", to);
    struct curl_slist *recipients = curl_slist_append(NULL, recipient);
    if (curl == NULL || recipients == NULL || !prepare(curl, server, from, &reading, stopping) ||
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why) != CURLE_OK ||
        curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients) != CURLE_OK)
        error_set(err, ERROR_INTERNAL, "libcurl n’accepte pas ces réglages de courrier",
                  "libcurl does not accept these settings for mail");
    else
        result = judge(curl, curl_easy_perform(curl), server, why, err);
    curl_slist_free_all(recipients);
    curl_easy_cleanup(curl);
    return result;
}
