#include "player/sync/transport.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "player/sync/kernel_clock.h"
#include "player/sync/line.h"

#define CONNECT_TIMEOUT_S 15L
#define HEADER_BYTES_MAX (32 * 1024)
#define PROBLEM_BYTES_MAX (16 * 1024)
#define STALL_BYTES_PER_S 100L
#define CONNECTIONS_MAX 8L
#define RETRY_AFTER_MAX_S 3600
#define NS_PER_MS 1000000

struct transport {
    CURLM *multi;
    char server[1024]; /* without a slash at the end */
    bool loopback;
    enum lang lang;
    struct line line;
};

struct exchange {
    struct transport *transport;
    CURL *easy;
    struct curl_slist *headers;
    struct transport_handler handler;
    struct transport_answer answer;
    struct error err;
    int64_t limit;
    int64_t taken;       /* bytes of the body so far */
    size_t header_bytes; /* so far */
    int64_t started_ns;
    bool gentle;
    struct line_meter meter;
    int64_t dated_ns; /* when the Date header came */
    bool begun;
    bool cut;    /* what was not wanted anyway became too long */
    bool failed; /* err is set */
    char reason[CURL_ERROR_SIZE];
};

/* --- The server's address --- */

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

static bool set_server(struct transport *transport, const char *server, struct error *err)
{
    if (!read_server(server, &transport->loopback, err)) {
        return false;
    }
    size_t length = strlen(server);
    while (length > 0 && server[length - 1] == '/') {
        length--;
    }
    if (length >= sizeof transport->server) {
        return error_set(err, ERROR_LIMIT, "adresse du serveur trop longue",
                         "the server's address is too long");
    }
    memcpy(transport->server, server, length);
    return true;
}

struct transport *transport_create(const char *server, enum lang lang, struct error *err)
{
    struct transport *transport = calloc(1, sizeof *transport);
    if (transport == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(transport);
        error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
        return NULL;
    }
    transport->lang = lang;
    transport->multi = curl_multi_init();
    if (transport->multi == NULL) {
        error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
        goto fail;
    }
    curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_MAX);
    if (server != NULL && !set_server(transport, server, err)) {
        goto fail;
    }
    return transport;
fail:
    transport_destroy(transport);
    return NULL;
}

void transport_destroy(struct transport *transport)
{
    if (transport != NULL) {
        curl_multi_cleanup(transport->multi);
        curl_global_cleanup();
        free(transport);
    }
}

/* --- What comes --- */

static long response_code(CURL *easy)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static bool is_content(long status)
{
    return status == 200 || status == 206;
}

static struct transport_range read_range(CURL *easy)
{
    struct transport_range range = {-1, -1};
    struct curl_header *header;
    long long from, until, total;
    if (response_code(easy) == 200) {
        curl_off_t length = -1;
        curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        return (struct transport_range){0, length};
    }
    if (curl_easy_header(easy, "Content-Range", 0, CURLH_HEADER, -1, &header) == CURLHE_OK &&
        sscanf(header->value, "bytes %lld-%lld/%lld", &from, &until, &total) == 3 && from >= 0 &&
        until >= from && total > until) {
        range = (struct transport_range){from, total};
    }
    return range;
}

static bool begin(struct exchange *exchange)
{
    long status = response_code(exchange->easy);
    exchange->begun = true;
    if (!is_content(status) || exchange->handler.begin == NULL) {
        return true;
    }
    struct transport_range range = read_range(exchange->easy);
    exchange->failed =
        !exchange->handler.begin(exchange->handler.context, (int)status, &range, &exchange->err);
    return !exchange->failed;
}

static int handle_open(void *context, curl_socket_t socket, curlsocktype purpose)
{
    struct transport *transport = context;
    (void)purpose;
    line_opened(&transport->line, socket);
    return CURL_SOCKOPT_OK;
}

static int handle_close(void *context, curl_socket_t socket)
{
    struct transport *transport = context;
    line_closed(&transport->line, socket);
    return close(socket);
}

/* curl does not tell an exchange's socket while it is used, but its local port. */
static void be_gentle(struct exchange *exchange, size_t length)
{
    long port = 0;
    if (line_meter_take(&exchange->meter, length, kernel_clock_mono_ns())) {
        curl_easy_getinfo(exchange->easy, CURLINFO_LOCAL_PORT, &port);
        line_narrow(&exchange->transport->line, (int)port, &exchange->meter);
    }
}

static bool pass_on(struct exchange *exchange, const void *bytes, size_t length)
{
    if (exchange->handler.sink == NULL || !is_content(response_code(exchange->easy))) {
        strbuf_append_bytes(&exchange->answer.body, bytes, length);
        return true;
    }
    exchange->failed =
        !exchange->handler.sink(exchange->handler.context, bytes, length, &exchange->err);
    return !exchange->failed;
}

static size_t take_body(char *bytes, size_t unit, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t length = unit * count;
    bool wanted = is_content(response_code(exchange->easy));
    int64_t limit = wanted ? exchange->limit : PROBLEM_BYTES_MAX;
    if ((int64_t)length > limit - exchange->taken) {
        exchange->cut = !wanted; /* its status says enough */
        if (wanted) {
            exchange->failed = true;
            error_set(&exchange->err, ERROR_LIMIT, "réponse de plus de %lld octets",
                      "answer of more than %lld bytes", (long long)limit);
        }
        return CURL_WRITEFUNC_ERROR;
    }
    if ((!exchange->begun && !begin(exchange)) || !pass_on(exchange, bytes, length)) {
        return CURL_WRITEFUNC_ERROR;
    }
    exchange->taken += (int64_t)length;
    if (exchange->gentle) {
        be_gentle(exchange, length);
    }
    return length;
}

static size_t take_header(char *bytes, size_t unit, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t length = unit * count;
    exchange->header_bytes += length;
    if (exchange->header_bytes > HEADER_BYTES_MAX) {
        exchange->failed = true;
        error_set(&exchange->err, ERROR_LIMIT, "en-têtes de plus de %d octets",
                  "headers of more than %d bytes", HEADER_BYTES_MAX);
        return 0;
    }
    if (length > 5 && strncasecmp(bytes, "date:", 5) == 0) {
        exchange->dated_ns = kernel_clock_mono_ns();
    }
    return length;
}

/* --- What came --- */

static const char *header_value(CURL *easy, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value
                                                                                   : "";
}

/* Only what can stand in a header line again. */
static void read_etag(struct exchange *exchange)
{
    const char *value = header_value(exchange->easy, "ETag");
    size_t length = strlen(value);
    if (length == 0 || length >= sizeof exchange->answer.etag) {
        return;
    }
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '!' || value[i] > '~') {
            return;
        }
    }
    memcpy(exchange->answer.etag, value, length + 1);
}

/* "KIND ID [NUMBER]"; what is anything else is nothing. */
static void read_wanted(struct exchange *exchange)
{
    struct transport_answer *answer = &exchange->answer;
    const char *value = header_value(exchange->easy, "Vitrine-Wanted");
    char kind[TRANSPORT_KIND_SIZE];
    char id[TRANSPORT_WANTED_SIZE];
    int number = 0;
    int end = 0;
    int found = sscanf(value, "%16[a-z] %64[0-9a-zA-Z_-]%n %9d%n", kind, id, &end, &number, &end);
    if (found >= 2 && value[end] == '\0' && number >= 0) {
        memcpy(answer->wanted_kind, kind, sizeof kind);
        memcpy(answer->wanted, id, sizeof id);
        answer->wanted_number = number;
    }
}

/* The server wrote its time, a whole second, somewhere between our question's leaving and its
 * answer's coming: it is late by up to that second and that way. */
static void read_date(struct exchange *exchange)
{
    curl_off_t asked_us = 0;
    time_t date = curl_getdate(header_value(exchange->easy, "Date"), NULL);
    if (date <= 0 || exchange->dated_ns == 0) {
        return;
    }
    curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T, &asked_us);
    int64_t way_ms = (exchange->dated_ns - exchange->started_ns - asked_us * 1000) / NS_PER_MS;
    int64_t half_ms = (1000 + (way_ms > 0 ? way_ms : 0)) / 2;
    exchange->answer.dated = true;
    exchange->answer.date = (struct timekeeper_hint){
        .server_ms = (int64_t)date * 1000 + half_ms,
        .mono_ns = exchange->dated_ns,
        .uncertainty_ms = half_ms,
    };
}

static void read_answer(struct exchange *exchange)
{
    curl_off_t retry_after = 0;
    exchange->answer.status = (int)response_code(exchange->easy);
    curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) {
        exchange->answer.retry_after_s =
            retry_after > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : (int)retry_after;
    }
    read_etag(exchange);
    read_wanted(exchange);
    read_date(exchange);
}

static void exchange_free(struct exchange *exchange)
{
    curl_multi_remove_handle(exchange->transport->multi, exchange->easy);
    curl_easy_cleanup(exchange->easy);
    curl_slist_free_all(exchange->headers);
    strbuf_finish(&exchange->answer.body);
    free(exchange);
}

void exchange_cancel(struct exchange *exchange)
{
    if (exchange != NULL) {
        exchange_free(exchange);
    }
}

static void finish(struct exchange *exchange, CURLcode code)
{
    bool answered = code == CURLE_OK || exchange->cut;
    if (answered && !exchange->failed && !exchange->begun) {
        begin(exchange); /* of an empty body */
    }
    if (exchange->failed) {
        answered = false;
    } else if (!answered) {
        const char *url = "";
        curl_easy_getinfo(exchange->easy, CURLINFO_EFFECTIVE_URL, &url);
        error_set(&exchange->err, ERROR_NETWORK, "%s : %s", "%s: %s", url,
                  exchange->reason[0] != '\0' ? exchange->reason : curl_easy_strerror(code));
    }
    read_answer(exchange);
    exchange->handler.done(exchange->handler.context, &exchange->answer,
                           answered ? NULL : &exchange->err);
    exchange_free(exchange);
}

/* --- What is asked --- */

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
    char line[512];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(exchange->headers, line);
    if (longer == NULL) {
        abort();
    }
    exchange->headers = longer;
}

static void add_headers(struct exchange *exchange, const struct transport_request *request)
{
    char value[256];
    add_header(exchange, "Accept-Language", exchange->transport->lang == LANG_EN ? "en" : "fr");
    if (request->token != NULL) {
        snprintf(value, sizeof value, "Bearer %s", request->token);
        add_header(exchange, "Authorization", value);
    }
    if (request->accept != NULL) {
        add_header(exchange, "Accept", request->accept);
    }
    if (request->boot != NULL) {
        add_header(exchange, "Vitrine-Boot", request->boot);
    }
    if (request->etag != NULL) {
        add_header(exchange, "If-None-Match", request->etag);
    }
    if (request->if_range != NULL) {
        add_header(exchange, "If-Range", request->if_range);
    }
    if (request->wait_s > 0) {
        snprintf(value, sizeof value, "wait=%d", request->wait_s);
        add_header(exchange, "Prefer", value);
    }
    if (request->body != NULL) {
        add_header(exchange, "Content-Type", request->type);
        add_header(exchange, "Expect", ""); /* costs a round trip, or a second */
    }
}

static void set_body(CURL *easy, const struct transport_request *request)
{
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body);
    if (request->put) {
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
    }
}

static void set_request(struct exchange *exchange, const struct transport_request *request)
{
    const struct transport *transport = exchange->transport;
    CURL *easy = exchange->easy;
    char url[2048];
    snprintf(url, sizeof url, "%s%s", transport->server, request->path);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, transport->loopback ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    /* In one HTTP/2 connection news would queue behind the film that is under way. */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)(request->stall_s + request->wait_s));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)request->timeout_s);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vitrine-player/" VITRINE_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->reason);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, handle_open);
    curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, exchange->transport);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, handle_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, exchange->transport);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 65536L);
    if (transport->loopback) {
        curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* this machine is not behind its proxy */
    }
    if (request->compressed) {
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    if (request->resume_from > 0) {
        char range[32];
        snprintf(range, sizeof range, "%lld-", (long long)request->resume_from);
        curl_easy_setopt(easy, CURLOPT_RANGE, range);
    }
    if (request->body != NULL) {
        set_body(easy, request);
    }
}

struct exchange *transport_start(struct transport *transport,
                                 const struct transport_request *request,
                                 const struct transport_handler *handler)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    CURL *easy = curl_easy_init();
    if (exchange == NULL || easy == NULL) {
        abort();
    }
    exchange->transport = transport;
    exchange->easy = easy;
    exchange->handler = *handler;
    exchange->limit = request->limit;
    exchange->gentle = request->gentle;
    exchange->answer.retry_after_s = -1;
    exchange->started_ns = kernel_clock_mono_ns();
    strbuf_init(&exchange->answer.body);
    add_headers(exchange, request);
    set_request(exchange, request);
    curl_multi_add_handle(transport->multi, easy);
    return exchange;
}

static bool take_answers(struct transport *transport)
{
    int queued = 0;
    bool any = false;
    CURLMsg *message;
    while ((message = curl_multi_info_read(transport->multi, &queued)) != NULL) {
        struct exchange *exchange = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        if (message->msg == CURLMSG_DONE) {
            finish(exchange, message->data.result);
            any = true;
        }
    }
    return any;
}

void transport_turn(struct transport *transport, int64_t wait_ms)
{
    int running = 0;
    int wait = wait_ms < 0 ? 0 : wait_ms > 3600000 ? 3600000 : (int)wait_ms;
    /* First, so that what was just started is on its way while we wait. */
    curl_multi_perform(transport->multi, &running);
    if (!take_answers(transport)) {
        curl_multi_poll(transport->multi, NULL, 0, wait, NULL);
        curl_multi_perform(transport->multi, &running);
        take_answers(transport);
    }
}

void transport_wake(struct transport *transport)
{
    curl_multi_wakeup(transport->multi);
}
