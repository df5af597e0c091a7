#include "player/report/quarantine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/utf8.h"

#define MAGIC "VITRINE-QUARANT2"
#define ENTRIES 24
#define CRASH_POINTS 2 /* a success takes one back */
#define HOLD_POINTS 6
#define BOOT_SIZE 40

/* The file is this struct as it stands in memory: it never leaves the machine that wrote it. */
struct mark {
    _Atomic uint32_t entered; /* the rest counts only when 1 */
    uint32_t spare;
    uint64_t content;
    char boot[BOOT_SIZE]; /* the kernel's, as text */
    char slide[64];
    char title[96];
};

struct held {
    uint64_t content; /* 0: the place is free */
    uint16_t points;
    uint8_t held;
    uint8_t told; /* the spool knows */
    uint32_t spare;
    int64_t last_ms;
    char slide[64];
    char title[96];
};

struct page {
    char magic[16];
    struct mark marks[QUARANTINE_SLOTS];
    struct held entries[ENTRIES];
};

struct quarantine {
    pthread_mutex_t lock; /* entries; marks belong to their threads */
    struct clock clock;
    char boot[BOOT_SIZE];
    struct page *page;
    bool mapped;
    atomic_size_t suspects; /* entries in use: none, and nothing need be looked up */
};

/* --- The page --- */

static void read_boot(char boot_out[BOOT_SIZE])
{
    char *bytes;
    size_t length;
    memset(boot_out, 0, BOOT_SIZE);
    if (file_read("/proc/sys/kernel/random/boot_id", 128, &bytes, &length, NULL)) {
        bytes[strcspn(bytes, "\n")] = '\0';
        snprintf(boot_out, BOOT_SIZE, "%.36s", bytes);
        free(bytes);
    }
}

static bool text_is_sound(const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    return length < size && utf8_valid(text, length);
}

/* A power cut may leave anything; what is not ours is wiped. */
static void make_sound(struct page *page)
{
    if (memcmp(page->magic, MAGIC, sizeof page->magic) != 0) {
        memset(page, 0, sizeof *page);
        memcpy(page->magic, MAGIC, sizeof page->magic);
    }
    for (size_t i = 0; i < QUARANTINE_SLOTS; i++) {
        struct mark *mark = &page->marks[i];
        if (!text_is_sound(mark->boot, sizeof mark->boot) ||
            !text_is_sound(mark->slide, sizeof mark->slide) ||
            !text_is_sound(mark->title, sizeof mark->title)) {
            memset(mark, 0, sizeof *mark);
        }
    }
    for (size_t i = 0; i < ENTRIES; i++) {
        struct held *entry = &page->entries[i];
        if (!text_is_sound(entry->slide, sizeof entry->slide) ||
            !text_is_sound(entry->title, sizeof entry->title) || entry->points > HOLD_POINTS ||
            entry->held > 1 || entry->told > 1) {
            memset(entry, 0, sizeof *entry);
        }
    }
}

/* The blocks are there before the page is mapped: a full disk would kill who writes to it. */
static struct page *map_page(const char *path)
{
    struct page *page = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return NULL;
    }
    if (posix_fallocate(fd, 0, sizeof *page) == 0) {
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        page = page != MAP_FAILED ? page : NULL;
    }
    if (page != NULL) {
        (void)mlock(page, sizeof *page); /* read back from a failing disk it would kill us */
    }
    close(fd);
    return page;
}

/* What is held stays held, though nothing more can be noted. */
static struct page *read_page(const char *path)
{
    char *bytes;
    size_t length;
    struct page *page = calloc(1, sizeof *page);
    if (page == NULL) {
        abort();
    }
    if (file_read(path, sizeof *page, &bytes, &length, NULL)) {
        memcpy(page, bytes, length);
        free(bytes);
    }
    return page;
}

static struct held *find_entry(struct page *page, uint64_t content)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        if (page->entries[i].content == content) {
            return &page->entries[i];
        }
    }
    return NULL;
}

/* The place of the content, else a free one, else that of the oldest. */
static struct held *make_entry(struct page *page, uint64_t content)
{
    struct held *entry = find_entry(page, content);
    if (entry != NULL) {
        return entry;
    }
    entry = find_entry(page, 0);
    if (entry == NULL) {
        entry = &page->entries[0];
        for (size_t i = 1; i < ENTRIES; i++) {
            entry = page->entries[i].last_ms < entry->last_ms ? &page->entries[i] : entry;
        }
    }
    memset(entry, 0, sizeof *entry);
    entry->content = content;
    return entry;
}

static void count_crash(struct quarantine *quarantine, const struct mark *mark)
{
    struct held *entry = make_entry(quarantine->page, mark->content);
    memcpy(entry->slide, mark->slide, sizeof entry->slide);
    memcpy(entry->title, mark->title, sizeof entry->title);
    entry->last_ms = clock_wall_ms(&quarantine->clock);
    if (entry->points + CRASH_POINTS >= HOLD_POINTS) {
        entry->points = HOLD_POINTS;
        entry->held = 1;
    } else {
        entry->points += CRASH_POINTS;
    }
    log_write(LOG_WARN, "slide_crashed", "slide=%s held=%u", entry->slide, entry->held);
}

static bool is_over(const struct held *entry, int64_t now_ms)
{
    return entry->held == 1 && now_ms - entry->last_ms >= QUARANTINE_HOLD_MS;
}

static void count_suspects(struct quarantine *quarantine)
{
    size_t count = 0;
    for (size_t i = 0; i < ENTRIES; i++) {
        count += quarantine->page->entries[i].content != 0 ? 1 : 0;
    }
    atomic_store(&quarantine->suspects, count);
}

/* A crash counts once, also for what was open twice. */
static void count_crashes(struct quarantine *quarantine)
{
    struct mark *marks = quarantine->page->marks;
    for (size_t i = 0; i < QUARANTINE_SLOTS; i++) {
        bool left = atomic_load(&marks[i].entered) == 1 && marks[i].content != 0 &&
                    quarantine->boot[0] != '\0' && strcmp(marks[i].boot, quarantine->boot) == 0;
        atomic_store(&marks[i].entered, 0);
        marks[i].content = left ? marks[i].content : 0;
        for (size_t j = 0; j < i && left; j++) {
            left = marks[j].content != marks[i].content;
        }
        if (left) {
            count_crash(quarantine, &marks[i]);
        }
    }
}

struct quarantine *quarantine_create(const char *state_folder, const struct clock *clock)
{
    char path[1024];
    struct quarantine *quarantine = calloc(1, sizeof *quarantine);
    if (quarantine == NULL) {
        abort();
    }
    pthread_mutex_init(&quarantine->lock, NULL);
    quarantine->clock = *clock;
    read_boot(quarantine->boot);
    if (path_join(path, sizeof path, state_folder, "quarantine") != NULL) {
        quarantine->page = map_page(path);
    }
    quarantine->mapped = quarantine->page != NULL;
    if (!quarantine->mapped) {
        log_write(LOG_WARN, "quarantine_in_memory", "%s cannot be mapped: crashes are not counted",
                  path);
        quarantine->page = read_page(path);
    }
    make_sound(quarantine->page);
    count_crashes(quarantine);
    count_suspects(quarantine);
    return quarantine;
}

void quarantine_destroy(struct quarantine *quarantine)
{
    if (quarantine == NULL) {
        return;
    }
    for (size_t i = 0; i < QUARANTINE_SLOTS; i++) {
        atomic_store(&quarantine->page->marks[i].entered, 0);
    }
    if (quarantine->mapped) {
        munmap(quarantine->page, sizeof *quarantine->page);
    } else {
        free(quarantine->page);
    }
    pthread_mutex_destroy(&quarantine->lock);
    free(quarantine);
}

/* --- Slides --- */

static void hash_text(struct sha256_stream *stream, const char *text)
{
    text = text != NULL ? text : "";
    sha256_stream_update(stream, text, strlen(text) + 1);
}

/* All that can make a difference to who draws it; another version of the player may have mended
 * what crashed. Never 0. */
static uint64_t content_of(const struct slide *slide)
{
    struct sha256_stream *stream = sha256_stream_create();
    struct sha256 sum;
    uint64_t content;
    hash_text(stream, VITRINE_VERSION);
    hash_text(stream, slide->id);
    hash_text(stream, slide->template);
    hash_text(stream, slide->link);
    for (size_t i = 0; i < slide->text_count; i++) {
        hash_text(stream, slide->texts[i].slot);
        hash_text(stream, slide->texts[i].text);
    }
    for (size_t i = 0; i < slide->picture_count; i++) {
        hash_text(stream, slide->pictures[i].slot);
        sha256_stream_update(stream, &slide->pictures[i].file, sizeof slide->pictures[i].file);
    }
    if (slide->has_video) {
        sha256_stream_update(stream, &slide->video.file, sizeof slide->video.file);
    }
    if (slide->has_video && slide->video.has_captions) {
        sha256_stream_update(stream, &slide->video.captions, sizeof slide->video.captions);
    }
    sha256_stream_finish(stream, &sum);
    memcpy(&content, sum.bytes, sizeof content);
    return content != 0 ? content : 1;
}

static void copy_text(char *to, size_t size, const char *text)
{
    size_t length = text != NULL ? strnlen(text, size) : 0;
    if (length == size) {
        length--;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    memset(to, 0, size);
    if (length > 0) {
        memcpy(to, text, length);
    }
}

static void count_success(struct quarantine *quarantine, uint64_t content)
{
    if (atomic_load(&quarantine->suspects) == 0) {
        return;
    }
    pthread_mutex_lock(&quarantine->lock);
    struct held *entry = find_entry(quarantine->page, content);
    if (entry != NULL && entry->held == 0 && --entry->points == 0) {
        memset(entry, 0, sizeof *entry);
        count_suspects(quarantine);
    }
    pthread_mutex_unlock(&quarantine->lock);
}

void quarantine_enter(struct quarantine *quarantine, unsigned slot, const struct slide *slide)
{
    if (slot >= QUARANTINE_SLOTS) {
        return; /* a machine with more displays plays their films unmarked */
    }
    struct mark *mark = &quarantine->page->marks[slot];
    uint64_t content = content_of(slide);
    if (atomic_load(&mark->entered) == 1) {
        if (mark->content == content) {
            return;
        }
        quarantine_leave(quarantine, slot);
    }
    mark->content = content;
    memcpy(mark->boot, quarantine->boot, sizeof mark->boot);
    copy_text(mark->slide, sizeof mark->slide, slide->id);
    copy_text(mark->title, sizeof mark->title, slide->title);
    atomic_store(&mark->entered, 1);
}

void quarantine_leave(struct quarantine *quarantine, unsigned slot)
{
    if (slot < QUARANTINE_SLOTS &&
        atomic_exchange(&quarantine->page->marks[slot].entered, 0) == 1) {
        count_success(quarantine, quarantine->page->marks[slot].content);
    }
}

bool quarantine_holds(struct quarantine *quarantine, const struct slide *slide)
{
    if (atomic_load(&quarantine->suspects) == 0) {
        return false;
    }
    uint64_t content = content_of(slide);
    pthread_mutex_lock(&quarantine->lock);
    struct held *entry = find_entry(quarantine->page, content);
    if (entry != NULL && is_over(entry, clock_wall_ms(&quarantine->clock))) {
        memset(entry, 0, sizeof *entry);
        count_suspects(quarantine);
        entry = NULL;
    }
    bool holds = entry != NULL && entry->held == 1;
    pthread_mutex_unlock(&quarantine->lock);
    return holds;
}

void quarantine_report(struct quarantine *quarantine, struct spool *spool)
{
    char detail[400];
    for (size_t i = 0; i < ENTRIES; i++) {
        pthread_mutex_lock(&quarantine->lock);
        struct held *entry = &quarantine->page->entries[i];
        bool fresh = entry->held == 1 && entry->told == 0;
        entry->told = entry->held;
        snprintf(detail, sizeof detail,
                 "slide %s \"%s\" crashed the player three times: left out for seven days, or "
                 "until it is changed",
                 entry->slide, entry->title);
        pthread_mutex_unlock(&quarantine->lock);
        if (fresh) {
            (void)spool_fault(spool, "quarantine", detail);
        }
    }
}

size_t quarantine_count(struct quarantine *quarantine)
{
    size_t count = 0;
    int64_t now = clock_wall_ms(&quarantine->clock);
    pthread_mutex_lock(&quarantine->lock);
    for (size_t i = 0; i < ENTRIES; i++) {
        const struct held *entry = &quarantine->page->entries[i];
        count += entry->held == 1 && !is_over(entry, now) ? 1 : 0;
    }
    pthread_mutex_unlock(&quarantine->lock);
    return count;
}

size_t quarantine_look(const char *state_folder, const struct clock *clock,
                       struct quarantine_entry *entries_out, size_t count)
{
    char path[1024];
    size_t used = 0;
    if (path_join(path, sizeof path, state_folder, "quarantine") == NULL) {
        return 0;
    }
    struct page *page = read_page(path);
    make_sound(page);
    for (size_t i = 0; i < ENTRIES && used < count; i++) {
        const struct held *held = &page->entries[i];
        if (held->content != 0 && !is_over(held, clock_wall_ms(clock))) {
            struct quarantine_entry *entry = &entries_out[used++];
            memcpy(entry->slide, held->slide, sizeof entry->slide);
            memcpy(entry->title, held->title, sizeof entry->title);
            entry->crashes = (int)(held->points + 1) / CRASH_POINTS;
            entry->held = held->held == 1;
            entry->last_ms = held->last_ms;
        }
    }
    free(page);
    return used;
}
