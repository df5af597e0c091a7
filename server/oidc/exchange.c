#include "server/oidc/exchange.h"

#include <curl/curl.h>
#include <string.h>

#define BODY_MAX (512 * 1024)
#define CONNECT_TIMEOUT_S 4L
#define TIMEOUT_S 8L

bool exchange_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == 0;
}

bool exchange_allowed(const char *url, bool loopback_http)
{
    static const char *const loopbacks[] = {"127.0.0.1", "localhost", "[::1]"};

    if (strncmp(url, "https://", 8) == 0)
        return url[8] != '\0';
    if (!loopback_http || strncmp(url, "http://", 7) != 0)
        return false;
    for (size_t i = 0; i < sizeof(loopbacks) / sizeof(loopbacks[0]); i++) {
        size_t length = strlen(loopbacks[i]);
        char after = strncmp(url + 7, loopbacks[i], length) == 0 ? url[7 + length] : 'x';
        if (after == '\0' || after == ':' || after == '/')
            return strcspn(url + 7, "@") >= strcspn(url + 7, "/");
    }
    return false;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct strbuf *out = context;

    if (out->length + size * count > BODY_MAX)
        return 0;
    strbuf_append_bytes(out, bytes, size * count);
    return size * count;
}

static void set_up(CURL *easy, const struct exchange *exchange, struct strbuf *out)
{
    bool plain = strncmp(exchange->url, "http://", 7) == 0;

    curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vitrine-server/" VITRINE_VERSION);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, out);
    if (plain)
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* this machine is not behind its proxy */
    if (exchange->form != NULL)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->form);
    if (exchange->credentials != NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(easy, CURLOPT_USERPWD, exchange->credentials);
    } else if (exchange->bearer != NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, exchange->bearer);
    }
}

bool exchange_run(const struct exchange *exchange, struct strbuf *out, long *status_out,
                  struct error *err)
{
    char reason[CURL_ERROR_SIZE] = "";

    if (!exchange_allowed(exchange->url, exchange->loopback_http))
        return error_set(err, ERROR_INVALID, "« %s » n’est pas une adresse https",
                         "\"%s\" is no https address", exchange->url);
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    set_up(easy, exchange, out);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status_out);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    if (code == CURLE_OK)
        return true;
    if (code == CURLE_WRITE_ERROR)
        return error_set(err, ERROR_LIMIT, "%s : réponse trop longue", "%s: the answer is too long",
                         exchange->url);
    return error_set(err, ERROR_NETWORK, "%s : %s", "%s: %s", exchange->url,
                     reason[0] != '\0' ? reason : curl_easy_strerror(code));
}

void exchange_append_escaped(struct strbuf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL;
        if (plain)
            strbuf_append_char(out, *c);
        else
            strbuf_printf(out, "%%%02X", (unsigned char)*c);
    }
}
