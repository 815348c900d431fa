#include "routine/select.h"
#include <string.h>

/* ---- which step is meant ---- */

static bool same_text(const char *a, const char *b)
{
    g_autofree char *left = g_utf8_casefold(a, -1), *right = g_utf8_casefold(b, -1);
    return strcmp(left, right) == 0;
}

static bool begins_so(const char *text, const char *word)
{
    g_autofree char *whole = g_utf8_casefold(text, -1), *begin = g_utf8_casefold(word, -1);
    return *begin && g_str_has_prefix(whole, begin);
}

static bool is_named(const struct step *step, const char *word)
{
    return same_text(step->name, word);
}

static bool is_titled(const struct step *step, const char *word)
{
    return same_text(step->title, word);
}

static bool begins_with(const struct step *step, const char *word)
{
    return begins_so(step->name, word) || begins_so(step->title, word);
}

/* The one step of which this is true. */
static int only_step(const struct routine *routine, bool (*is)(const struct step *, const char *),
                     const char *word)
{
    int found = STEP_UNKNOWN;
    for (int i = 0; i < routine->n_steps; i++) {
        if (!is(&routine->steps[i], word)) continue;
        if (found >= 0) return STEP_AMBIGUOUS;
        found = i;
    }
    return found;
}

int step_find(const struct routine *routine, const GByteArray *out, const char *word)
{
    int number, found = only_step(routine, is_named, word);
    if (found == STEP_UNKNOWN) found = only_step(routine, is_titled, word);
    if (found == STEP_UNKNOWN && number_parse(word, &number)) return step_numbered(routine, out, number);
    return found == STEP_UNKNOWN ? only_step(routine, begins_with, word) : found;
}

enum { NAMES_SHOWN = 300 };

/* The names of those that are not left out, to be freed with their array; with `word`, only of those that
 * begin so. */
static GPtrArray *names_of(const struct routine *routine, const GByteArray *out, const char *word)
{
    GPtrArray *names = g_ptr_array_new();
    for (int i = 0; i < routine->n_steps; i++)
        if (!left_out(out, i) && (!word || begins_with(&routine->steps[i], word)))
            g_ptr_array_add(names, (gpointer)routine->steps[i].name);
    g_ptr_array_add(names, NULL);
    return names;
}

char *step_problem(const struct routine *routine, const GByteArray *out, const char *word, int result)
{
    int number;
    const bool many = result == STEP_AMBIGUOUS;
    g_autoptr(GPtrArray) names = names_of(routine, many ? NULL : out, many ? word : NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)names->pdata), *list = diag_shown(all, NAMES_SHOWN),
                    *shown = diag_shown(word, 100);
    const char *near = many ? NULL : diag_nearest(word, (const char *const *)names->pdata);
    if (many) return g_strdup_printf("more than one step begins so ('%s'; %s)", shown, list);
    const int heard = steps_heard(routine, out);
    if (heard < routine->n_steps && number_parse(word, &number))
        return g_strdup_printf("no such step ('%s'; without what is left out today there are %d: %s)", shown,
                               heard, list);
    return near ? g_strdup_printf("no such step ('%s'; did you mean '%s'? There are: %s)", shown, near, list)
                : g_strdup_printf("no such step ('%s'; there are: %s)", shown, list);
}

/* ---- which are wanted ---- */

/* The numbers of the steps that a list names, each once, in its order; NULL after a problem. */
static GArray *listed(const struct routine *routine, const char *list, const char *option,
                      struct diags *diags)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree bool *known = g_new0(bool, (gsize)routine->n_steps);
    const struct diag_location place = {.path = option};
    g_auto(GStrv) words = g_strsplit(list, ",", -1);
    for (char **word = words; *word; word++) {
        if (!*g_strstrip(*word)) continue;
        int step = step_find(routine, NULL, *word);
        g_autofree char *problem = step < 0 ? step_problem(routine, NULL, *word, step) : NULL;
        if (problem) diag_error(diags, &place, "%s", problem);
        if (problem) return NULL;
        if (!known[step]) g_array_append_val(steps, step);
        known[step] = true;
    }
    if (steps->len > 0) return g_steal_pointer(&steps);
    diag_wrong(diags, &place, "no step is named", list, "names or numbers of steps, with commas between");
    return NULL;
}

static GArray *all_steps(const struct routine *routine)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < routine->n_steps; i++) g_array_append_val(steps, i);
    return steps;
}

static int index_in(const GArray *steps, int step)
{
    for (guint i = 0; i < steps->len; i++)
        if (g_array_index(steps, int, i) == step) return (int)i;
    return -1;
}

static bool begin_from(const struct routine *routine, GArray *steps, const char *word, struct diags *diags)
{
    g_autoptr(GArray) named = listed(routine, word, "--from", diags);
    if (!named) return false;
    int at = named->len == 1 ? index_in(steps, g_array_index(named, int, 0)) : -1;
    if (at < 0)
        diag_wrong(diags, &(struct diag_location){.path = "--from"},
                   named->len > 1 ? "more than one step" : "not among the steps of --only", word,
                   "the step to begin with");
    else
        g_array_remove_range(steps, 0, (guint)at);
    return at >= 0;
}

static bool remove_steps(const struct routine *routine, GArray *steps, const char *list, struct diags *diags)
{
    g_autoptr(GArray) named = listed(routine, list, "--skip", diags);
    if (!named) return false;
    for (guint i = steps->len; i-- > 0;)
        if (index_in(named, g_array_index(steps, int, i)) >= 0) g_array_remove_index(steps, i);
    if (steps->len == 0)
        diag_wrong(diags, &(struct diag_location){.path = "--skip"}, "no step is left", list,
                   "at least one must stay");
    return steps->len > 0;
}

/* Fisher and Yates, in the part of `n` steps that begins at `first`. */
static void shuffle(GArray *steps, guint first, guint n, GRand *random)
{
    for (guint left = n; left > 1; left--) {
        int *last = &g_array_index(steps, int, first + left - 1),
            *other = &g_array_index(steps, int, first + (guint)g_rand_int_range(random, 0, (gint32)left));
        int step = *last;
        *last = *other;
        *other = step;
    }
}

static const struct routine *home_of(const struct routine *routine, const GArray *steps, guint i)
{
    return routine->steps[g_array_index(steps, int, i)].home;
}

static void shuffle_all(const struct routine *routine, GArray *steps, uint32_t seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    for (guint first = 0, next = 0; first < steps->len; first = next) {
        while (next < steps->len && home_of(routine, steps, next) == home_of(routine, steps, first)) next++;
        shuffle(steps, first, next - first, random);
    }
    g_rand_free(random);
}

GArray *routine_select(const struct routine *routine, const struct selection *selection, struct diags *diags)
{
    g_autoptr(GArray) steps =
        selection->only ? listed(routine, selection->only, "--only", diags) : all_steps(routine);
    if (!steps) return NULL;
    if (selection->from && !begin_from(routine, steps, selection->from, diags)) return NULL;
    if (selection->skip && !remove_steps(routine, steps, selection->skip, diags)) return NULL;
    if (selection->shuffle) shuffle_all(routine, steps, selection->seed);
    return g_steal_pointer(&steps);
}

/* ---- the session ---- */

/* With "-2" behind it if another step has the name. */
static const char *own_name(struct routine *routine, GHashTable *known, const char *name)
{
    const char *own = name;
    for (int i = 2; !g_hash_table_add(known, (gpointer)own); i++) {
        g_autofree char *other = g_strdup_printf("%s-%d", name, i);
        own = g_string_chunk_insert(routine->made, other);
    }
    return own;
}

static void take_steps(struct routine *routine, guint file)
{
    const struct routine *from = g_ptr_array_index(routine->files, file);
    memcpy(routine->steps + routine->n_steps, from->steps, (gsize)from->n_steps * sizeof *from->steps);
    routine->n_steps += from->n_steps;
}

static int count_steps(const GPtrArray *routines)
{
    int n = 0;
    for (guint i = 0; i < routines->len; i++) n += ((const struct routine *)routines->pdata[i])->n_steps;
    return n;
}

/* Text after text, or each only once, with `between` them; NULL if all are NULL. To be freed. */
static char *join(const GPtrArray *routines, bool once, const char *between,
                  const char *(*text_of)(const struct routine *))
{
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < routines->len; i++) {
        const char *text = text_of(routines->pdata[i]);
        if (!text || (!g_hash_table_add(known, (gpointer)text) && once)) continue;
        g_string_append_printf(all, "%s%s", all->len > 0 ? between : "", text);
    }
    return all->len > 0 ? g_string_free(g_steal_pointer(&all), FALSE) : NULL;
}

static const char *title_of(const struct routine *routine)
{
    return routine->title;
}

static const char *name_of_routine(const struct routine *routine)
{
    return routine->name;
}

static const char *caution_of(const struct routine *routine)
{
    return routine->caution.template;
}

bool routine_has_of(const struct routine *routine, const struct routine *file)
{
    for (int i = 0; i < routine->n_steps; i++)
        if (routine->steps[i].home == file) return true;
    return false;
}

/* The files that have a step in the session; all, if none has. To be unreffed. */
static GPtrArray *files_heard(const struct routine *routine)
{
    GPtrArray *files = g_ptr_array_new();
    for (guint i = 0; i < routine->files->len; i++)
        if (routine->n_steps == 0 || routine_has_of(routine, routine->files->pdata[i]))
            g_ptr_array_add(files, routine->files->pdata[i]);
    return files;
}

/* The first routine's, unless there are others to be named with it. */
static void take_texts(struct routine *routine)
{
    g_autoptr(GPtrArray) files = files_heard(routine);
    const struct routine *first = files->pdata[0], *last = files->pdata[files->len - 1];
    g_autofree char *title = join(files, false, ", ", title_of),
                    *caution = join(files, true, " ", caution_of);
    g_free(routine->name);
    g_free(routine->path);
    routine->name = join(files, false, "+", name_of_routine);
    routine->path = g_strdup(first->path);
    routine->title = g_string_chunk_insert(routine->made, title);
    routine->language = first->language;
    routine->about = first->about;
    routine->author = first->author;
    routine->album = first->album;
    routine->level_hint = first->level_hint;
    routine->closing = last->closing;
    routine->caution.line = 0;
    for (guint i = files->len; i-- > 0;) {
        const struct routine *file = files->pdata[i];
        if (file->caution.template) routine->caution.line = file->caution.line;
    }
    routine->caution.template = caution ? g_string_chunk_insert(routine->made, caution) : NULL;
}

struct routine *routine_join(GPtrArray *routines)
{
    struct routine *routine = g_new0(struct routine, 1);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    routine->made = g_string_chunk_new(256);
    routine->files = routines;
    routine->steps = g_new0(struct step, (gsize)count_steps(routines));
    for (guint i = 0; i < routines->len; i++) take_steps(routine, i);
    for (int i = 0; i < routine->n_steps; i++)
        routine->steps[i].name = own_name(routine, known, routine->steps[i].name);
    take_texts(routine);
    return routine;
}

void routine_keep(struct routine *routine, const GArray *steps)
{
    struct step *kept = g_new0(struct step, steps->len);
    for (guint i = 0; i < steps->len; i++) kept[i] = routine->steps[g_array_index(steps, int, i)];
    g_free(routine->steps);
    routine->steps = kept;
    routine->n_steps = (int)steps->len;
    take_texts(routine);
}

/* How many steps the files have before this one. */
static int steps_before(const GPtrArray *files, const struct routine *file)
{
    int n = 0;
    for (guint i = 0; i < files->len && files->pdata[i] != file; i++)
        n += ((const struct routine *)files->pdata[i])->n_steps;
    return n;
}

GArray *routine_kept(const struct routine *routine)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < routine->n_steps; i++) {
        const struct step *step = &routine->steps[i];
        int number = (routine->files ? steps_before(routine->files, step->home) : 0) + step->index;
        g_array_append_val(steps, number);
    }
    return steps;
}
