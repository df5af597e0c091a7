/* Landlock: which files may be opened. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server/worker/sandbox_private.h"

#define READ_ACCESS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITE_ACCESS                                                                               \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                              \
     LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |   \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM)
#define FIRST_ACCESS                                                                               \
    (READ_ACCESS | WRITE_ACCESS | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |      \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK)
/* Of later versions of Landlock. */
#define REFER_ACCESS (UINT64_C(1) << 13)
#define TRUNCATE_ACCESS (UINT64_C(1) << 14)
/* What a rule for a file, rather than a folder, may say. */
#define FILE_ACCESS                                                                                \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE |   \
     TRUNCATE_ACCESS)

struct ruleset {
    int fd;
    uint64_t handled;
};

static bool allow(const struct ruleset *rules, const char *path, uint64_t access, struct error *err)
{
    struct stat status;
    int fd = open(path, O_PATH | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT || error_set_errno(err, errno, "« %s » ne s’ouvre pas",
                                                  "\"%s\" cannot be opened", path);
    bool folder = fstat(fd, &status) == 0 && S_ISDIR(status.st_mode);
    const struct landlock_path_beneath_attr rule = {
        .allowed_access = access & rules->handled & (folder ? UINT64_MAX : FILE_ACCESS),
        .parent_fd = fd,
    };
    long added = syscall(SYS_landlock_add_rule, rules->fd, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    int problem = errno;
    close(fd);
    return added == 0 || error_set_errno(err, problem, "Landlock refuse une règle pour « %s »",
                                         "Landlock refuses a rule for \"%s\"", path);
}

static bool allow_all(const struct ruleset *rules, const struct sandbox *sandbox, struct error *err)
{
    static const char *const devices[] = {"/dev/null", "/dev/urandom", NULL};
    bool ok = allow(rules, sandbox->folder, READ_ACCESS | WRITE_ACCESS | TRUNCATE_ACCESS, err);

    for (size_t i = 0; ok && sandbox->readable[i] != NULL; i++)
        ok = allow(rules, sandbox->readable[i], READ_ACCESS, err);
    for (size_t i = 0; ok && devices[i] != NULL; i++)
        ok = allow(rules, devices[i], LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE,
                   err);
    for (size_t i = 0; ok && sandbox->programs != NULL && sandbox->programs[i] != NULL; i++)
        ok = allow(rules, sandbox->programs[i], READ_ACCESS | LANDLOCK_ACCESS_FS_EXECUTE, err);
    /* LibreOffice gives up without a socket there by which a second one would find it. */
    if (ok && sandbox->local_sockets)
        ok = allow(rules, "/tmp", LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE,
                   err);
    return ok;
}

bool sandbox_restrict_files(const struct sandbox *sandbox, enum sandbox_walls *walls_out,
                            struct error *err)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    *walls_out = version >= 1 ? SANDBOX_WHOLE : SANDBOX_NO_LANDLOCK;
    if (version < 1)
        return true;
    const struct landlock_ruleset_attr about = {
        .handled_access_fs = FIRST_ACCESS | (version >= 2 ? REFER_ACCESS : 0) |
                             (version >= 3 ? TRUNCATE_ACCESS : 0)};
    struct ruleset rules = {.handled = about.handled_access_fs};
    rules.fd = (int)syscall(SYS_landlock_create_ruleset, &about, sizeof(about), 0);
    if (rules.fd < 0)
        return error_set_errno(err, errno, "Landlock ne répond pas", "Landlock does not answer");
    bool ok = allow_all(&rules, sandbox, err);
    if (ok && syscall(SYS_landlock_restrict_self, rules.fd, 0) != 0)
        ok =
            error_set_errno(err, errno, "Landlock ne s’applique pas", "Landlock cannot be applied");
    close(rules.fd);
    return ok;
}
