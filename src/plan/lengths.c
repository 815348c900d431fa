#include "lengths.h"

/* Measured with espeak-ng: letters to a word, and what each sentence takes beside its letters, as if it had
 * so many more. */
static const double LETTERS_A_WORD = 6.5, LETTERS_MORE = 4.5;

struct sentence {
    char *text;
    int source;
};

struct lengths {
    GHashTable *known;      /* char * -> int64_t * */
    double frames, letters; /* of what is known, which tells how long the others are */
    GArray *looked_up;      /* struct sentence: estimated since lengths_begin(); */
    GArray *missed;         /* likewise, of which the lengths are asked for */
    GHashTable *is_missed;  /* their texts, borrowed */
    int64_t estimated;      /* frames */
    int source;
};

static void clear_sentence(gpointer sentence)
{
    g_free(((struct sentence *)sentence)->text);
}

static GArray *sentences_new(void)
{
    GArray *sentences = g_array_new(FALSE, FALSE, sizeof(struct sentence));
    g_array_set_clear_func(sentences, clear_sentence);
    return sentences;
}

struct lengths *lengths_new(int rate, int words_a_minute)
{
    struct lengths *lengths = g_new0(struct lengths, 1);
    lengths->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    lengths->letters = 100; /* outweighed by the first sentences that are known */
    lengths->frames = lengths->letters * 60 * rate / (words_a_minute * LETTERS_A_WORD);
    lengths->looked_up = sentences_new();
    lengths->missed = sentences_new();
    lengths->is_missed = g_hash_table_new(g_str_hash, g_str_equal);
    return lengths;
}

void lengths_free(struct lengths *lengths)
{
    if (!lengths) return;
    g_hash_table_unref(lengths->is_missed);
    g_hash_table_unref(lengths->known);
    g_array_unref(lengths->looked_up);
    g_array_unref(lengths->missed);
    g_free(lengths);
}

static double letters(const char *text)
{
    return (double)g_utf8_strlen(text, -1) + LETTERS_MORE;
}

void lengths_know(struct lengths *lengths, const char *text, int64_t frames)
{
    g_hash_table_insert(lengths->known, g_strdup(text), g_memdup2(&frames, sizeof frames));
    lengths->frames += (double)frames;
    lengths->letters += letters(text);
}

bool lengths_find(void *data, const char *text, struct spoken *spoken)
{
    struct lengths *lengths = data;
    const int64_t *known = g_hash_table_lookup(lengths->known, text);
    *spoken = (struct spoken){
        .frames = known ? *known : (int64_t)(letters(text) * lengths->frames / lengths->letters)};
    if (known) return true;
    const struct sentence sentence = {g_strdup(text), lengths->source};
    g_array_append_val(lengths->looked_up, sentence);
    lengths->estimated += spoken->frames;
    return true;
}

void lengths_begin(struct lengths *lengths)
{
    g_array_set_size(lengths->looked_up, 0);
    lengths->estimated = 0;
    lengths->source = 0;
}

void lengths_at(struct lengths *lengths, int source)
{
    lengths->source = source;
}

int64_t lengths_estimated(const struct lengths *lengths)
{
    return lengths->estimated;
}

void lengths_miss(struct lengths *lengths)
{
    for (guint i = 0; i < lengths->looked_up->len; i++) {
        const struct sentence *sentence = &g_array_index(lengths->looked_up, struct sentence, i);
        if (g_hash_table_contains(lengths->is_missed, sentence->text)) continue;
        const struct sentence missed = {g_strdup(sentence->text), sentence->source};
        g_array_append_val(lengths->missed, missed);
        g_hash_table_add(lengths->is_missed, missed.text);
    }
}

void lengths_forget_missed(struct lengths *lengths)
{
    g_hash_table_remove_all(lengths->is_missed);
    g_array_set_size(lengths->missed, 0);
}

bool lengths_missed(const struct lengths *lengths, guint index, const char **text, int *source)
{
    if (index >= lengths->missed->len) return false;
    const struct sentence *sentence = &g_array_index(lengths->missed, struct sentence, index);
    *text = sentence->text;
    *source = sentence->source;
    return true;
}
