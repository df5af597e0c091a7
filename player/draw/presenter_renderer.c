/* With a GPU: two streaming textures in the window's orientation. `below` holds what stands; during
 * a fade `above` holds the second canvas and is copied over it with a rising alpha. Never
 * SDL_RenderGeometry with textures: it crashes SDL 2.26's software renderer on large targets. */
#include "player/draw/presenter_backend.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* Uploads go through a band of this many pixels, so that a whole picture is never held twice. */
enum { BAND_PIXELS = 256 * 1024 };

static SDL_Texture *create_texture(struct presenter *presenter)
{
    SDL_Texture *texture = SDL_CreateTexture(presenter->renderer, SDL_PIXELFORMAT_ARGB8888,
                                             SDL_TEXTUREACCESS_STREAMING, presenter->screen.width,
                                             presenter->screen.height);
    if (texture)
        SDL_SetTextureBlendMode(texture, SDL_BLENDMODE_NONE);
    return texture;
}

static void clear_texture(SDL_Texture *texture, int height)
{
    void *pixels;
    int pitch;
    if (SDL_LockTexture(texture, NULL, &pixels, &pitch) != 0)
        return;
    memset(pixels, 0, (size_t)pitch * (size_t)height);
    SDL_UnlockTexture(texture);
}

static void destroy_textures(struct presenter *presenter)
{
    if (presenter->below)
        SDL_DestroyTexture(presenter->below);
    if (presenter->above)
        SDL_DestroyTexture(presenter->above);
    presenter->below = presenter->above = NULL;
}

static bool resize(struct presenter *presenter, struct error *err)
{
    if (SDL_GetRendererOutputSize(presenter->renderer, &presenter->screen.width,
                                  &presenter->screen.height) == 0) {
        destroy_textures(presenter);
        presenter->below = create_texture(presenter);
        presenter->above = create_texture(presenter);
        if (presenter->below && presenter->above) {
            clear_texture(presenter->below, presenter->screen.height);
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
    if (!presenter->hardware || has_render_node())
        presenter->renderer = create_renderer(presenter);
    if (!presenter->renderer || SDL_GetRendererInfo(presenter->renderer, &info) != 0)
        return error_set(err, ERROR_NOT_FOUND, "aucune carte graphique utilisable",
                         "no usable graphics card");
    SDL_strlcpy(presenter->name, info.name, sizeof presenter->name);
    return true;
}

static void finish(struct presenter *presenter)
{
    destroy_textures(presenter);
    if (presenter->renderer)
        SDL_DestroyRenderer(presenter->renderer);
    presenter->renderer = NULL;
}

/* One band: straight from the canvas when nothing is mixed or turned, else through memory of its
 * own. */
static void upload_band(struct presenter *presenter, SDL_Texture *texture, const struct mix *mix,
                        struct rect area)
{
    struct rect window = screen_to_window(&presenter->screen, area);
    SDL_Rect to = {window.x, window.y, window.w, window.h};
    if (presenter->screen.rotation == 0 && mix->t == 0) {
        SDL_UpdateTexture(texture, &to,
                          mix->first->pixels + (ptrdiff_t)(area.y - mix->y) * mix->first->stride +
                              area.x - mix->x,
                          mix->first->stride * 4);
        return;
    }
    uint32_t *pixels = malloc((size_t)window.w * (size_t)window.h * sizeof *pixels);
    if (!pixels)
        return;
    struct pixel_target target = {pixels, window.w * 4, SDL_PIXELFORMAT_ARGB8888, window.x,
                                  window.y};
    screen_write(&presenter->screen, mix, area, &target);
    SDL_UpdateTexture(texture, &to, pixels, window.w * 4);
    free(pixels);
}

static void upload(struct presenter *presenter, SDL_Texture *texture, const struct mix *mix,
                   struct rect area)
{
    int rows = BAND_PIXELS / (area.w > 0 ? area.w : 1);
    rows = rows < 1 ? 1 : rows;
    for (int y = area.y; y < area.y + area.h; y += rows)
        upload_band(presenter, texture, mix,
                    rect_intersect(area, (struct rect){area.x, y, area.w, rows}));
}

static void put(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area)
{
    (void)screen; /* always the presenter's: the GPU mixes */
    upload(presenter, presenter->below, mix, area);
}

/* Calls `visit` for every visible area where the fade's canvases differ; for what encloses them
 * when there are too many to draw one by one. */
static void each_difference(struct presenter *presenter,
                            void (*visit)(struct presenter *presenter, struct rect area))
{
    const struct fade *fade = &presenter->fade;
    bool some = fade->difference.count <= DIRTY_MAX && fade->difference.count > 0;
    const struct rect *rects = some ? fade->difference.rects : &fade->difference.bounds;
    int count = some ? fade->difference.count : 1;
    for (int i = 0; i < count; i++) {
        struct rect area = presenter_fade_area(presenter, rects[i]);
        if (!rect_empty(area))
            visit(presenter, area);
    }
}

static void upload_second_above(struct presenter *presenter, struct rect area)
{
    struct mix alone = presenter->fade.mix;
    alone.first = alone.second;
    alone.t = 0;
    upload(presenter, presenter->above, &alone, area);
}

static void upload_mix_below(struct presenter *presenter, struct rect area)
{
    upload(presenter, presenter->below, &presenter->fade.mix, area);
}

static void copy_above(struct presenter *presenter, struct rect area)
{
    struct rect window = screen_to_window(&presenter->screen, area);
    SDL_Rect rect = {window.x, window.y, window.w, window.h};
    SDL_RenderCopy(presenter->renderer, presenter->above, &rect, &rect);
}

static void fade_begin(struct presenter *presenter)
{
    struct mix alone = presenter->fade.mix;
    struct rect all = {0, 0, alone.first->width, alone.first->height};
    struct rect area = presenter_fade_area(presenter, all);
    alone.t = 0;
    if (!rect_empty(area))
        upload(presenter, presenter->below, &alone, area);
    each_difference(presenter, upload_second_above);
}

/* Nothing to prepare: the mix is made when it is shown. */
static void fade(struct presenter *presenter)
{
    (void)presenter;
}

/* What the last step showed stays. */
static void fade_end(struct presenter *presenter)
{
    if (presenter->fade.mix.t > 0)
        each_difference(presenter, upload_mix_below);
}

static void compose(struct presenter *presenter)
{
    unsigned t = presenter->fade.mix.t;
    SDL_RenderCopy(presenter->renderer, presenter->below, NULL, NULL);
    if (!presenter->fade.active || t == 0)
        return;
    SDL_SetTextureBlendMode(presenter->above, t == 256 ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    SDL_SetTextureAlphaMod(presenter->above, (Uint8)((t * 255 + 128) / 256));
    each_difference(presenter, copy_above);
}

/* The back buffer's old content is undefined: all of it is drawn whenever something changed. */
static void show(struct presenter *presenter, const struct rect *rects, int count)
{
    (void)rects;
    (void)count;
    compose(presenter);
    SDL_RenderPresent(presenter->renderer);
}

static bool read_window(struct presenter *presenter, struct canvas *window)
{
    compose(presenter);
    return SDL_RenderReadPixels(presenter->renderer, NULL, SDL_PIXELFORMAT_ARGB8888, window->pixels,
                                window->stride * 4) == 0;
}

const struct backend renderer_backend = {
    .init = init,
    .finish = finish,
    .resize = resize,
    .put = put,
    .fade_begin = fade_begin,
    .fade = fade,
    .fade_end = fade_end,
    .show = show,
    .read = read_window,
};
