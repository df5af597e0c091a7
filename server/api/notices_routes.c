/* What a person is told of, and whether mail goes out. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/mailing.h"
#include "server/api/people_parts.h"
#include "server/mail/postman.h"
#include "server/store/mails.h"
#include "server/store/notices.h"

#define BODY_MAX 2048

/* --- one's own notices ----------------------------------------------------------------------- */

static void put_notice(struct json_writer *writer, const struct notice *notice)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "number", notice->number);
    json_put_string(writer, "kind", notice_tags[notice->kind]);
    json_put_string(writer, "record_kind", notice->record_kind);
    json_put_string(writer, "record", notice->record);
    json_put_string(writer, "title", notice->title);
    json_put_string(writer, "by", notice->by);
    json_put_string(writer, "words", notice->text);
    json_put_int(writer, "time_ms", notice->time_ms);
    if (notice->read_ms != 0)
        json_put_int(writer, "read_ms", notice->read_ms);
    else
        json_put_null(writer, "read_ms");
    json_end_object(writer);
}

static bool refuse(const char *name, struct error *err)
{
    error_set(err, ERROR_INVALID, "valeur inadmissible", "this value is not allowed");
    return error_field(err, name);
}

static bool read_number(const char *text, int64_t *out)
{
    char *end;

    *out = strtoll(text, &end, 10);
    return *text >= '1' && *text <= '9' && *end == '\0';
}

static bool read_page(struct http_request *request, size_t *limit, int64_t *before, bool *unread,
                      struct error *err)
{
    const char *after = asking_text(request, "after"), *which = asking_text(request, "unread");

    *before = 0;
    *unread = strcmp(which, "true") == 0;
    if (which[0] != '\0' && !*unread && strcmp(which, "false") != 0)
        return refuse("unread", err);
    if (after[0] != '\0' && !read_number(after, before))
        return refuse("after", err);
    return asking_limit(request, limit, err);
}

static void handle_list(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct arena *arena = request_arena(request);
    struct notice_list list;
    struct asking_page page;
    const char *next = NULL;
    struct error error;
    int64_t before;
    size_t limit;
    bool unread;

    if (!read_page(request, &limit, &before, &unread, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = notices_page(db, arena, user->name, before, unread, limit + 1, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    if (list.count > limit) {
        list.count = limit;
        next = arena_printf(arena, "%lld", (long long)list.items[limit - 1].number);
    }
    asking_begin(&page);
    for (size_t i = 0; i < list.count; i++)
        put_notice(&page.writer, &list.items[i]);
    asking_answer(request, api, &page, next);
}

static void handle_unread(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    int64_t count = 0, newest = 0;
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = notices_unread(db, user->name, &count, &newest, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "unread", count);
    json_put_int(&writer, "newest", newest);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void mark(struct http_request *request, struct api *api, int64_t number)
{
    const struct user *user = request_identity(request);
    struct error error;

    bool ok = notices_read(writer_take(&api->writer), user->name, number,
                           clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

static void handle_read(struct http_request *request, void *context)
{
    const char *text = request_param(request, "number");
    struct error error;
    int64_t number;

    if (!read_number(text, &number)) {
        error_set(&error, ERROR_NOT_FOUND, "il n’y a pas de notification « %.20s »",
                  "there is no notice \"%.20s\"", text);
        answer_problem(request, &error);
        return;
    }
    mark(request, context, number);
}

static void handle_read_all(struct http_request *request, void *context)
{
    mark(request, context, 0);
}

/* --- which come by mail ---------------------------------------------------------------------- */

struct choices {
    struct text_list mail;
};
static const struct form_field choices_fields[] = {
    {.name = "mail",
     .type = FORM_LINES,
     .offset = offsetof(struct choices, mail),
     .max = NOTICE_KINDS,
     .tags = notice_tags,
     .tag_count = NOTICE_KINDS,
     .about = "Kinds of notices that come by e-mail too"},
};
static const struct form choices_form = {
    .name = "NoticeChoices", .size = sizeof(struct choices), FORM_FIELDS(choices_fields)};

static void answer_choices(struct http_request *request, const bool mail[NOTICE_KINDS])
{
    const struct user *user = request_identity(request);
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "email", user->email);
    json_begin_array(&writer, "mail");
    for (size_t kind = 0; kind < NOTICE_KINDS; kind++) {
        if (mail[kind])
            json_put_string(&writer, NULL, notice_tags[kind]);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_choices(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    bool mail[NOTICE_KINDS];
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = notice_choices_get(db, request_arena(request), user->name, mail, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_choices(request, mail);
    else
        answer_problem(request, &error);
}

static void handle_choose(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    bool mail[NOTICE_KINDS] = {false};
    struct choices choices;
    struct error error;

    bool ok = people_body(request, &choices_form, &choices, &error);
    for (size_t i = 0; ok && i < choices.mail.count; i++) {
        for (size_t kind = 0; kind < NOTICE_KINDS; kind++)
            mail[kind] |= strcmp(choices.mail.items[i], notice_tags[kind]) == 0;
    }
    if (ok) {
        ok = notice_choices_put(writer_take(&api->writer), user->name, mail, &error);
        writer_give(&api->writer);
    }
    if (ok)
        answer_choices(request, mail);
    else
        answer_problem(request, &error);
}

/* --- the mail itself ------------------------------------------------------------------------- */

static void handle_mail(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct config *settings = api->config.settings;
    struct postman_counts counts = {0};
    int64_t waiting = 0, oldest_ms = 0;
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = mails_waiting(db, &waiting, &oldest_ms, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    if (api->postman != NULL)
        postman_counts(api->postman, &counts);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_bool(&writer, "configured", api->postman != NULL);
    json_put_string(&writer, "server", config_text(settings, CONFIG_MAIL_SERVER));
    json_put_string(&writer, "from", config_text(settings, CONFIG_MAIL_FROM));
    json_put_int(&writer, "waiting", waiting);
    if (oldest_ms != 0)
        json_put_int(&writer, "oldest_ms", oldest_ms);
    else
        json_put_null(&writer, "oldest_ms");
    json_put_int(&writer, "sent", (int64_t)counts.sent);
    if (counts.sent_ms != 0)
        json_put_int(&writer, "last_sent_ms", counts.sent_ms);
    else
        json_put_null(&writer, "last_sent_ms");
    json_put_string(&writer, "last_error", counts.error);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool write_trial(struct http_request *request, struct api *api, struct error *err)
{
    const struct user *user = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);

    if (api->postman == NULL)
        return error_set(err, ERROR_CONFLICT, "aucun serveur de courrier n’est réglé (mail_server)",
                         "no mail server is set (mail_server)");
    if (user->email[0] == '\0')
        return error_set(err, ERROR_CONFLICT, "votre compte n’a pas d’adresse",
                         "your account has no address");
    bool ok = mails_add(writer_take(&api->writer),
                        &(struct mail){.recipient = user->email,
                                       .subject = "Vitrine : message d’essai",
                                       .text = "Bonjour,\n\nCe message d’essai est bien arrivé : "
                                               "les notifications de Vitrine partiront de même.\n",
                                       .created_ms = now_ms,
                                       .next_ms = now_ms},
                        err);
    writer_give(&api->writer);
    return ok;
}

static void handle_trial(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    if (!write_trial(request, api, &error)) {
        answer_problem(request, &error);
        return;
    }
    postman_kick(api->postman);
    answer_empty(request);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct api_query list_queries[] = {
    ASKING_LIMIT,
    ASKING_AFTER,
    {"unread", API_QUERY_TEXT, "\"true\": only those that are not read yet"},
    {.name = NULL},
};
static const struct api_member notice_members[] = {
    {.name = "number", .type = API_INT},
    {.name = "kind", .type = API_TEXT},
    {.name = "record_kind", .type = API_TEXT},
    {.name = "record", .type = API_TEXT, .about = "Its id"},
    {.name = "title", .type = API_TEXT},
    {.name = "by", .type = API_TEXT, .about = "Empty for the program itself"},
    {.name = "words", .type = API_TEXT, .about = "Why it was sent back; the last day of what ends"},
    {.name = "time_ms", .type = API_INT},
    {.name = "read_ms", .type = API_INT, .nullable = true},
    {0},
};
static const struct api_member unread_members[] = {
    {.name = "unread", .type = API_INT},
    {.name = "newest", .type = API_INT, .about = "Its number; 0 while there is none"},
    {0},
};
static const struct api_member choices_members[] = {
    {.name = "email", .type = API_TEXT, .about = "Of the account; empty: nothing is sent"},
    {.name = "mail", .type = API_TEXTS},
    {0},
};
static const struct api_member mail_members[] = {
    {.name = "configured", .type = API_BOOL},
    {.name = "server", .type = API_TEXT},
    {.name = "from", .type = API_TEXT},
    {.name = "waiting", .type = API_INT, .about = "Messages in the outbox"},
    {.name = "oldest_ms", .type = API_INT, .nullable = true},
    {.name = "sent", .type = API_INT, .about = "Since the server was started"},
    {.name = "last_sent_ms", .type = API_INT, .nullable = true},
    {.name = "last_error", .type = API_TEXT, .about = "Of the last try, when it failed"},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/notices", PERMISSION_SESSION, handle_list, 0, HTTP_SLOW},
     .about = "List what one was told, the newest first",
     .shape = API_PAGE,
     .members = notice_members,
     .queries = list_queries},
    {.http = {HTTP_GET, "/api/v1/notices/unread", PERMISSION_SESSION, handle_unread, 0, HTTP_SLOW},
     .about = "Count what one has not read yet",
     .shape = API_OBJECT,
     .members = unread_members},
    {.http = {HTTP_POST, "/api/v1/notices/read", PERMISSION_SESSION, handle_read_all, 0, HTTP_SLOW},
     .about = "Mark all of one's notices as read"},
    {.http = {HTTP_POST, "/api/v1/notices/{number}/read", PERMISSION_SESSION, handle_read, 0,
              HTTP_SLOW},
     .about = "Mark a notice as read"},
    {.http = {HTTP_GET, "/api/v1/notices/choices", PERMISSION_SESSION, handle_choices, 0,
              HTTP_SLOW},
     .about = "Tell which notices come by e-mail too",
     .shape = API_OBJECT,
     .members = choices_members},
    {.http = {HTTP_PUT, "/api/v1/notices/choices", PERMISSION_SESSION, handle_choose, BODY_MAX,
              HTTP_SLOW},
     .about = "Choose which notices come by e-mail too",
     .takes = &choices_form,
     .shape = API_OBJECT,
     .members = choices_members},
    {.http = {HTTP_GET, "/api/v1/mail", PERMISSION_SETTINGS, handle_mail, 0, HTTP_SLOW},
     .about = "Tell whether mail goes out",
     .shape = API_OBJECT,
     .members = mail_members},
    {.http = {HTTP_POST, "/api/v1/mail/test", PERMISSION_SETTINGS, handle_trial, 0, HTTP_SLOW},
     .about = "Send a message to one's own address"},
};

API_SECTION(section_notices, "Notices and mail", routes);
