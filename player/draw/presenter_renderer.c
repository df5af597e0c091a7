/* With a GPU: all that is put goes into one texture of the window's size, so that what is put later
 * lies over what was put before; to show is to copy it, shifted. A transition's canvases are
 * textures of their own, in the window's orientation. Never SDL_RenderGeometry with textures: it
 * crashes SDL 2.26's software renderer on large targets. */
#include "player/draw/presenter_backend.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/video_scaler.h"

static SDL_Texture *create_texture(struct presenter *presenter, Uint32 format,
                                   SDL_TextureAccess access, int width, int height)
{
    SDL_Texture *texture =
        SDL_CreateTexture(presenter->renderer, format, (int)access, width, height);
    if (texture)
        SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_NONE);
    return texture;
}

static void destroy_texture(SDL_Texture **texture)
{
    if (*texture)
        SDL_DestroyTexture(*texture);
    *texture = NULL;
}

static void destroy_textures(struct presenter *presenter)
{
    destroy_texture(&presenter->picture);
    for (int i = 0; i < FILM_TEXTURES; i++)
        destroy_texture(&presenter->films[i].texture);
}

static bool resize(struct presenter *presenter, struct error *err)
{
    struct screen *screen = &presenter->screen;
    SDL_SetRenderTarget(presenter->renderer, NULL);
    if (SDL_GetRendererOutputSize(presenter->renderer, &screen->width, &screen->height) == 0) {
        destroy_textures(presenter);
        presenter->picture =
            create_texture(presenter, presenter->picture_format, SDL_TEXTUREACCESS_TARGET,
                           screen->width, screen->height);
        if (presenter->picture &&
            SDL_SetRenderTarget(presenter->renderer, presenter->picture) == 0) {
            SDL_SetRenderDrawColor(presenter->renderer, 0, 0, 0, 255);
            SDL_RenderClear(presenter->renderer);
            return true;
        }
    }
    return error_set(err, ERROR_IO, "la carte graphique refuse l’image de l’écran : %s",
                     "the graphics card refuses the screen's picture: %s", SDL_GetError());
}

/* A machine without a render node has only llvmpipe, which is slower than our own mix and takes
 * 110 MB once it is loaded: better not to ask. */
static bool has_render_node(void)
{
    glob_t found;
    bool any = glob("/dev/dri/renderD*", 0, NULL, &found) == 0;
    globfree(&found);
    return any;
}

static bool is_software_gl(void)
{
    enum { GL_RENDERER = 0x1F01 };
    typedef const unsigned char *(*get_string)(unsigned);
    get_string function = (get_string)SDL_GL_GetProcAddress("glGetString");
    const char *name = function ? (const char *)function(GL_RENDERER) : NULL;
    return !name || strstr(name, "llvmpipe") || strstr(name, "softpipe") ||
           strstr(name, "Software");
}

static int driver_index(const char *name)
{
    SDL_RendererInfo info;
    for (int i = 0; i < SDL_GetNumRenderDrivers(); i++)
        if (SDL_GetRenderDriverInfo(i, &info) == 0 && strcmp(info.name, name) == 0)
            return i;
    return -1;
}

static SDL_Renderer *create_renderer(struct presenter *presenter)
{
    static const char *const drivers[] = {"opengles2", "opengl"};
    const char *wanted = SDL_GetHint(SDL_HINT_RENDER_DRIVER);
    if (!presenter->hardware && wanted && *wanted)
        return SDL_CreateRenderer(presenter->window, -1, 0);
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        int index = driver_index(drivers[i]);
        SDL_Renderer *renderer =
            index < 0 ? NULL
                      : SDL_CreateRenderer(presenter->window, index,
                                           SDL_RENDERER_ACCELERATED | SDL_RENDERER_PRESENTVSYNC);
        if (renderer && (!presenter->hardware || !is_software_gl()))
            return renderer;
        if (renderer)
            SDL_DestroyRenderer(renderer);
    }
    return NULL;
}

static bool init(struct presenter *presenter, struct error *err)
{
    SDL_RendererInfo info;
    /* The wipe's edge is a copy a column. SDL gathers them only when told, once a driver is named.
     */
    SDL_SetHint(SDL_HINT_RENDER_BATCHING, "1");
    if (!presenter->hardware || has_render_node())
        presenter->renderer = create_renderer(presenter);
    if (!presenter->renderer || SDL_GetRendererInfo(presenter->renderer, &info) != 0)
        return error_set(err, ERROR_NOT_FOUND, "aucune carte graphique utilisable",
                         "no usable graphics card");
    SDL_strlcpy(presenter->name, info.name, sizeof presenter->name);
    /* Drawing a film into a texture of ARGB, "opengles2" swaps red and blue. */
    presenter->picture_format =
        strcmp(info.name, "opengles2") == 0 ? SDL_PIXELFORMAT_ABGR8888 : SDL_PIXELFORMAT_ARGB8888;
    return true;
}

static void finish(struct presenter *presenter)
{
    destroy_textures(presenter);
    if (presenter->renderer)
        SDL_DestroyRenderer(presenter->renderer);
    presenter->renderer = NULL;
}

/* One band: straight from the canvas when nothing is mixed, turned or swapped, else through memory
 * of its own. `screen` is the texture's. */
static bool upload_band(const struct screen *screen, SDL_Texture *texture, Uint32 format,
                        const struct mix *mix, struct rect area)
{
    struct rect window = screen_to_window(screen, area);
    SDL_Rect to = {window.x, window.y, window.w, window.h};
    if (screen->rotation == 0 && mix->t == 0 && !mix->ramp && format == SDL_PIXELFORMAT_ARGB8888)
        return SDL_UpdateTexture(texture, &to,
                                 mix->first->pixels +
                                     (ptrdiff_t)(area.y - mix->y) * mix->first->stride + area.x -
                                     mix->x,
                                 mix->first->stride * 4) == 0;
    uint32_t *pixels = malloc((size_t)window.w * (size_t)window.h * sizeof *pixels);
    if (!pixels)
        return false;
    struct pixel_target target = {pixels, window.w * 4, format, window.x, window.y};
    screen_write(screen, mix, area, &target);
    bool done = SDL_UpdateTexture(texture, &to, pixels, window.w * 4) == 0;
    free(pixels);
    return done;
}

/* In bands, so that a whole picture is never held twice. */
static void put(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area)
{
    int rows = BAND_PIXELS / area.w > 0 ? BAND_PIXELS / area.w : 1;
    SDL_RenderFlush(presenter->renderer); /* SDL does not order uploads after drawing */
    for (int y = area.y; y < area.y + area.h; y += rows)
        upload_band(screen, presenter->picture, presenter->picture_format, mix,
                    rect_intersect(area, (struct rect){area.x, y, area.w, rows}));
}

static void fill_window(struct presenter *presenter, struct rect window, color fill)
{
    SDL_Rect rect = {window.x, window.y, window.w, window.h};
    SDL_SetRenderDrawColor(presenter->renderer, (Uint8)(fill >> 16), (Uint8)(fill >> 8),
                           (Uint8)fill, 255);
    SDL_RenderFillRect(presenter->renderer, &rect);
}

static bool takes(const struct presenter *presenter)
{
    (void)presenter;
    return true;
}

static bool take(struct transition *transition, int which, int from, int until)
{
    struct screen screen = transition_turned_screen(transition);
    struct mix alone = {.first = transition->pictures[which]};
    SDL_Texture **texture = &transition->textures[which];
    if (!*texture)
        *texture = create_texture(transition->presenter, SDL_PIXELFORMAT_ARGB8888,
                                  SDL_TEXTUREACCESS_STATIC, screen.width, screen.height);
    return *texture && upload_band(&screen, *texture, SDL_PIXELFORMAT_ARGB8888, &alone,
                                   screen_from_window(&screen, (struct rect){0, from, screen.width,
                                                                             until - from}));
}

static void release(struct transition *transition)
{
    destroy_texture(&transition->textures[0]);
    destroy_texture(&transition->textures[1]);
}

/* Copies `area` of a canvas that stands at (x, y), with that weight of 256. */
static void copy_area(struct transition *transition, const struct canvas *canvas, int x, int y,
                      struct rect area, unsigned weight)
{
    struct presenter *presenter = transition->presenter;
    SDL_Texture *texture = transition->textures[canvas == transition->pictures[1] ? 1 : 0];
    struct screen screen = transition_turned_screen(transition);
    struct rect from =
        screen_to_window(&screen, (struct rect){area.x - x, area.y - y, area.w, area.h});
    struct rect to = screen_to_window(&presenter->screen, area);
    SDL_Rect source = {from.x, from.y, from.w, from.h}, target = {to.x, to.y, to.w, to.h};
    SDL_SetTextureBlendMode(texture, weight == 256 ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    SDL_SetTextureAlphaMod(texture, (Uint8)((weight * 255 + 128) / 256));
    SDL_RenderCopy(presenter->renderer, texture, &source, &target);
}

static bool has_texture(const struct transition *transition, const struct canvas *canvas)
{
    return !canvas || transition->taken[canvas == transition->pictures[1] ? 1 : 0];
}

static void paint(struct transition *transition, const struct screen *screen, const struct mix *mix,
                  struct rect area)
{
    if (!has_texture(transition, mix->first) || !has_texture(transition, mix->second)) {
        put(transition->presenter, screen, mix, area);
        return;
    }
    copy_area(transition, mix->first, mix->x, mix->y, area, 256);
    if (mix->t > 0)
        copy_area(transition, mix->second, mix->x, mix->y, area, mix->t);
    for (int x = area.x; mix->ramp && x < area.x + area.w; x++)
        copy_area(transition, mix->second, mix->x, mix->y, (struct rect){x, area.y, 1, area.h},
                  mix->ramp[x - mix->x]);
}

/* One side of the picture as the window shows it: what it repeats, the picture itself, what it
 * repeats at the other end. Lengths may be 0. */
struct stretch {
    int from[3], from_length[3], to[3], to_length[3];
};

static struct stretch stretch_of(int shift, int size)
{
    int low = shift > 0 ? shift : 0, high = shift < 0 ? -shift : 0;
    return (struct stretch){{0, high, size - 1},
                            {1, size - low - high, 1},
                            {0, low, size - high},
                            {low, size - low - high, high}};
}

/* The back buffer's old content is undefined: all of it is drawn whenever something changed. */
static void show(struct presenter *presenter, const struct rect *rects, int count)
{
    struct stretch x = stretch_of(presenter->shift_x, presenter->screen.width);
    struct stretch y = stretch_of(presenter->shift_y, presenter->screen.height);
    (void)rects;
    (void)count;
    SDL_SetRenderTarget(presenter->renderer, NULL);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            SDL_Rect from = {x.from[j], y.from[i], x.from_length[j], y.from_length[i]};
            SDL_Rect to = {x.to[j], y.to[i], x.to_length[j], y.to_length[i]};
            if (to.w > 0 && to.h > 0)
                SDL_RenderCopy(presenter->renderer, presenter->picture, &from, &to);
        }
    SDL_RenderPresent(presenter->renderer);
    SDL_SetRenderTarget(presenter->renderer, presenter->picture);
}

static bool read_window(struct presenter *presenter, struct canvas *window)
{
    return SDL_RenderReadPixels(presenter->renderer, NULL, SDL_PIXELFORMAT_ARGB8888, window->pixels,
                                window->stride * 4) == 0;
}

static SDL_Texture *film_texture(struct presenter *presenter, const struct video_image *image)
{
    struct film_texture *oldest = &presenter->films[0];
    for (int i = 0; i < FILM_TEXTURES; i++) {
        struct film_texture *film = &presenter->films[i];
        if (film->texture && film->format == image->format && film->width == image->width &&
            film->height == image->height) {
            film->used = ++presenter->film_uses;
            return film->texture;
        }
        if (film->used < oldest->used)
            oldest = film;
    }
    destroy_texture(&oldest->texture);
    *oldest = (struct film_texture){
        .texture = SDL_CreateTexture(presenter->renderer,
                                     image->format == VIDEO_NV12 ? SDL_PIXELFORMAT_NV12
                                                                 : SDL_PIXELFORMAT_IYUV,
                                     SDL_TEXTUREACCESS_STATIC, image->width, image->height),
        .format = image->format,
        .width = image->width,
        .height = image->height,
        .used = ++presenter->film_uses};
    if (oldest->texture) {
        SDL_SetTextureBlendMode(oldest->texture, SDL_BLENDMODE_NONE);
        SDL_SetTextureScaleMode(oldest->texture, SDL_ScaleModeLinear);
    }
    return oldest->texture;
}

static bool update_film(SDL_Texture *texture, const struct video_image *image)
{
    if (image->format == VIDEO_NV12)
        return SDL_UpdateNVTexture(texture, NULL, image->planes[0], image->strides[0],
                                   image->planes[1], image->strides[1]) == 0;
    return SDL_UpdateYUVTexture(texture, NULL, image->planes[0], image->strides[0],
                                image->planes[1], image->strides[1], image->planes[2],
                                image->strides[2]) == 0;
}

/* Where the whole film would lie for `source` to fill `target`, before SDL turns it about its
 * centre. */
static SDL_FRect film_place(const struct presenter *presenter, const struct video_image *image,
                            struct rectf source, struct rect target)
{
    double scale_x = target.w / source.w, scale_y = target.h / source.h;
    double w = image->width * scale_x, h = image->height * scale_y;
    double x = target.x - source.x * scale_x + w / 2, y = target.y - source.y * scale_y + h / 2;
    int width, height;
    screen_picture_size(&presenter->screen, &width, &height);
    double middle_x = x, middle_y = y;
    if (presenter->screen.rotation == 90) {
        middle_x = height - y;
        middle_y = x;
    } else if (presenter->screen.rotation == 180) {
        middle_x = width - x;
        middle_y = height - y;
    } else if (presenter->screen.rotation == 270) {
        middle_x = y;
        middle_y = width - x;
    }
    return (SDL_FRect){(float)(middle_x - w / 2), (float)(middle_y - h / 2), (float)w, (float)h};
}

/* SDL knows no BT.709 of full range, and no rows that run upwards. */
static bool put_video(struct presenter *presenter, const struct video_image *image,
                      struct rectf source, struct rect target, struct rect area)
{
    struct rect window = screen_to_window(&presenter->screen, area);
    SDL_Rect clip = {window.x, window.y, window.w, window.h};
    if (!video_image_usable(image) || !video_source_cut(image, &source) ||
        (image->full_range && image->matrix == VIDEO_BT709) || image->strides[0] < 0)
        return false;
    SDL_SetYUVConversionMode(image->full_range              ? SDL_YUV_CONVERSION_JPEG
                             : image->matrix == VIDEO_BT709 ? SDL_YUV_CONVERSION_BT709
                                                            : SDL_YUV_CONVERSION_BT601);
    SDL_Texture *texture = film_texture(presenter, image);
    if (!texture || !update_film(texture, image))
        return false;
    SDL_FRect place = film_place(presenter, image, source, target);
    SDL_RenderSetClipRect(presenter->renderer, &clip);
    bool done = SDL_RenderCopyExF(presenter->renderer, texture, NULL, &place,
                                  presenter->screen.rotation, NULL, SDL_FLIP_NONE) == 0;
    SDL_RenderSetClipRect(presenter->renderer, NULL);
    SDL_RenderFlush(presenter->renderer); /* the next film may have another matrix */
    return done;
}

const struct backend renderer_backend = {
    .keeps_picture = true,
    .few_areas = true,
    .mixes_roughly = true,
    .init = init,
    .finish = finish,
    .resize = resize,
    .put = put,
    .fill = fill_window,
    .put_video = put_video,
    .takes = takes,
    .take = take,
    .release = release,
    .paint = paint,
    .show = show,
    .read = read_window,
};
