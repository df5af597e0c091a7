#include "server/content/forms.h"
#include "server/content/loading.h"

#define SITES_MAX 10000
#define GROUPS_MAX 1000
#define SCREENS_MAX 100000

static bool take_site(struct loading *loading, cJSON *object, struct error *err)
{
    struct site site = {0};
    enum upsert_result result;
    if (!form_decode(&site_form, object, loading->arena, &site, err) ||
        !sites_upsert(loading->db, loading->arena, &site, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

static bool take_group(struct loading *loading, cJSON *object, struct error *err)
{
    struct group group = {0};
    enum upsert_result result;
    if (!form_decode(&group_form, object, loading->arena, &group, err) ||
        !groups_upsert(loading->db, loading->arena, &group, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

static bool take_screen(struct loading *loading, cJSON *object, struct error *err)
{
    struct screen screen = {.updated_ms = loading->media->now_ms};
    enum upsert_result result;
    if (!form_decode(&screen_form, object, loading->arena, &screen, err) ||
        !references_of_screen(loading->db, loading->arena, &screen, err) ||
        !screens_upsert(loading->db, loading->arena, &screen, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_screens(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "sites", "groups", "screens", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "sites", SITES_MAX, take_site, err) &&
           loading_each(loading, root, "groups", GROUPS_MAX, take_group, err) &&
           loading_each(loading, root, "screens", SCREENS_MAX, take_screen, err);
}
