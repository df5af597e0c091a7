/* CLONES: for the loops of *_kernels.c. */
#ifndef VITRINE_PLAYER_DRAW_CLONES_H
#define VITRINE_PLAYER_DRAW_CLONES_H

/* One binary for every processor: the loops exist for AVX-512, AVX2 and the base line, chosen when
 * the program is loaded. Not with the sanitizers that are not up yet at that moment. */
#if defined(__has_attribute)
#if __has_attribute(target_clones) && defined(__x86_64__) && defined(__linux__)
#define HAVE_CLONES 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#undef HAVE_CLONES
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#undef HAVE_CLONES
#endif
#endif
#ifdef HAVE_CLONES
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define CLONES
#endif

#endif
