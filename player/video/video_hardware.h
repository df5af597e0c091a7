/* Decoding by hardware: VAAPI, then V4L2 M2M. One for the process, shared by its films: the device
 * is looked for once, by the first decode thread that wants it, and what does not work is logged
 * once, not film by film. Any thread; counted, so films may outlive video_hardware_destroy. */
#ifndef VITRINE_PLAYER_VIDEO_VIDEO_HARDWARE_H
#define VITRINE_PLAYER_VIDEO_VIDEO_HARDWARE_H

struct video_hardware;

/* Costs nothing yet. device: a VAAPI render node ("/dev/dri/renderD128"), NULL for libva's choice.
 */
struct video_hardware *video_hardware_create(const char *device);
void video_hardware_destroy(struct video_hardware *hardware); /* accepts NULL */

#endif
