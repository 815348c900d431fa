/* All that can be said, for those who record it. */
#include "plan/script.h"
#include <string.h>

enum { HARDEST = 100 };

struct collection {
    GPtrArray *sentences; /* char * */
    GHashTable *known;    /* the same */
};

static void add_all(struct collection *all, const GPtrArray *sentences)
{
    for (guint i = 0; sentences && i < sentences->len; i++) {
        if (g_hash_table_contains(all->known, sentences->pdata[i])) continue;
        char *sentence = g_strdup(sentences->pdata[i]);
        g_ptr_array_add(all->sentences, sentence);
        g_hash_table_add(all->known, sentence);
    }
}

static void add_line(struct collection *all, const struct line *line)
{
    add_all(all, line->sentences);
    for (guint i = 0; line->prompts && i < line->prompts->len; i++)
        add_all(all, g_array_index(line->prompts, struct prompt, i).sentences);
}

static void add_session(struct collection *all, const struct script *script)
{
    struct script_pos pos = SCRIPT_BEGIN;
    do {
        g_autoptr(GPtrArray) lines = lines_new();
        script_block(script, pos, lines);
        for (guint i = 0; i < lines->len; i++) add_line(all, lines->pdata[i]);
    } while (script_next(script, &pos));
}

static void add_phrases(struct collection *all, const struct voice *voice)
{
    for (int i = 0; i < N_SAID; i++) {
        const struct phrase_row *row = &PHRASES[i];
        if (row->fields[0] || row->quoted || !strpbrk(voice->phrases[i], ".!?")) continue;
        g_autofree char *text = voice_phrase(voice, (enum phrase)i, 0, NULL, 0);
        g_autoptr(GPtrArray) sentences = voice_sentences(voice, text);
        add_all(all, sentences);
    }
}

GPtrArray *script_sentences(const struct script *script)
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    struct collection all = {g_ptr_array_new_with_free_func(g_free), known};
    struct script level = *script;
    add_session(&all, script);
    for (int i = 0; i <= HARDEST; i++) {
        level.effort.level = level.coming.level = i;
        add_session(&all, &level);
    }
    add_phrases(&all, script->voice);
    return all.sentences;
}
