#include <assert.h>

#include "server/records/workflow.h"

const char *workflow_action_tag(enum workflow_action action)
{
    static const char *const tags[WORKFLOW_ACTIONS] = {
        [WORKFLOW_CREATE] = "create",   [WORKFLOW_EDIT] = "edit",
        [WORKFLOW_SUBMIT] = "submit",   [WORKFLOW_WITHDRAW] = "withdraw",
        [WORKFLOW_APPROVE] = "approve", [WORKFLOW_RETURN] = "return",
        [WORKFLOW_PUBLISH] = "publish", [WORKFLOW_ARCHIVE] = "archive",
        [WORKFLOW_DISCARD] = "discard", [WORKFLOW_REVIVE] = "revive",
        [WORKFLOW_CANCEL] = "cancel",   [WORKFLOW_DELETE] = "delete",
        [WORKFLOW_RESTORE] = "restore",
    };

    assert((size_t)action < WORKFLOW_ACTIONS);
    return tags[action];
}

enum permission workflow_permission(const struct resource *resource, enum workflow_action action)
{
    switch (action) {
    case WORKFLOW_APPROVE:
    case WORKFLOW_RETURN:
        return PERMISSION_VALIDATE;
    case WORKFLOW_PUBLISH:
    case WORKFLOW_ARCHIVE:
        return PERMISSION_PUBLISH;
    default:
        return resource->write;
    }
}

bool workflow_next(bool reviewed, enum state state, bool live, enum workflow_action action,
                   enum state *next_out)
{
    bool copy = state == STATE_DRAFT || state == STATE_SUBMITTED || state == STATE_APPROVED;

    if ((state == STATE_PUBLISHED && !live) || (state == STATE_ARCHIVED && live))
        return false;
    switch (action) {
    case WORKFLOW_CREATE:
        *next_out = STATE_DRAFT;
        return state == STATE_DRAFT && !live;
    case WORKFLOW_EDIT:
    case WORKFLOW_RESTORE:
        *next_out = STATE_DRAFT;
        return state != STATE_ARCHIVED;
    case WORKFLOW_SUBMIT:
        *next_out = STATE_SUBMITTED;
        return reviewed && state == STATE_DRAFT;
    case WORKFLOW_WITHDRAW:
        *next_out = STATE_DRAFT;
        return reviewed && state == STATE_SUBMITTED;
    case WORKFLOW_APPROVE:
        *next_out = STATE_APPROVED;
        return reviewed && state == STATE_SUBMITTED;
    case WORKFLOW_RETURN:
        *next_out = STATE_DRAFT;
        return reviewed && (state == STATE_SUBMITTED || state == STATE_APPROVED);
    case WORKFLOW_PUBLISH:
        *next_out = STATE_PUBLISHED;
        return state == (reviewed ? STATE_APPROVED : STATE_DRAFT);
    case WORKFLOW_ARCHIVE:
        *next_out = STATE_ARCHIVED;
        return state != STATE_ARCHIVED;
    case WORKFLOW_DISCARD:
        *next_out = STATE_PUBLISHED;
        return copy && live;
    case WORKFLOW_REVIVE:
        *next_out = STATE_DRAFT;
        return state == STATE_ARCHIVED;
    case WORKFLOW_CANCEL:
        *next_out = state;
        return live;
    case WORKFLOW_DELETE:
        *next_out = state;
        return copy && !live;
    case WORKFLOW_ACTIONS:
        break;
    }
    return false;
}
