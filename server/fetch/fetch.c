#include "server/fetch/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "core/strbuf.h"

#define HEADERS_MAX (64 * 1024)
#define URL_MAX 2000

/* One address on the way: where it leads, and to whom we may speak. */
struct target {
    char *url, *scheme, *host, *port;
    struct fetch_addresses addresses;
};

struct fetching {
    const struct fetch_options *options;
    struct fetch_result *result;
    struct strbuf body;
    size_t bytes_max, headers;
    int64_t deadline_ms;
    const struct target *target;
    enum { CAUSE_NONE, CAUSE_TOO_LONG, CAUSE_HEADERS, CAUSE_OTHER_PEER } cause;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int left_ms(const struct fetching *fetching)
{
    int64_t left = fetching->deadline_ms - now_ms();

    return left > 0 ? (int)left : 0;
}

bool fetch_init(struct error *err)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ||
           error_set(err, ERROR_INTERNAL, "libcurl ne démarre pas", "libcurl does not start");
}

void fetch_quit(void)
{
    curl_global_cleanup();
}

static void target_finish(struct target *target)
{
    curl_free(target->url);
    curl_free(target->scheme);
    curl_free(target->host);
    curl_free(target->port);
    *target = (struct target){0};
}

static bool refuse_url(const char *url, struct error *err)
{
    return error_set(
        err, ERROR_INVALID,
        "« %.200s » n’est pas une adresse qui puisse être reprise : http:// ou "
        "https://, sans nom ni mot de passe",
        "\"%.200s\" is no address that can be taken: http:// or https://, without name "
        "or password",
        url);
}

static bool has_part(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return has;
}

static bool parse(const char *url, struct target *out, struct error *err)
{
    CURLU *parts = curl_url();

    if (parts == NULL)
        abort();
    *out = (struct target){0};
    bool ok = strlen(url) <= URL_MAX && strpbrk(url, " \t\r\n\\") == NULL &&
              curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
              !has_part(parts, CURLUPART_USER) && !has_part(parts, CURLUPART_PASSWORD) &&
              !has_part(parts, CURLUPART_ZONEID) &&
              curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
              curl_url_get(parts, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
              (strcmp(out->scheme, "http") == 0 || strcmp(out->scheme, "https") == 0) &&
              curl_url_get(parts, CURLUPART_HOST, &out->host, 0) == CURLUE_OK &&
              curl_url_get(parts, CURLUPART_PORT, &out->port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
              curl_url_get(parts, CURLUPART_URL, &out->url, 0) == CURLUE_OK;
    curl_url_cleanup(parts);
    if (ok)
        return true;
    target_finish(out);
    return refuse_url(url, err);
}

/* "[2001:db8::1]" as "2001:db8::1". */
static void bare_host(const char *host, char *buf, size_t size)
{
    size_t length = strlen(host);
    bool bracketed = length >= 2 && host[0] == '[' && host[length - 1] == ']';

    snprintf(buf, size, "%.*s", (int)(bracketed ? length - 2 : length), host + bracketed);
}

/* All of a name's addresses must be fit: it may choose among them, so we do not. */
static bool check_addresses(const struct fetching *fetching, const struct target *target,
                            struct error *err)
{
    const char *allow = fetching->options->allow != NULL ? fetching->options->allow : "";
    bool usual = strcmp(target->port, "80") == 0 || strcmp(target->port, "443") == 0;
    char text[FETCH_ADDRESS_SIZE];

    for (size_t i = 0; i < target->addresses.count; i++) {
        const struct fetch_address *address = &target->addresses.items[i];
        if (address_allowed(address, allow))
            continue;
        if (!address_public(address))
            return error_set(err, ERROR_DENIED,
                             "« %.100s » est à l’adresse %s, qui n’est pas publique : le réglage "
                             "fetch_allow peut l’autoriser",
                             "\"%.100s\" is at the address %s, which is not public: the setting "
                             "fetch_allow can allow it",
                             target->host, address_text(address, text));
        if (!usual)
            return error_set(err, ERROR_DENIED,
                             "port %s : seuls 80 et 443 sont permis, sauf aux adresses de "
                             "fetch_allow",
                             "port %s: 80 and 443 alone are allowed, but for the addresses of "
                             "fetch_allow",
                             target->port);
    }
    return true;
}

static bool find(const struct fetching *fetching, const char *url, struct target *out,
                 struct error *err)
{
    const struct fetch_options *options = fetching->options;
    char host[300];

    if (!parse(url, out, err))
        return false;
    bare_host(out->host, host, sizeof(host));
    bool found = options->resolve != NULL
                     ? options->resolve(options->context, host, &out->addresses)
                     : address_resolve(host, left_ms(fetching), &out->addresses);
    if (!found || out->addresses.count == 0)
        error_set(err, ERROR_NETWORK, "« %.100s » n’a pas d’adresse", "\"%.100s\" has no address",
                  host);
    if (found && out->addresses.count > 0 && check_addresses(fetching, out, err))
        return true;
    target_finish(out);
    return false;
}

/* The name's addresses as we have them, so that curl does not ask for them again. */
static struct curl_slist *pinned(const struct target *target)
{
    struct strbuf entry;
    char text[FETCH_ADDRESS_SIZE];

    strbuf_init(&entry);
    strbuf_printf(&entry, "%s:%s:", target->host, target->port);
    for (size_t i = 0; i < target->addresses.count; i++) {
        const struct fetch_address *address = &target->addresses.items[i];
        strbuf_printf(&entry, address->family == AF_INET6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "",
                      address_text(address, text));
    }
    struct curl_slist *list = curl_slist_append(NULL, entry.bytes);
    strbuf_finish(&entry);
    if (list == NULL)
        abort();
    return list;
}

/* The last look, at what is really asked. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *peer)
{
    struct fetching *fetching = context;
    struct fetch_address address;

    for (size_t i = 0;
         purpose == CURLSOCKTYPE_IPCXN && address_from_socket(&peer->addr, &address) &&
         i < fetching->target->addresses.count;
         i++) {
        if (address_equal(&address, &fetching->target->addresses.items[i]))
            return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
    }
    fetching->cause = CAUSE_OTHER_PEER;
    return CURL_SOCKET_BAD;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct fetching *fetching = context;
    size_t length = size * count;

    if (length > fetching->bytes_max - fetching->body.length) {
        fetching->cause = CAUSE_TOO_LONG;
        return 0;
    }
    strbuf_append_bytes(&fetching->body, bytes, length);
    return length;
}

/* "Name: value\r\n" into buf, when it is that header and fits. */
static void take_value(const char *line, size_t length, const char *name, char *buf, size_t size)
{
    size_t skip = strlen(name);

    if (length <= skip || strncasecmp(line, name, skip) != 0 || line[skip] != ':')
        return;
    for (skip++; skip < length && (line[skip] == ' ' || line[skip] == '\t');)
        skip++;
    while (length > skip && (unsigned char)line[length - 1] <= ' ')
        length--;
    if (length - skip < size && memchr(line + skip, '\0', length - skip) == NULL) {
        memcpy(buf, line + skip, length - skip);
        buf[length - skip] = '\0';
    }
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct fetching *fetching = context;
    struct fetch_result *result = fetching->result;
    size_t length = size * count;

    fetching->headers += length;
    if (fetching->headers > HEADERS_MAX) {
        fetching->cause = CAUSE_HEADERS;
        return 0;
    }
    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0)
        result->type[0] = result->etag[0] = result->modified[0] = '\0';
    take_value(line, length, "Content-Type", result->type, sizeof(result->type));
    take_value(line, length, "ETag", result->etag, sizeof(result->etag));
    take_value(line, length, "Last-Modified", result->modified, sizeof(result->modified));
    return length;
}

static bool header_safe(const char *text)
{
    return text != NULL && *text != '\0' && strpbrk(text, "\r\n") == NULL;
}

static struct curl_slist *conditions(const struct fetch_options *options)
{
    struct curl_slist *list = NULL;
    char line[FETCH_TAG_SIZE + 32];

    if (header_safe(options->etag)) {
        snprintf(line, sizeof(line), "If-None-Match: %s", options->etag);
        list = curl_slist_append(list, line);
    }
    if (header_safe(options->modified)) {
        snprintf(line, sizeof(line), "If-Modified-Since: %s", options->modified);
        list = curl_slist_append(list, line);
    }
    return list;
}

static void set_options(CURL *curl, struct fetching *fetching, struct curl_slist *pins,
                        struct curl_slist *headers)
{
    curl_easy_setopt(curl, CURLOPT_URL, fetching->target->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_RESOLVE, pins);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetching);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetching);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetching);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)fetching->bytes_max);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left_ms(fetching) + 1);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "vitrine-server/" VITRINE_VERSION);
}

static bool explain(const struct fetching *fetching, CURLcode code, struct error *err)
{
    if (fetching->cause == CAUSE_TOO_LONG || code == CURLE_FILESIZE_EXCEEDED)
        return error_set(err, ERROR_LIMIT, "plus de %zu octets", "more than %zu bytes",
                         fetching->bytes_max);
    if (fetching->cause == CAUSE_HEADERS)
        return error_set(err, ERROR_LIMIT, "des en-têtes sans fin", "headers without end");
    if (fetching->cause == CAUSE_OTHER_PEER)
        return error_set(err, ERROR_DENIED, "une autre adresse que celle du nom",
                         "another address than the name's");
    if (code == CURLE_OPERATION_TIMEDOUT)
        return error_set(err, ERROR_NETWORK, "pas de réponse entière à temps",
                         "no whole answer in time");
    return error_set(err, ERROR_NETWORK, "le serveur ne répond pas bien (%s)",
                     "the server does not answer well (%s)", curl_easy_strerror(code));
}

/* One question; *next_out is where it leads to (freed by the caller), or NULL. */
static bool ask(struct fetching *fetching, long *status_out, char **next_out, struct error *err)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *pins = pinned(fetching->target);
    struct curl_slist *headers = conditions(fetching->options);
    const char *next = NULL;

    if (curl == NULL)
        abort();
    *next_out = NULL;
    strbuf_clear(&fetching->body);
    fetching->headers = 0;
    set_options(curl, fetching, pins, headers);
    CURLcode code = curl_easy_perform(curl);
    bool ok = code == CURLE_OK || explain(fetching, code, err);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status_out);
    if (ok && curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &next) == CURLE_OK && next != NULL)
        *next_out = strdup(next);
    curl_easy_cleanup(curl);
    curl_slist_free_all(pins);
    curl_slist_free_all(headers);
    return ok;
}

static bool take_answer(struct fetching *fetching, long status, struct error *err)
{
    struct fetch_result *result = fetching->result;
    const struct fetch_options *options = fetching->options;

    if (status == 304 && (header_safe(options->etag) || header_safe(options->modified))) {
        result->unchanged = true;
        return true;
    }
    if (status != 200)
        return error_set(err, ERROR_NETWORK, "le serveur a répondu %ld", "the server answered %ld",
                         status);
    result->bytes = strbuf_take(&fetching->body, &result->length);
    return true;
}

static bool follow(struct fetching *fetching, const char *url, struct error *err)
{
    struct target target;
    char *next = NULL;
    bool secure = false;
    long status;

    for (int hop = 0;; hop++) {
        bool ok = find(fetching, next != NULL ? next : url, &target, err);
        free(next);
        next = NULL;
        if (!ok)
            return false;
        bool downgrade = secure && strcmp(target.scheme, "https") != 0;
        secure = strcmp(target.scheme, "https") == 0;
        fetching->target = &target;
        ok = downgrade ? error_set(err, ERROR_DENIED, "renvoi de https vers http",
                                   "redirect from https to http")
                       : ask(fetching, &status, &next, err);
        target_finish(&target);
        if (!ok || next == NULL)
            return ok && take_answer(fetching, status, err);
        if (hop == FETCH_REDIRECTS_MAX) {
            free(next);
            return error_set(err, ERROR_LIMIT, "plus de %d renvois", "more than %d redirects",
                             FETCH_REDIRECTS_MAX);
        }
    }
}

bool fetch_url(const char *url, const struct fetch_options *options, struct fetch_result *out,
               struct error *err)
{
    struct fetching fetching = {
        .options = options,
        .result = out,
        .bytes_max = options->bytes_max > 0 ? options->bytes_max : FETCH_BYTES_MAX,
        .deadline_ms = now_ms() + (options->ms_max > 0 ? options->ms_max : FETCH_MS_MAX)};

    *out = (struct fetch_result){0};
    strbuf_init(&fetching.body);
    bool ok = follow(&fetching, url, err);
    strbuf_finish(&fetching.body);
    if (!ok) {
        fetch_result_finish(out);
        error_at(err, url, 0);
    }
    return ok;
}

void fetch_result_finish(struct fetch_result *result)
{
    free(result->bytes);
    *result = (struct fetch_result){0};
}
