/* A question in passes, each more forgiving than the one before, until one finds somebody whom the
 * chosen facets leave: the words as they are; typos in words that nobody has; typos in all; a word
 * left out; one word alone; the nearest sector. */
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "directory/directory_costs_kernels.h"
#include "directory/directory_private.h"

#define WORDS_MAX 12
/* Costs of a word by where it stands; smaller is better (directory_answer.rows). */
#define CLASS_COST 4
#define BEGUN_COST 1 /* only its beginning was asked */
#define TYPO_COST 24 /* a letter */
/* Costs below these are names as they are. */
enum name_cost { EXACT_NAME, EXACT_SIGN, BEGINS_NAME, BEGINS_SIGN, NAME_COSTS };

struct asked_word {
    const char *text;
    size_t length;        /* in bytes */
    size_t singular;      /* that is looked for */
    uint32_t from, until; /* words of the dictionary that begin so; none: nobody has it */
    struct directory_nears nears;
    bool searched;       /* for typos */
    uint32_t understood; /* word of the dictionary that a typo stands for; DIRECTORY_NO_ROW */
};

struct asking {
    struct directory *directory;
    const struct directory_query *query;
    struct strbuf folded;
    size_t word_count;
    struct asked_word words[WORDS_MAX];
    size_t set_words;
    uint64_t *found;                     /* by the words */
    uint64_t *allowed[DIRECTORY_FACETS]; /* by what is chosen of that facet */
    uint64_t *site;                      /* by the building */
    uint64_t *sets;                      /* the memory of all of them */
};

/* --- sets --- */

static void fill_all(uint64_t *set, uint32_t count)
{
    memset(set, 0xff, count / 64 * sizeof(set[0]));
    if (count % 64 != 0)
        set[count / 64] = (UINT64_C(1) << count % 64) - 1;
}

static void choose_facet(struct asking *asking, enum directory_facet facet)
{
    const struct directory *directory = asking->directory;
    uint64_t *allowed = asking->allowed[facet];
    bool any = false;

    memset(allowed, 0, asking->set_words * sizeof(allowed[0]));
    for (size_t value = 0; value < directory->value_counts[facet]; value++) {
        if ((asking->query->chosen[facet].bits[value / 64] >> value % 64 & 1) == 0)
            continue;
        const uint64_t *set = directory->sets[facet] + value * asking->set_words;
        any = true;
        for (size_t i = 0; i < asking->set_words; i++)
            allowed[i] |= set[i];
    }
    if (!any)
        fill_all(allowed, directory->count);
}

static void choose_site(struct asking *asking)
{
    const struct directory *directory = asking->directory;
    const char *id = asking->query->site_id;
    uint32_t site = 0;

    if (id == NULL || id[0] == '\0') {
        fill_all(asking->site, directory->count);
        return;
    }
    memset(asking->site, 0, asking->set_words * sizeof(asking->site[0]));
    for (uint32_t i = 0; i < directory->site_names.count; i++)
        if (strcmp(directory_string(&directory->site_names, i), id) == 0)
            site = i + 1;
    for (uint32_t row = 0; site > 0 && row < directory->count; row++)
        if (directory->sites[row] == site)
            asking->site[row / 64] |= UINT64_C(1) << row % 64;
}

#define NO_FACET DIRECTORY_FACETS

/* Of 64 rows those found whom the building and all facets but one leave. */
static inline uint64_t left(const struct asking *asking, size_t word, int but)
{
    uint64_t set = asking->found[word] & asking->site[word];

    for (int facet = 0; facet < DIRECTORY_FACETS; facet++)
        if (facet != but)
            set &= asking->allowed[facet][word];
    return set;
}

static void intersect(const struct asking *asking, int but, uint64_t *out)
{
    for (size_t i = 0; i < asking->set_words; i++)
        out[i] = left(asking, i, but);
}

static bool leaves_somebody(const struct asking *asking)
{
    for (size_t i = 0; i < asking->set_words; i++)
        if (left(asking, i, NO_FACET) != 0)
            return true;
    return false;
}

/* --- words --- */

static bool is_known(const struct asked_word *asked)
{
    return asked->from < asked->until;
}

static void split(struct asking *asking)
{
    const char *at = asking->folded.bytes, *word;
    size_t length;

    while (asking->word_count < WORDS_MAX && directory_next_word(&at, &word, &length)) {
        if (!directory_word_counts(word, length))
            continue;
        struct asked_word *asked = &asking->words[asking->word_count++];
        *asked = (struct asked_word){.text = word,
                                     .length = length,
                                     .singular = directory_singular(word, length),
                                     .understood = DIRECTORY_NO_ROW};
        directory_strings_range(&asking->directory->words.words, word, asked->singular,
                                &asked->from, &asked->until);
    }
}

static void take_rows(const struct directory_dictionary *dictionary, uint32_t word,
                      unsigned further, uint8_t *costs)
{
    struct directory_rows rows;

    directory_rows_begin(dictionary, word, &rows);
    while (directory_rows_next(&rows)) {
        unsigned cost = NAME_COSTS + (unsigned)rows.found * CLASS_COST + further;
        if (cost < costs[rows.row])
            costs[rows.row] = (uint8_t)cost;
    }
}

/* Whether the word of the dictionary is the asked one, plural aside. */
static bool is_whole(const struct asked_word *asked, const char *word)
{
    return strncmp(word, asked->text, asked->singular) == 0 &&
           directory_singular(word, strlen(word)) == asked->singular;
}

static void take_as_asked(const struct asking *asking, const struct asked_word *asked,
                          uint8_t *costs)
{
    const struct directory *directory = asking->directory;
    uint32_t merged, merged_until;

    directory_strings_range(&directory->prefixes.words, asked->text, asked->singular, &merged,
                            &merged_until);
    if (merged < merged_until &&
        strlen(directory_string(&directory->prefixes.words, merged)) == asked->singular) {
        take_rows(&directory->prefixes, merged, BEGUN_COST, costs);
        /* Of these the whole ones are the first: "art", "arts". */
        for (uint32_t word = asked->from; word < asked->until && word < asked->from + 2; word++)
            if (is_whole(asked, directory_string(&directory->words.words, word)))
                take_rows(&directory->words, word, 0, costs);
        return;
    }
    for (uint32_t word = asked->from; word < asked->until; word++) {
        bool whole = is_whole(asked, directory_string(&directory->words.words, word));
        take_rows(&directory->words, word, whole ? 0 : BEGUN_COST, costs);
    }
}

static unsigned typos_of(const struct asked_word *asked)
{
    size_t letters = directory_letters(asked->text, asked->length);

    return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

static void search_typos(const struct asking *asking, struct asked_word *asked)
{
    const struct directory_dictionary *words = &asking->directory->words;
    unsigned most = typos_of(asked);
    const struct directory_near *best = NULL;

    if (asked->searched)
        return;
    asked->searched = true;
    if (most == 0)
        return;
    directory_near_words(words, asked->text, asked->length, most, &asked->nears);
    for (size_t i = 0; i < asked->nears.count; i++) {
        const struct directory_near *near = &asked->nears.items[i];
        if (near->distance == 0)
            continue;
        /* The nearest, whole rather than begun, then what most have. */
        if (best == NULL || near->distance < best->distance ||
            (near->distance == best->distance &&
             (near->whole > best->whole ||
              (near->whole == best->whole && words->sizes[near->word] > words->sizes[best->word]))))
            best = near;
    }
    if (best != NULL)
        asked->understood = best->word;
}

static void take_typos(const struct asking *asking, const struct asked_word *asked, uint8_t *costs)
{
    for (size_t i = 0; i < asked->nears.count; i++) {
        const struct directory_near *near = &asked->nears.items[i];
        unsigned further = (unsigned)near->distance * TYPO_COST + (near->whole ? 0u : BEGUN_COST);
        take_rows(&asking->directory->words, near->word, further, costs);
    }
}

enum forgiving { AS_ASKED, UNKNOWN_WORDS, ALL_WORDS };

/* Those who have all words whose bit is in `kept`: their costs are in directory->total, they
 * themselves in asking->found. */
static bool find(struct asking *asking, enum forgiving forgiving, unsigned kept)
{
    struct directory *directory = asking->directory;
    size_t room = 64 * asking->set_words;

    memset(directory->total, DIRECTORY_NO_COST, room);
    memset(directory->total, 0, directory->count);
    for (size_t i = 0; i < asking->word_count; i++) {
        struct asked_word *asked = &asking->words[i];
        if ((kept >> i & 1) == 0)
            continue;
        memset(directory->costs, DIRECTORY_NO_COST, room);
        take_as_asked(asking, asked, directory->costs);
        if (forgiving == ALL_WORDS || (forgiving == UNKNOWN_WORDS && !is_known(asked))) {
            search_typos(asking, asked);
            take_typos(asking, asked, directory->costs);
        }
        directory_costs_add(directory->total, directory->costs, room);
    }
    directory_costs_found(directory->total, asking->found, room);
    return leaves_somebody(asking);
}

/* --- names --- */

/* Whoever's name begins as the whole text goes first, found by words or not. */
static bool take_names(struct asking *asking)
{
    struct directory *directory = asking->directory;
    const char *text = asking->folded.bytes;
    uint32_t from, until;

    directory_strings_range(&directory->names, text, asking->folded.length, &from, &until);
    for (uint32_t i = from; i < until; i++) {
        uint32_t row = directory->name_rows[i] / 2;
        bool sign = directory->name_rows[i] % 2 != 0;
        bool exact = strcmp(directory_string(&directory->names, i), text) == 0;
        uint8_t cost = exact ? (sign ? EXACT_SIGN : EXACT_NAME) : sign ? BEGINS_SIGN : BEGINS_NAME;
        if (cost < directory->total[row])
            directory->total[row] = cost;
        asking->found[row / 64] |= UINT64_C(1) << row % 64;
    }
    return from < until;
}

/* --- what was understood --- */

/* Cut between characters when it is too long. */
static void keep_suggestion(const char *text, struct directory_answer *out)
{
    size_t length = strlen(text);

    if (length > sizeof(out->suggestion) - 1) {
        length = sizeof(out->suggestion) - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(out->suggestion, text, length);
    out->suggestion[length] = '\0';
}

static void suggest(const struct asking *asking, enum forgiving forgiving, unsigned kept,
                    struct directory_answer *out)
{
    const struct directory_dictionary *words = &asking->directory->words;
    struct strbuf text;

    strbuf_init(&text);
    for (size_t i = 0; i < asking->word_count; i++) {
        const struct asked_word *asked = &asking->words[i];
        if ((kept >> i & 1) == 0)
            continue;
        if (text.length > 0)
            strbuf_append_char(&text, ' ');
        if (asked->understood != DIRECTORY_NO_ROW && (forgiving == ALL_WORDS || !is_known(asked)))
            strbuf_append(&text, directory_word_written(words, asked->understood));
        else if (is_known(asked) && is_whole(asked, directory_string(&words->words, asked->from)))
            strbuf_append(&text, directory_word_written(words, asked->from));
        else
            strbuf_append_bytes(&text, asked->text, asked->length);
    }
    keep_suggestion(text.bytes, out);
    strbuf_finish(&text);
}

/* How many pairs of neighbouring letters of the words asked stand in the label. */
static unsigned resemblance(const struct asking *asking, const char *label)
{
    struct strbuf folded;
    unsigned pairs = 0;

    strbuf_init(&folded);
    directory_fold(label, &folded);
    for (size_t i = 0; i < asking->word_count; i++)
        for (size_t at = 0; at + 1 < asking->words[i].length; at++) {
            const char pair[3] = {asking->words[i].text[at], asking->words[i].text[at + 1], '\0'};
            pairs += strstr(folded.bytes, pair) != NULL;
        }
    strbuf_finish(&folded);
    return pairs;
}

static void find_nearest(struct asking *asking, struct directory_answer *out)
{
    struct directory *directory = asking->directory;
    size_t best = SIZE_MAX;
    uint64_t best_worth = 0;

    for (size_t sector = 0; sector < directory->value_counts[DIRECTORY_SECTOR]; sector++) {
        const struct directory_value *value = &directory->values[DIRECTORY_SECTOR][sector];
        memcpy(asking->found, directory->sets[DIRECTORY_SECTOR] + sector * asking->set_words,
               asking->set_words * sizeof(asking->found[0]));
        if (!leaves_somebody(asking))
            continue;
        uint64_t worth = (uint64_t)resemblance(asking, value->labels[LANG_FR]) << 32;
        worth += directory_sets_common(asking->found, asking->found, asking->set_words);
        if (best == SIZE_MAX || worth > best_worth) {
            best = sector;
            best_worth = worth;
        }
    }
    if (best == SIZE_MAX) {
        fill_all(asking->found, directory->count);
        return;
    }
    memcpy(asking->found, directory->sets[DIRECTORY_SECTOR] + best * asking->set_words,
           asking->set_words * sizeof(asking->found[0]));
    keep_suggestion(directory->values[DIRECTORY_SECTOR][best].labels[asking->query->lang], out);
}

/* --- passes --- */

static bool find_corrected(struct asking *asking, enum forgiving forgiving, unsigned kept,
                           struct directory_answer *out)
{
    if (!find(asking, forgiving, kept))
        return false;
    out->match = DIRECTORY_CORRECTED;
    suggest(asking, forgiving, kept, out);
    return true;
}

/* False when nothing but a sector is left to answer with. */
static bool find_forgiving(struct asking *asking, struct directory_answer *out)
{
    const unsigned all = (1u << asking->word_count) - 1;
    bool unknown = false;

    if (find(asking, AS_ASKED, all)) {
        out->match = DIRECTORY_EXACT;
        return true;
    }
    for (size_t i = 0; i < asking->word_count; i++)
        unknown = unknown || !is_known(&asking->words[i]);
    if ((unknown && find_corrected(asking, UNKNOWN_WORDS, all, out)) ||
        find_corrected(asking, ALL_WORDS, all, out))
        return true;
    /* The last word first: "traiteur elbeuf" without Elbeuf is nearer than without the meal. */
    for (size_t i = asking->word_count; asking->word_count > 1 && i-- > 0;)
        if (find_corrected(asking, UNKNOWN_WORDS, all & ~(1u << i), out))
            return true;
    for (size_t i = 0; asking->word_count > 2 && i < asking->word_count; i++)
        if (find_corrected(asking, UNKNOWN_WORDS, 1u << i, out))
            return true;
    return false;
}

/* --- the answer --- */

static void count_values(const struct asking *asking, uint64_t *spare, struct directory_answer *out)
{
    const struct directory *directory = asking->directory;

    memset(out->counts, 0, sizeof(out->counts));
    for (int facet = 0; facet < DIRECTORY_FACETS; facet++) {
        intersect(asking, facet, spare);
        for (size_t value = 0; value < directory->value_counts[facet]; value++)
            out->counts[facet][value] = directory_sets_common(
                spare, directory->sets[facet] + value * asking->set_words, asking->set_words);
    }
}

static void reserve_rows(struct directory_answer *out, uint32_t count)
{
    if (out->row_room >= count)
        return;
    free(out->rows);
    out->rows = malloc((size_t)count * sizeof(out->rows[0]));
    if (out->rows == NULL)
        abort();
    out->row_room = count;
}

/* By cost, then A–Z: `starts` counts the rows of each cost, then tells where they begin. */
static void list_rows(const struct asking *asking, const uint64_t *set,
                      struct directory_answer *out)
{
    const uint8_t *total = asking->directory->total;
    uint32_t starts[257] = {0};

    out->row_count = directory_sets_common(set, set, asking->set_words);
    reserve_rows(out, out->row_count);
    for (size_t word = 0; word < asking->set_words; word++)
        for (uint64_t rest = set[word]; rest != 0; rest &= rest - 1) {
            size_t row = word * 64 + (size_t)__builtin_ctzll(rest);
            starts[(out->ranked ? total[row] : 0) + 1]++;
        }
    for (int cost = 1; cost < 257; cost++)
        starts[cost] += starts[cost - 1];
    for (size_t word = 0; word < asking->set_words; word++)
        for (uint64_t rest = set[word]; rest != 0; rest &= rest - 1) {
            size_t row = word * 64 + (size_t)__builtin_ctzll(rest);
            out->rows[starts[out->ranked ? total[row] : 0]++] = (uint32_t)row;
        }
}

static void mark_letters(const struct directory *directory, struct directory_answer *out)
{
    for (int letter = 0; letter < DIRECTORY_LETTERS; letter++)
        out->letters[letter] = DIRECTORY_NO_ROW;
    for (uint32_t i = 0; !out->ranked && i < out->row_count; i++) {
        char initial = directory->initials[out->rows[i]];
        int letter = initial == '#' ? DIRECTORY_LETTERS - 1 : initial - 'A';
        if (out->letters[letter] == DIRECTORY_NO_ROW)
            out->letters[letter] = i;
    }
}

static void begin(struct asking *asking)
{
    size_t words = asking->directory->set_words;

    asking->set_words = words;
    asking->sets = malloc((DIRECTORY_FACETS + 3) * words * sizeof(asking->sets[0]) + 1);
    if (asking->sets == NULL)
        abort();
    asking->found = asking->sets;
    asking->site = asking->sets + words;
    for (int facet = 0; facet < DIRECTORY_FACETS; facet++) {
        asking->allowed[facet] = asking->sets + (size_t)(facet + 2) * words;
        choose_facet(asking, (enum directory_facet)facet);
    }
    choose_site(asking);
    strbuf_init(&asking->folded);
    directory_fold(asking->query->text != NULL ? asking->query->text : "", &asking->folded);
    split(asking);
}

static void answer_words(struct asking *asking, struct directory_answer *out)
{
    bool few = utf8_length(asking->folded.bytes) < 2;

    if (asking->word_count == 0) {
        /* Small words only: "la s" may be « La Source », "de la" is as nothing. */
        memset(asking->found, 0, asking->set_words * sizeof(asking->found[0]));
        memset(asking->directory->total, DIRECTORY_NO_COST, 64 * asking->set_words);
        out->ranked = !few && take_names(asking) && leaves_somebody(asking);
        if (!out->ranked)
            fill_all(asking->found, asking->directory->count);
        return;
    }
    out->ranked = find_forgiving(asking, out);
    if (!out->ranked) {
        out->match = DIRECTORY_NEAREST;
        find_nearest(asking, out);
    } else if (out->match == DIRECTORY_EXACT) {
        take_names(asking);
    }
}

bool directory_ask(struct directory *directory, const struct directory_query *query,
                   struct directory_answer *out, struct error *err)
{
    struct asking asking = {.directory = directory, .query = query};

    (void)err; /* all of it is in memory since it was opened */
    out->match = DIRECTORY_EXACT;
    out->suggestion[0] = '\0';
    begin(&asking);
    answer_words(&asking, out);
    uint64_t *spare = asking.sets + (DIRECTORY_FACETS + 2) * asking.set_words;
    count_values(&asking, spare, out);
    intersect(&asking, NO_FACET, spare);
    list_rows(&asking, spare, out);
    mark_letters(directory, out);
    for (size_t i = 0; i < asking.word_count; i++)
        free(asking.words[i].nears.items);
    strbuf_finish(&asking.folded);
    free(asking.sets);
    return true;
}

void directory_answer_finish(struct directory_answer *answer)
{
    free(answer->rows);
    *answer = (struct directory_answer){0};
}
