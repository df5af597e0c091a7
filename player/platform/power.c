#include "player/platform/power.h"

#include <X11/Xlib.h>
#include <X11/extensions/dpms.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cec.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "core/log.h"

#define CEC_NAME "Vitrine"
#define CEC_NO_ADDRESS 0xFFFF

struct power {
    bool x11;
    int drm_fd;
    char dev_folder[256];
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum power_state wish; /* unknown: none yet */
    enum power_state done; /* the wish that was carried out last */
    enum power_state state;
    bool stopping;
};

/* --- X server --- */

/* The server is gone; that is for the window to find. Without this Xlib ends the process. */
static void handle_lost(Display *display, void *context)
{
    (void)display;
    *(bool *)context = true;
}

static Display *open_dpms(bool *lost)
{
    int event;
    int error;
    *lost = false;
    Display *display = XOpenDisplay(NULL);
    if (display == NULL) {
        return NULL;
    }
    XSetIOErrorExitHandler(display, handle_lost, lost);
    if (DPMSQueryExtension(display, &event, &error) && DPMSCapable(display)) {
        return display;
    }
    XCloseDisplay(display);
    return NULL;
}

static bool set_x11(bool on)
{
    bool lost;
    Display *display = open_dpms(&lost);
    if (display == NULL) {
        return false;
    }
    /* Enabled, since forcing a level is an error otherwise; and without timeouts, since a screen
     * that nobody touches must not go dark by itself. */
    DPMSEnable(display);
    DPMSSetTimeouts(display, 0, 0, 0);
    DPMSForceLevel(display, on ? DPMSModeOn : DPMSModeOff);
    XSync(display, False);
    XCloseDisplay(display);
    return !lost;
}

/* --- Connectors --- */

/* The connector's DPMS property; 0: it has none. */
static uint32_t dpms_property(int fd, const drmModeConnector *connector)
{
    uint32_t id = 0;
    for (int i = 0; i < connector->count_props && id == 0; i++) {
        drmModePropertyRes *property = drmModeGetProperty(fd, connector->props[i]);
        if (property != NULL && strcmp(property->name, "DPMS") == 0) {
            id = property->prop_id;
        }
        drmModeFreeProperty(property);
    }
    return id;
}

/* Returns how many connectors have a display and the property; with `set` sets it, and then counts
 * those that took it. */
static int each_connector(int fd, bool set, bool on)
{
    int count = 0;
    drmModeRes *resources = drmModeGetResources(fd);
    for (int i = 0; resources != NULL && i < resources->count_connectors; i++) {
        drmModeConnector *connector = drmModeGetConnectorCurrent(fd, resources->connectors[i]);
        if (connector != NULL && connector->connection == DRM_MODE_CONNECTED) {
            uint32_t property = dpms_property(fd, connector);
            uint64_t level = on ? DRM_MODE_DPMS_ON : DRM_MODE_DPMS_OFF;
            bool ok =
                property != 0 && (!set || drmModeConnectorSetProperty(fd, connector->connector_id,
                                                                      property, level) == 0);
            count += ok ? 1 : 0;
        }
        drmModeFreeConnector(connector);
    }
    drmModeFreeResources(resources);
    return count;
}

/* --- CEC --- */

static bool cec_send(int fd, uint8_t from, uint8_t to, const uint8_t *bytes, size_t length)
{
    struct cec_msg message = {.len = (uint32_t)length + 1};
    message.msg[0] = (uint8_t)(from << 4 | to);
    memcpy(message.msg + 1, bytes, length);
    return ioctl(fd, CEC_TRANSMIT, &message) == 0 && (message.tx_status & CEC_TX_STATUS_OK) != 0;
}

/* We speak as a playback device; on a machine where somebody gave the adapter another rôle, as
 * that. */
static bool cec_address(int fd, uint8_t *address_out)
{
    struct cec_log_addrs addresses;
    memset(&addresses, 0, sizeof addresses);
    if (ioctl(fd, CEC_ADAP_G_LOG_ADDRS, &addresses) == 0 && addresses.num_log_addrs == 0) {
        memset(&addresses, 0, sizeof addresses);
        addresses.cec_version = CEC_OP_CEC_VERSION_1_4;
        addresses.num_log_addrs = 1;
        addresses.vendor_id = CEC_VENDOR_ID_NONE;
        addresses.log_addr_type[0] = CEC_LOG_ADDR_TYPE_PLAYBACK;
        addresses.primary_device_type[0] = CEC_OP_PRIM_DEVTYPE_PLAYBACK;
        snprintf(addresses.osd_name, sizeof addresses.osd_name, "%s", CEC_NAME);
        (void)ioctl(fd, CEC_ADAP_S_LOG_ADDRS, &addresses);
    }
    *address_out = addresses.log_addr[0];
    return addresses.num_log_addrs > 0 && addresses.log_addr[0] != CEC_LOG_ADDR_INVALID;
}

static bool set_cec_device(int fd, bool on)
{
    static const uint8_t standby[] = {CEC_MSG_STANDBY};
    static const uint8_t view_on[] = {CEC_MSG_IMAGE_VIEW_ON};
    uint32_t mode = CEC_MODE_INITIATOR;
    uint16_t physical = CEC_NO_ADDRESS;
    uint8_t from;
    if (ioctl(fd, CEC_S_MODE, &mode) != 0 || ioctl(fd, CEC_ADAP_G_PHYS_ADDR, &physical) != 0 ||
        physical == CEC_NO_ADDRESS || !cec_address(fd, &from)) {
        return false;
    }
    if (!on) {
        return cec_send(fd, from, CEC_LOG_ADDR_TV, standby, sizeof standby);
    }
    const uint8_t source[] = {CEC_MSG_ACTIVE_SOURCE, (uint8_t)(physical >> 8), (uint8_t)physical};
    bool ok = cec_send(fd, from, CEC_LOG_ADDR_TV, view_on, sizeof view_on);
    return cec_send(fd, from, CEC_LOG_ADDR_BROADCAST, source, sizeof source) || ok;
}

/* Calls `see` with the descriptor of every device folder/name…, -1 with errno when it cannot be
 * opened. */
static void each_device(const char *folder, const char *name, void (*see)(int fd, void *context),
                        void *context)
{
    char path[512];
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (strncmp(entry->d_name, name, strlen(name)) != 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%.64s", folder, entry->d_name);
        int fd = open(path, O_RDWR | O_CLOEXEC);
        see(fd, context);
        if (fd >= 0) {
            close(fd);
        }
    }
    closedir(entries);
}

struct cec_wish {
    bool on;
    bool done;
};

static void see_cec(int fd, void *context)
{
    struct cec_wish *wish = context;
    wish->done = (fd >= 0 && set_cec_device(fd, wish->on)) || wish->done;
}

/* --- The thread --- */

static enum power_state apply(const struct power *power, bool on)
{
    struct cec_wish cec = {.on = on};
    bool x11 = power->x11 && set_x11(on);
    bool connectors = power->drm_fd >= 0 && each_connector(power->drm_fd, true, on) > 0;
    each_device(power->dev_folder, "cec", see_cec, &cec);
    log_write(LOG_INFO, "display_power", "wanted=%s x11=%s connectors=%s cec=%s", on ? "on" : "off",
              x11 ? "done" : "no", connectors ? "done" : "no", cec.done ? "done" : "no");
    if (!x11 && !connectors && !cec.done) {
        return POWER_UNKNOWN;
    }
    return on ? POWER_ON : POWER_OFF;
}

static void *run(void *context)
{
    struct power *power = context;
    pthread_mutex_lock(&power->lock);
    for (;;) {
        enum power_state wish = power->wish;
        if (wish != power->done) {
            pthread_mutex_unlock(&power->lock);
            enum power_state state = apply(power, wish == POWER_ON);
            pthread_mutex_lock(&power->lock);
            power->done = wish;
            power->state = state;
        } else if (power->stopping) {
            break;
        } else {
            pthread_cond_wait(&power->changed, &power->lock);
        }
    }
    pthread_mutex_unlock(&power->lock);
    return NULL;
}

struct power *power_create(const struct power_options *options)
{
    sigset_t all;
    sigset_t before;
    struct power *power = calloc(1, sizeof *power);
    if (power == NULL) {
        abort();
    }
    power->x11 = options->x11;
    power->drm_fd = options->drm_fd;
    snprintf(power->dev_folder, sizeof power->dev_folder, "%s",
             options->dev_folder != NULL ? options->dev_folder : "/dev");
    pthread_mutex_init(&power->lock, NULL);
    pthread_cond_init(&power->changed, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    power->has_thread = pthread_create(&power->thread, NULL, run, power) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return power;
}

void power_destroy(struct power *power)
{
    if (power == NULL) {
        return;
    }
    pthread_mutex_lock(&power->lock);
    power->stopping = true;
    pthread_cond_signal(&power->changed);
    pthread_mutex_unlock(&power->lock);
    if (power->has_thread) {
        pthread_join(power->thread, NULL);
    }
    pthread_cond_destroy(&power->changed);
    pthread_mutex_destroy(&power->lock);
    free(power);
}

void power_set(struct power *power, bool on)
{
    pthread_mutex_lock(&power->lock);
    power->wish = on ? POWER_ON : POWER_OFF;
    pthread_cond_signal(&power->changed);
    pthread_mutex_unlock(&power->lock);
}

enum power_state power_get(struct power *power)
{
    pthread_mutex_lock(&power->lock);
    enum power_state state = power->state;
    pthread_mutex_unlock(&power->lock);
    return state;
}

/* --- For the doctor --- */

static void look_cec(int fd, void *context)
{
    struct power_ways *ways = context;
    uint16_t physical = CEC_NO_ADDRESS;
    if (fd < 0) {
        ways->cec_denied = ways->cec_denied || errno == EACCES || errno == EPERM;
        return;
    }
    ways->cec++;
    if (ioctl(fd, CEC_ADAP_G_PHYS_ADDR, &physical) == 0 && physical != CEC_NO_ADDRESS) {
        ways->cec_connected = true;
    }
}

static void look_card(int fd, void *context)
{
    struct power_ways *ways = context;
    ways->connectors += fd >= 0 ? each_connector(fd, false, false) : 0;
}

void power_look(const char *dev_folder, struct power_ways *ways_out)
{
    char dri[300];
    bool lost;
    const char *folder = dev_folder != NULL ? dev_folder : "/dev";
    *ways_out = (struct power_ways){.x11 = false};
    Display *display = open_dpms(&lost);
    if (display != NULL) {
        ways_out->x11 = true;
        XCloseDisplay(display);
    }
    snprintf(dri, sizeof dri, "%s/dri", folder);
    each_device(dri, "card", look_card, ways_out);
    each_device(folder, "cec", look_cec, ways_out);
}
