#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "tests/bench/fleet/fleet.h"

#define HEAD_MAX 4096
#define EVENTS 512
#define OPENING_MAX 256 /* connections that are being opened at once */

struct player {
    int fd;
    bool parked;  /* has a manifest, and asks for the next one */
    bool told;    /* of the change */
    double told_ms;
    char etag[64];
    char head[HEAD_MAX];
    size_t head_length;
    bool in_body;
    size_t body_left, body_size;
    int status;
    bool wanted;
    char next_etag[64];
};

struct fleet_client {
    const struct fleet_options *options;
    char (*tokens)[FLEET_TOKEN_SIZE];
    int epoll;
    int count, opened, parked, told;
    struct player *players;
    double *times;
    double bytes;
    char *scrap;
};

double fleet_now_ms(void)
{
    struct clock clock = clock_system();

    return (double)clock_mono_ns(&clock) / 1e6;
}

#define SCRAP (256 * 1024)

struct fleet_client *fleet_client_create(const struct fleet_options *options,
                                         char (*tokens)[FLEET_TOKEN_SIZE], struct error *err)
{
    struct fleet_client *client = calloc(1, sizeof(*client));

    if (client == NULL)
        abort();
    client->options = options;
    client->tokens = tokens;
    client->count = options->players;
    client->players = calloc((size_t)client->count, sizeof(*client->players));
    client->times = calloc((size_t)client->count, sizeof(*client->times));
    client->scrap = malloc(SCRAP);
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (client->players == NULL || client->times == NULL || client->scrap == NULL)
        abort();
    for (int i = 0; i < client->count; i++)
        client->players[i].fd = -1;
    if (client->epoll >= 0)
        return client;
    error_set_errno(err, errno, "epoll", "epoll");
    fleet_client_destroy(client);
    return NULL;
}

void fleet_client_destroy(struct fleet_client *client)
{
    if (client == NULL)
        return;
    for (int i = 0; i < client->count; i++) {
        if (client->players[i].fd >= 0)
            close(client->players[i].fd);
    }
    close(client->epoll);
    free(client->players);
    free(client->times);
    free(client->scrap);
    free(client);
}

static bool ask(struct fleet_client *client, struct player *player, struct error *err)
{
    char text[768];
    size_t index = (size_t)(player - client->players);
    int length = snprintf(text, sizeof(text),
                          "GET /player/v1/manifest HTTP/1.1\r\nHost: vitrine\r\n"
                          "Accept: application/vnd.vitrine.manifest; seal=2\r\n"
                          "Authorization: Bearer %s\r\nVitrine-Boot: %032zx\r\n%s%s%s%s%s\r\n",
                          client->tokens[index], index + 1,
                          client->options->plain ? "" : "Accept-Encoding: gzip\r\n",
                          player->etag[0] != '\0' ? "Prefer: wait=55\r\nIf-None-Match: " : "",
                          player->etag, player->etag[0] != '\0' ? "\r\n" : "", "");

    player->head_length = 0;
    player->in_body = false;
    if (send(player->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
        return error_set_errno(err, errno, "une question n’est pas partie",
                               "a question could not be sent");
    return true;
}

static bool open_one(struct fleet_client *client, struct player *player, struct error *err)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)client->options->port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = player};

    inet_pton(AF_INET, client->options->address, &to.sin_addr);
    player->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (player->fd < 0 || connect(player->fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
        fcntl(player->fd, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(client->epoll, EPOLL_CTL_ADD, player->fd, &event) != 0)
        return error_set_errno(err, errno, "la connexion %d n’aboutit pas",
                               "connection %d cannot be made", client->opened + 1);
    client->opened++;
    return ask(client, player, err);
}

/* "Name: value" of the head; NULL without it. */
static const char *header(const char *head, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1 + strspn(line + length + 1, " ");
    }
    return NULL;
}

static bool read_head(struct fleet_client *client, struct player *player, struct error *err)
{
    const char *length = header(player->head, "Content-Length");
    const char *etag = header(player->head, "ETag");

    player->status = atoi(player->head + 9);
    player->wanted = header(player->head, "Vitrine-Wanted") != NULL;
    player->body_left = player->status == 304 || length == NULL ? 0 : strtoul(length, NULL, 10);
    player->body_size = player->body_left;
    player->in_body = true;
    player->next_etag[0] = '\0';
    if (etag != NULL)
        snprintf(player->next_etag, sizeof(player->next_etag), "%.*s", (int)strcspn(etag, "\r"),
                 etag);
    if (player->status == 200 || player->status == 304)
        return true;
    return error_set(err, ERROR_NETWORK, "réponse %d au lecteur %d", "status %d to player %d",
                     player->status, (int)(player - client->players) + 1);
}

static void note_told(struct fleet_client *client, struct player *player)
{
    bool news = client->options->change == FLEET_WISH
                    ? player->wanted
                    : player->status == 200 && player->etag[0] != '\0';

    if (news && !player->told) {
        player->told = true;
        player->told_ms = fleet_now_ms();
        client->bytes += (double)player->body_size;
        client->told++;
    }
}

static bool end_answer(struct fleet_client *client, struct player *player, struct error *err)
{
    note_told(client, player);
    if (player->status == 200)
        memcpy(player->etag, player->next_etag, sizeof(player->etag));
    if (!player->parked) {
        player->parked = true;
        client->parked++;
    }
    return ask(client, player, err);
}

/* All that is there; what follows the answer's end cannot be, since nothing was asked. */
static bool take(struct fleet_client *client, struct player *player, const char *bytes, size_t size,
                 struct error *err)
{
    if (!player->in_body) {
        size_t fits = HEAD_MAX - 1 - player->head_length < size ? HEAD_MAX - 1 - player->head_length
                                                                 : size;
        size_t before = player->head_length;
        memcpy(player->head + before, bytes, fits);
        player->head_length += fits;
        player->head[player->head_length] = '\0';
        const char *end = strstr(player->head, "\r\n\r\n");
        if (end == NULL)
            return true;
        size_t used = (size_t)(end + 4 - player->head) - before;
        if (!read_head(client, player, err))
            return false;
        size -= used;
    }
    player->body_left -= size < player->body_left ? size : player->body_left;
    return player->body_left > 0 || end_answer(client, player, err);
}

static bool read_some(struct fleet_client *client, struct player *player, struct error *err)
{
    ssize_t size = recv(player->fd, client->scrap, SCRAP, 0);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (size <= 0)
        return error_set(err, ERROR_NETWORK, "le serveur a fermé la connexion du lecteur %d",
                         "the server closed the connection of player %d",
                         (int)(player - client->players) + 1);
    return take(client, player, client->scrap, (size_t)size, err);
}

static bool turn(struct fleet_client *client, int wait_ms, struct error *err)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(client->epoll, events, EVENTS, wait_ms);
    bool ok = true;

    for (int i = 0; ok && i < count; i++)
        ok = read_some(client, events[i].data.ptr, err);
    return ok;
}

static bool too_late(struct fleet_client *client, double since_ms)
{
    return fleet_now_ms() - since_ms > client->options->patience_s * 1000.0;
}

bool fleet_client_park(struct fleet_client *client, double *took_ms_out, struct error *err)
{
    double began = fleet_now_ms();

    while (client->parked < client->count) {
        while (client->opened < client->count && client->opened - client->parked < OPENING_MAX) {
            if (!open_one(client, &client->players[client->opened], err))
                return false;
        }
        if (!turn(client, 100, err))
            return false;
        if (too_late(client, began))
            return error_set(err, ERROR_NETWORK, "%d lecteurs sur %d ont leur programme",
                             "%d players of %d have their programme", client->parked,
                             client->count);
    }
    *took_ms_out = fleet_now_ms() - began;
    return true;
}

bool fleet_client_hold(struct fleet_client *client, int seconds, struct error *err)
{
    double until = fleet_now_ms() + seconds * 1000.0;

    while (fleet_now_ms() < until) {
        if (!turn(client, 100, err))
            return false;
    }
    for (int i = 0; i < client->count; i++)
        client->players[i].told = false;
    client->told = 0;
    client->bytes = 0;
    return true;
}

static int compare(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

bool fleet_client_await(struct fleet_client *client, double since_ms, struct fleet_figures *out,
                        struct error *err)
{
    size_t count = 0;

    while (client->told < client->count && !too_late(client, since_ms)) {
        if (!turn(client, 100, err))
            return false;
    }
    for (int i = 0; i < client->count; i++) {
        if (client->players[i].told)
            client->times[count++] = client->players[i].told_ms - since_ms;
    }
    *out = (struct fleet_figures){.told = (int)count};
    if (count == 0)
        return error_set(err, ERROR_NETWORK, "personne n’a rien appris", "nobody was told");
    qsort(client->times, count, sizeof(*client->times), compare);
    out->first_ms = client->times[0];
    out->median_ms = client->times[count / 2];
    out->p99_ms = client->times[count - 1 - count / 100];
    out->last_ms = client->times[count - 1];
    out->mean_bytes = client->bytes / (double)count;
    return true;
}
