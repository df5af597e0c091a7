#include "player/sync/transport.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/clock.h"
#include "core/log.h"

#define CONNECT_TIMEOUT_S 15L
#define HEADER_BYTES_MAX (32 * 1024)
#define PROBLEM_BYTES_MAX (16 * 1024)
#define STALL_BYTES_PER_S 100L

struct transport {
    CURLM *multi;
    CURL *easy;
    char server[1024]; /* without a slash at the end */
    bool loopback;
    enum lang lang;
    struct clock clock;
    bool (*woken)(void *context);
    void *context;
};

/* One request under way, for curl's callbacks. */
struct exchange {
    CURL *easy;
    const struct transport_request *request;
    struct transport_answer *answer;
    struct error *err;
    int64_t offset; /* where the next bytes of the body stand */
    int64_t taken;  /* bytes of the body so far */
    size_t headers; /* bytes of header lines so far */
    bool started;
    bool cut;    /* what was not wanted anyway became too long */
    bool failed; /* *err is set */
};

static bool host_is_loopback(const char *host)
{
    struct in_addr v4;
    if (inet_pton(AF_INET, host, &v4) == 1) {
        return (ntohl(v4.s_addr) >> 24) == 127;
    }
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
}

static bool url_is_plain(CURLU *url)
{
    static const CURLUPart unwanted[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                         CURLUPART_FRAGMENT};
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) {
        char *part = NULL;
        CURLUcode code = curl_url_get(url, unwanted[i], &part, 0);
        curl_free(part);
        if (code == CURLUE_OK) {
            return false;
        }
    }
    return true;
}

static bool read_server(const char *text, bool *loopback_out, struct error *err)
{
    char *scheme = NULL;
    char *host = NULL;
    bool ok = false;
    CURLU *url = curl_url();
    if (url == NULL || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) != CURLUE_OK || !url_is_plain(url)) {
        error_set(err, ERROR_INVALID,
                  "« %s » n’est pas l’adresse d’un serveur (par exemple https://vitrine.example)",
                  "\"%s\" is not a server's address (for example https://vitrine.example)", text);
        goto done;
    }
    *loopback_out = host_is_loopback(host);
    if (strcasecmp(scheme, "https") != 0 && strcasecmp(scheme, "http") != 0) {
        error_set(err, ERROR_INVALID, "« %s » : il faut https://", "\"%s\": https:// is needed",
                  text);
    } else if (strcasecmp(scheme, "http") == 0 && !*loopback_out) {
        error_set(err, ERROR_DENIED, "« %s » : hors de cette machine il faut https://",
                  "\"%s\": outside this machine https:// is needed", text);
    } else {
        ok = true;
    }
done:
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(url);
    return ok;
}

bool transport_check_server(const char *url, struct error *err)
{
    bool loopback;
    return read_server(url, &loopback, err);
}

struct transport *transport_create(const char *server, enum lang lang, bool (*woken)(void *context),
                                   void *context, struct error *err)
{
    struct transport *transport = calloc(1, sizeof *transport);
    if (transport == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(transport);
        error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
        return NULL;
    }
    transport->lang = lang;
    transport->clock = clock_system();
    transport->woken = woken;
    transport->context = context;
    transport->multi = curl_multi_init();
    transport->easy = curl_easy_init();
    if (transport->multi == NULL || transport->easy == NULL) {
        error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
        goto fail;
    }
    if (server != NULL) {
        if (!read_server(server, &transport->loopback, err)) {
            goto fail;
        }
        size_t length = strlen(server);
        while (length > 0 && server[length - 1] == '/') {
            length--;
        }
        if (length >= sizeof transport->server) {
            error_set(err, ERROR_LIMIT, "adresse du serveur trop longue",
                      "the server's address is too long");
            goto fail;
        }
        memcpy(transport->server, server, length);
    }
    return transport;
fail:
    transport_destroy(transport);
    return NULL;
}

void transport_destroy(struct transport *transport)
{
    if (transport != NULL) {
        curl_easy_cleanup(transport->easy);
        curl_multi_cleanup(transport->multi);
        curl_global_cleanup();
        free(transport);
    }
}

void transport_answer_init(struct transport_answer *answer)
{
    memset(answer, 0, sizeof *answer);
    answer->retry_after_s = -1;
    strbuf_init(&answer->body);
}

void transport_answer_finish(struct transport_answer *answer)
{
    strbuf_finish(&answer->body);
}

static long response_code(CURL *easy)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* Where a 206 says that its bytes begin; -1 when it does not say. */
static int64_t range_start(CURL *easy)
{
    struct curl_header *header;
    long long from;
    if (curl_easy_header(easy, "Content-Range", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        sscanf(header->value, "bytes %lld-", &from) != 1 || from < 0) {
        return -1;
    }
    return from;
}

static bool body_begins(struct exchange *exchange)
{
    exchange->started = true;
    if (response_code(exchange->easy) == 206) {
        exchange->offset = range_start(exchange->easy);
        if (exchange->offset != exchange->request->resume_from) {
            return error_set(exchange->err, ERROR_NETWORK,
                             "le serveur envoie une autre partie du fichier que demandé",
                             "the server sends another part of the file than asked");
        }
    }
    return true;
}

static size_t take_body(char *bytes, size_t unit, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t length = unit * count;
    long status = response_code(exchange->easy);
    bool wanted = status == 200 || status == 206;
    int64_t limit = wanted ? exchange->request->limit : PROBLEM_BYTES_MAX;
    if (!exchange->started && !body_begins(exchange)) {
        exchange->failed = true;
        return CURL_WRITEFUNC_ERROR;
    }
    if ((int64_t)length > limit - exchange->taken) {
        if (!wanted) {
            exchange->cut = true; /* its status says enough */
            return CURL_WRITEFUNC_ERROR;
        }
        exchange->failed = true;
        error_set(exchange->err, ERROR_LIMIT, "réponse de plus de %lld octets",
                  "answer of more than %lld bytes", (long long)limit);
        return CURL_WRITEFUNC_ERROR;
    }
    if (wanted && exchange->request->sink != NULL) {
        if (!exchange->request->sink(exchange->request->sink_context, exchange->offset, bytes,
                                     length, exchange->err)) {
            exchange->failed = true;
            return CURL_WRITEFUNC_ERROR;
        }
    } else {
        strbuf_append_bytes(&exchange->answer->body, bytes, length);
    }
    exchange->taken += (int64_t)length;
    exchange->offset += (int64_t)length;
    return length;
}

static size_t take_header(char *bytes, size_t unit, size_t count, void *context)
{
    struct exchange *exchange = context;
    (void)bytes;
    exchange->headers += unit * count;
    if (exchange->headers > HEADER_BYTES_MAX) {
        exchange->failed = true;
        error_set(exchange->err, ERROR_LIMIT, "en-têtes de plus de %d octets",
                  "headers of more than %d bytes", HEADER_BYTES_MAX);
        return 0;
    }
    return unit * count;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
    char line[512];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(list, line);
    if (longer == NULL) {
        abort();
    }
    return longer;
}

static struct curl_slist *request_headers(const struct transport *transport,
                                          const struct transport_request *request)
{
    char value[256];
    struct curl_slist *list =
        add_header(NULL, "Accept-Language", transport->lang == LANG_EN ? "en" : "fr");
    if (request->token != NULL) {
        snprintf(value, sizeof value, "Bearer %s", request->token);
        list = add_header(list, "Authorization", value);
    }
    if (request->etag != NULL) {
        snprintf(value, sizeof value, "\"%s\"", request->etag);
        list = add_header(list, "If-None-Match", value);
    }
    if (request->wait_s > 0) {
        snprintf(value, sizeof value, "wait=%d", request->wait_s);
        list = add_header(list, "Prefer", value);
    }
    if (request->json != NULL) {
        list = add_header(list, "Content-Type", "application/json");
    }
    return list;
}

static void set_request(struct transport *transport, const struct transport_request *request,
                        struct curl_slist *headers, struct exchange *exchange)
{
    CURL *easy = transport->easy;
    char url[2048];
    snprintf(url, sizeof url, "%s%s", transport->server, request->path);
    curl_easy_reset(easy); /* keeps open connections */
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transport->loopback ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)(request->stall_s + request->wait_s));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)request->timeout_s);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vitrine-player/" VITRINE_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 65536L);
    if (transport->loopback) {
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* this machine is not behind its proxy */
    }
    if (request->resume_from > 0) {
        char range[32];
        snprintf(range, sizeof range, "%lld-", (long long)request->resume_from);
        curl_easy_setopt(easy, CURLOPT_RANGE, range);
    }
    if (request->json != NULL) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->json);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->json_length);
    }
}

/* curl does not say whether it was our wake-up or traffic that ended a poll: `woken` looks itself,
 * and finds nothing to do most times. */
static bool drive(struct transport *transport, CURLcode *code_out)
{
    int running = 1;
    while (running > 0) {
        if (curl_multi_perform(transport->multi, &running) != CURLM_OK) {
            return false;
        }
        int queued = 0;
        CURLMsg *message = curl_multi_info_read(transport->multi, &queued);
        if (message != NULL && message->msg == CURLMSG_DONE) {
            *code_out = message->data.result;
            return true;
        }
        if (running > 0 && curl_multi_poll(transport->multi, NULL, 0, 60000, NULL) != CURLM_OK) {
            return false;
        }
        if (!transport->woken(transport->context)) {
            return false;
        }
    }
    return false;
}

bool transport_perform(struct transport *transport, const struct transport_request *request,
                       struct transport_answer *answer, struct error *err)
{
    struct exchange exchange = {
        .easy = transport->easy, .request = request, .answer = answer, .err = err};
    struct curl_slist *headers = request_headers(transport, request);
    char reason[CURL_ERROR_SIZE] = "";
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;

    strbuf_clear(&answer->body);
    answer->status = 0;
    answer->retry_after_s = -1;
    set_request(transport, request, headers, &exchange);
    curl_easy_setopt(transport->easy, CURLOPT_ERRORBUFFER, reason);
    curl_multi_add_handle(transport->multi, transport->easy);
    bool driven = drive(transport, &code);
    long status = response_code(transport->easy);
    curl_off_t retry_after = 0;
    curl_easy_getinfo(transport->easy, CURLINFO_RETRY_AFTER, &retry_after);
    curl_multi_remove_handle(transport->multi, transport->easy);
    curl_easy_setopt(transport->easy, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(headers);

    if (exchange.failed) {
        return false;
    }
    if (!driven) {
        return error_set(err, ERROR_NETWORK, "requête abandonnée", "request given up");
    }
    if (code != CURLE_OK && !exchange.cut) {
        return error_set(err, ERROR_NETWORK, "%s%s : %s", "%s%s: %s", transport->server,
                         request->path, reason[0] != '\0' ? reason : curl_easy_strerror(code));
    }
    answer->status = (int)status;
    if (retry_after > 0) {
        answer->retry_after_s = retry_after > 3600 ? 3600 : (int)retry_after;
    }
    return true;
}

bool transport_pause(struct transport *transport, int64_t ms)
{
    int64_t until = clock_mono_ms(&transport->clock) + ms;
    for (;;) {
        if (!transport->woken(transport->context)) {
            return false;
        }
        int64_t left = until - clock_mono_ms(&transport->clock);
        if (left <= 0) {
            return true;
        }
        left = left < 3600000 ? left : 3600000;
        if (curl_multi_poll(transport->multi, NULL, 0, (int)left, NULL) != CURLM_OK) {
            return false;
        }
    }
}

void transport_wake(struct transport *transport)
{
    curl_multi_wakeup(transport->multi);
}
