#include "player/sync/probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/clock.h"
#include "player/sync/transport.h"

#define CONNECT_TIMEOUT_S 10L
#define TIMEOUT_S 20L

/* The body is of no interest, and may be a manifest of megabytes. */
static size_t refuse_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count + 1;
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    char date[64];
    struct probe *probe = context;
    size_t length = size * count;
    if (length > 5 && length < sizeof date && strncasecmp(line, "Date:", 5) == 0) {
        memcpy(date, line + 5, length - 5);
        date[length - 5] = '\0';
        time_t server = curl_getdate(date, NULL);
        struct clock clock = clock_system();
        probe->has_date = server != (time_t)-1;
        probe->machine_ahead_s = clock_wall_ms(&clock) / 1000 - (int64_t)server;
    }
    return length;
}

static enum probe_stage stage_of(CURLcode code, long status)
{
    switch (code) {
    case CURLE_OK:
    case CURLE_WRITE_ERROR: /* our own refusal */
        return status > 0 ? PROBE_DONE : PROBE_ANSWER;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return PROBE_NAME;
    case CURLE_COULDNT_CONNECT:
        return PROBE_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
        return PROBE_TLS;
    default:
        return PROBE_ANSWER;
    }
}

static void read_host(const char *server, struct probe *probe)
{
    char *host = NULL;
    CURLU *url = curl_url();
    if (url != NULL && curl_url_set(url, CURLUPART_URL, server, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        snprintf(probe->host, sizeof probe->host, "%s", host);
    }
    curl_free(host);
    curl_url_cleanup(url);
}

/* Plain HTTP is for this machine alone, which is not behind its proxy. */
static void set_request(CURL *easy, const char *server, const char *token, struct probe *probe,
                        char reason[CURL_ERROR_SIZE])
{
    char url[2048];
    size_t length = strlen(server);
    while (length > 0 && server[length - 1] == '/') {
        length--;
    }
    snprintf(url, sizeof url, "%.*s%s", (int)length, server,
             token != NULL ? "/player/v1/manifest" : "/healthz");
    if (strncasecmp(server, "http:", 5) == 0) {
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    }
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vitrine-player/" VITRINE_VERSION " doctor");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, refuse_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, probe);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, reason);
}

static void perform(CURL *easy, const char *server, const char *token, struct probe *probe,
                    struct error *err)
{
    char reason[CURL_ERROR_SIZE] = "";
    char bearer[256];
    const char *address = NULL;
    struct curl_slist *headers = NULL;
    struct clock clock = clock_system();
    int64_t before = clock_mono_ms(&clock);
    long status = 0;
    if (token != NULL) {
        snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", token);
        headers = curl_slist_append(NULL, bearer);
    }
    set_request(easy, server, token, probe, reason);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    if (curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != NULL) {
        snprintf(probe->address, sizeof probe->address, "%s", address);
    }
    probe->stage = stage_of(code, status);
    if (code == CURLE_OPERATION_TIMEDOUT && probe->address[0] == '\0') {
        probe->stage = PROBE_CONNECT;
    }
    probe->status = (int)status;
    probe->token_known = token != NULL && status != 401;
    probe->elapsed_ms = clock_mono_ms(&clock) - before;
    if (probe->stage != PROBE_DONE) {
        error_set(err, ERROR_NETWORK, "%s", "%s",
                  reason[0] != '\0' ? reason : curl_easy_strerror(code));
    }
    curl_slist_free_all(headers);
}

void probe_server(const char *server, const char *token, struct probe *probe_out, struct error *err)
{
    memset(probe_out, 0, sizeof *probe_out);
    if (!transport_check_server(server, err)) {
        return;
    }
    read_host(server, probe_out);
    CURL *easy = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? curl_easy_init() : NULL;
    if (easy == NULL) {
        error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
        return;
    }
    perform(easy, server, token, probe_out, err);
    curl_easy_cleanup(easy);
}
