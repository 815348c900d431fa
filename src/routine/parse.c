#include "routine/parse.h"
#include "base/key.h"
#include "base/name.h"
#include "routine/keys.h"
#include <string.h>

/* ---- the fields of texts: each is known where it is used ---- */

enum {
    FIELD_TITLE = 1 << 0,
    FIELD_REPS = 1 << 1,
    FIELD_SETS = 1 << 2,
    FIELD_SET = 1 << 3,
    FIELD_SECONDS = 1 << 4,
    FIELD_TIME = 1 << 5,
    FIELD_BREATHS = 1 << 6,
    FIELD_TIMES = 1 << 7,
    FIELD_SIDE = 1 << 8,
    FIELD_OTHER = 1 << 9,
    N_FIELDS = 10,
    FIELDS_STEP = FIELD_TITLE | FIELD_REPS | FIELD_SETS,
    FIELDS_MOVE = FIELDS_STEP | FIELD_SET,
    FIELDS_SIDED = FIELD_SIDE | FIELD_OTHER, /* {a|b} goes with them */
};

static const char *const FIELD_NAMES[N_FIELDS] = {"title", "reps",    "sets",  "set",  "seconds",
                                                  "time",  "breaths", "times", "side", "other"};

struct scope {
    const struct routine *routine;
    const struct step *step; /* NULL: the routine itself */
    const struct move *move; /* NULL: the step itself */
    struct diags *diags;
};

static void check_text(const struct scope *scope, const char *key, const struct text *text, unsigned fields)
{
    const char *names[N_FIELDS + 1] = {NULL};
    gsize n = 0;
    if (!text->template || !strpbrk(text->template, "{}")) return;
    for (int i = 0; i < N_FIELDS; i++)
        if (fields & 1u << i) names[n++] = FIELD_NAMES[i];
    const char *step = scope->step ? scope->step->name : "routine",
               *move = scope->move ? scope->move->name : NULL;
    g_autofree char *section = g_strconcat(step, move ? "." : NULL, move, NULL);
    const struct diag_location location = {scope->routine->path, text->line, section, key};
    template_check(text->template, names, fields & FIELD_SIDE, &location, scope->diags);
}

/* Of a hold that could not be read, all. */
static unsigned hold_fields(const struct hold *hold)
{
    static const unsigned fields[] = {[HOLD_SECONDS] = FIELD_SECONDS | FIELD_TIME,
                                      [HOLD_BREATHS] = FIELD_BREATHS,
                                      [HOLD_TIMES] = FIELD_TIMES,
                                      [HOLD_READY] = 0};
    if (!hold->range.high && hold->kind != HOLD_READY)
        return FIELD_SECONDS | FIELD_TIME | FIELD_BREATHS | FIELD_TIMES;
    return fields[hold->kind];
}

static void check_move(const struct routine *routine, const struct step *step, const struct move *move,
                       struct diags *diags)
{
    const struct scope scope = {routine, step, move, diags};
    bool sided = step->sides.n || move->sides.n;
    unsigned fields = FIELDS_MOVE | hold_fields(&move->hold) | (sided ? FIELDS_SIDED : 0);
    check_text(&scope, "say", &move->say, fields);
    check_text(&scope, "cue", &move->cue, fields);
    check_text(&scope, "release", &move->release, fields);
}

static void check_step(const struct routine *routine, const struct step *step, struct diags *diags)
{
    const struct scope scope = {routine, step, NULL, diags};
    bool own = step->n_moves && !step->moves[0].name;
    unsigned fields = FIELDS_STEP | (own ? hold_fields(&step->moves[0].hold) : 0);
    check_text(&scope, "setup", &step->setup, fields | (step->sides.n ? FIELDS_SIDED : 0));
    check_text(&scope, "again", &step->again, fields | FIELD_SET | (step->sides.n ? FIELDS_SIDED : 0));
    check_text(&scope, "release", &step->release, fields);
    for (int i = 0; i < step->n_moves; i++) check_move(routine, step, &step->moves[i], diags);
}

static void check_all_texts(const struct routine *routine, struct diags *diags)
{
    struct scope scope = {routine, NULL, NULL, diags};
    check_text(&scope, "caution", &routine->caution, FIELD_TITLE);
    check_text(&scope, "closing", &routine->closing, FIELD_TITLE);
    for (int i = 0; i < routine->n_steps; i++) check_step(routine, &routine->steps[i], diags);
}

/* ---- sections ---- */

static const char DEFAULT_LANGUAGE[] = "en";
enum { MOST_SUGGESTIONS = 100 }; /* each compares all steps */
enum { MADE_BYTES = 1024 };      /* first block of the names and titles made here */

/* A step while its sections are being read. If its moves come first, it is a stand-in until its own section
 * follows, or for a step that does not exist. */
struct draft {
    struct step *step;
    const struct ini_section *section; /* NULL: a stand-in */
    GArray *moves;                     /* struct move; NULL: none */
    const struct ini_section *first_move;
    bool too_many;
};

struct parser {
    const struct ini *ini;
    struct diags *diags;
    struct routine *routine;
    const struct ini_section *head; /* [routine], or a section with nearly that name, or NULL */
    struct draft *drafts;           /* of the routine's steps */
    GHashTable *by_name;            /* name -> draft, the last one of a name */
    bool full;                      /* too many steps; reported */
    struct draft beyond;            /* the current step past the limit, only checked */
    struct step beyond_step;
};

static void report(struct parser *p, const struct ini_section *section, int line, const char *key,
                   const char *message)
{
    struct diag_location location = {p->ini->path, line, section ? section->name : NULL, key};
    diag_error(p->diags, &location, "%s", message);
}

static void wrong(struct parser *p, const struct ini_section *section, int line, const char *key,
                  const char *what, const char *value, const char *right)
{
    struct diag_location location = {p->ini->path, line, section->name, key};
    diag_wrong(p->diags, &location, what, value, right);
}

static void require(struct parser *p, const struct ini_section *section, const char *key, const char *message)
{
    if (!ini_entry(section, key)) report(p, section, section->line, key, message);
}

static void check_name(struct parser *p, const struct ini_section *section, const char *name,
                       const char *what)
{
    gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    struct diag_location location = {p->ini->path, section->line, section->name, NULL};
    if (!length || name[length])
        diag_wrong(p->diags, &location, what, name, "lower-case letters, digits and '-'");
    else if (length > ROUTINE_TEXT)
        diag_wrong(p->diags, &location, "name too long", name, "at most 64 KiB");
}

/* ---- steps ---- */

static void step_finish(struct step *step)
{
    if (step->moves != &step->own) g_free(step->moves);
}

static void finish_beyond(struct parser *p);

static struct draft *draft_new(struct parser *p, const struct ini_section *section, const char *name)
{
    struct routine *routine = p->routine;
    struct draft *draft = &p->beyond;
    if (routine->n_steps < ROUTINE_STEPS) {
        draft = &p->drafts[routine->n_steps];
        draft->step = &routine->steps[routine->n_steps++];
        g_hash_table_insert(p->by_name, (char *)name, draft);
    } else {
        if (!p->full)
            wrong(p, section, section->line, NULL, "too many steps", section->name, "at most 10000");
        p->full = true;
        finish_beyond(p);
        draft->step = &p->beyond_step;
    }
    *draft->step = (struct step){.name = name,
                                 .sets = {1, 1},
                                 .reps = {1, 1},
                                 .priority = ROUTINE_PRIORITY,
                                 .rest_ms = -1,
                                 .prepare_ms = -1,
                                 .own = {.settle_ms = -1}};
    return draft;
}

static struct draft *find_draft(struct parser *p, const char *name)
{
    bool is_beyond = p->beyond.step && strcmp(p->beyond.step->name, name) == 0;
    return is_beyond ? &p->beyond : g_hash_table_lookup(p->by_name, name);
}

/* Reports each move of a stand-in. `value` NULL: the move's own section. */
static void report_moves(struct parser *p, const struct draft *draft, const char *what, const char *value,
                         const char *right)
{
    for (guint i = 0; i < draft->moves->len; i++) {
        const struct move *move = &g_array_index(draft->moves, struct move, i);
        g_autofree char *section = g_strdup_printf("%s.%s", draft->step->name, move->name);
        const struct diag_location location = {p->ini->path, move->line, section, NULL};
        diag_wrong(p->diags, &location, what, value ? value : section, right);
    }
}

static void read_step(struct parser *p, const struct ini_section *section)
{
    struct draft *draft = find_draft(p, section->name);
    if (draft && !draft->section) {
        g_autofree char *right = g_strdup_printf("[%s] is on line %d", section->name, section->line);
        report_moves(p, draft, "a move before its step", NULL, right);
    } else {
        draft = draft_new(p, section, section->name);
    }
    check_name(p, section, section->name, "not a step name");
    draft->section = section;
    draft->step->line = section->line;
    keys_read_section(STEP_KEYS, draft->step, p->ini, section, p->diags);
}

/* ---- moves ---- */

/* Whether a step that does not exist has sides is unknown: assume so, which allows their fields. */
static void suppose_step_sides(struct draft *draft)
{
    if (!draft->section) draft->step->sides = (struct sides){1, {SIDE_RIGHT}};
}

static void read_move(struct parser *p, const struct ini_section *section, const char *dot)
{
    g_autofree char *name = g_strndup(section->name, (gsize)(dot - section->name));
    struct draft *draft = find_draft(p, name);
    if (!draft) draft = draft_new(p, section, g_string_chunk_insert(p->routine->made, name));
    if (!draft->moves) draft->moves = g_array_new(FALSE, FALSE, sizeof(struct move));
    if (!draft->first_move) draft->first_move = section;
    check_name(p, section, dot + 1, "not a move name");
    struct move move = {.name = dot + 1, .line = section->line, .settle_ms = -1};
    keys_read_section(MOVE_KEYS, &move, p->ini, section, p->diags);
    require(p, section, "say", "missing (the full instruction)");
    require(p, section, "hold", "missing (such as 20s, 20-30s, 8 breaths, 8 times or ready)");
    const struct ini_entry *own = ini_entry(section, "sides");
    const struct ini_entry *step = draft->section ? ini_entry(draft->section, "sides") : NULL;
    if (own && step) {
        g_autofree char *right = g_strdup_printf("those of the step are on line %d; keep one", step->line);
        wrong(p, section, own->line, "sides", "the step also has sides", own->value, right);
    }
    if (draft->moves->len < ROUTINE_MOVES) {
        g_array_append_val(draft->moves, move);
        return;
    }
    if (!draft->too_many)
        wrong(p, section, section->line, NULL, "too many moves", section->name, "at most 100 a step");
    draft->too_many = true;
    suppose_step_sides(draft);
    check_move(p->routine, draft->step, &move, p->diags);
}

/* ---- after all sections ---- */

/* Either the step has a text and a hold, or its moves have them. */
static void check_parts(struct parser *p, const struct draft *draft)
{
    static const char *const keys[] = {"say", "cue", "hold", "breath", "tempo", "settle"};
    if (!draft->moves) {
        require(p, draft->section, "say",
                "missing (the full instruction; or moves, in sections such as [cat-cow.cow])");
        require(p, draft->section, "hold", "missing (such as 20s, 20-30s, 8 breaths, 8 times or ready)");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        const struct ini_entry *entry = ini_entry(draft->section, keys[i]);
        if (!entry) continue;
        g_autofree char *right =
            g_strdup_printf("such as [%s] on line %d", draft->first_move->name, draft->first_move->line);
        wrong(p, draft->section, entry->line, keys[i], "belongs in the moves of the step", entry->value,
              right);
    }
}

static void check_orphans(struct parser *p)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new(), orphans = g_ptr_array_new();
    for (int i = 0; i < p->routine->n_steps; i++) {
        struct draft *draft = &p->drafts[i];
        if (draft->section)
            g_ptr_array_add(names, (char *)draft->step->name);
        else
            g_ptr_array_add(orphans, draft);
    }
    g_ptr_array_add(names, NULL);
    for (guint i = 0; i < orphans->len; i++) {
        const struct draft *draft = orphans->pdata[i];
        const char *name = draft->step->name, *nearest = NULL;
        if (i < MOST_SUGGESTIONS) nearest = diag_nearest(name, (const char *const *)names->pdata);
        g_autofree char *right = nearest ? g_strdup_printf("did you mean '%s'?", nearest)
                                         : g_strdup("write its section above its moves");
        report_moves(p, draft, "unknown step", name, right);
    }
}

static void settle(struct parser *p, struct draft *draft)
{
    struct step *step = draft->step;
    suppose_step_sides(draft);
    if (draft->section) check_parts(p, draft);
    if (!step->title)
        step->title = g_strdelimit(g_string_chunk_insert(p->routine->made, step->name), "-", ' ');
    step->own.line = step->line;
    step->n_moves = draft->moves ? (int)draft->moves->len : 1;
    step->moves = draft->moves ? (struct move *)(void *)g_array_free(draft->moves, FALSE) : &step->own;
}

static void finish_beyond(struct parser *p)
{
    struct draft *draft = &p->beyond;
    if (!draft->step) return;
    settle(p, draft);
    check_step(p->routine, draft->step, p->diags);
    step_finish(draft->step);
    *draft = (struct draft){0};
}

/* ---- the file ---- */

static const char HEAD[] = "routine";

/* [routine], or a section whose name is nearly that: read as a step it would only get misleading messages. */
static const struct ini_section *find_head(const struct ini *ini)
{
    static const char *const names[] = {HEAD, NULL};
    const struct ini_section *head = ini_section(ini, HEAD);
    for (guint i = 0; !head && i < ini->sections->len; i++) {
        const struct ini_section *section = &g_array_index(ini->sections, struct ini_section, i);
        if (diag_nearest(section->name, names)) head = section;
    }
    return head;
}

static void read_section(struct parser *p, const struct ini_section *section)
{
    const char *dot = strchr(section->name, '.');
    if (section == p->head || strcmp(section->name, HEAD) == 0)
        keys_read_section(ROUTINE_KEYS, p->routine, p->ini, section, p->diags);
    else if (dot)
        read_move(p, section, dot);
    else
        read_step(p, section);
}

static void check_head(struct parser *p)
{
    static const char missing[] = "missing (the routine's title)";
    const struct ini_section *head = p->head;
    if (!head) {
        diag_error(p->diags, &(struct diag_location){p->ini->path, 1, HEAD, "title"}, "%s", missing);
        return;
    }
    if (strcmp(head->name, HEAD) != 0)
        wrong(p, head, head->line, NULL, "unknown section", head->name, "did you mean 'routine'?");
    require(p, head, "title", missing);
}

struct routine *routine_from_ini(const struct ini *ini, struct diags *diags)
{
    const guint most = MIN(ini->sections->len, ROUTINE_STEPS);
    g_autofree struct draft *drafts = g_new0(struct draft, most);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    struct routine *routine = g_new0(struct routine, 1);
    struct parser parser = {
        .ini = ini, .diags = diags, .routine = routine, .drafts = drafts, .by_name = by_name};
    routine->name = name_of(ini->path);
    routine->path = g_strdup(ini->path);
    routine->source = g_bytes_ref(ini->text);
    routine->made = g_string_chunk_new(MADE_BYTES);
    routine->level_hint = -1;
    routine->steps = g_new0(struct step, most);
    parser.head = find_head(ini);
    for (guint i = 0; i < ini->sections->len; i++)
        read_section(&parser, &g_array_index(ini->sections, struct ini_section, i));
    check_head(&parser);
    check_orphans(&parser);
    finish_beyond(&parser);
    for (int i = 0; i < routine->n_steps; i++) {
        settle(&parser, &drafts[i]);
        routine->steps[i].home = routine;
        routine->steps[i].index = i;
    }
    if (!routine->n_steps)
        report(&parser, NULL, 1, NULL, "no steps (write a section for each, such as [cat-cow])");
    if (!routine->language) routine->language = DEFAULT_LANGUAGE;
    check_all_texts(routine, diags);
    return routine;
}

char *routine_language(const struct ini *ini)
{
    AUTO(diags) ignored = diags_new();
    const struct ini_section *head = find_head(ini);
    const struct ini_entry *entry = head ? ini_entry(head, "language") : NULL;
    struct routine routine = {.language = DEFAULT_LANGUAGE};
    const struct value value = {entry, &(struct diag_location){.path = ini->path}, ignored};
    if (entry) keys_read(ROUTINE_KEYS, &routine, HEAD, &value);
    return g_strdup(routine.language);
}

struct routine *routine_salvage(const char *path, struct diags *diags)
{
    AUTO(ini) ini = ini_read(path, diags);
    return ini ? routine_from_ini(ini, diags) : NULL;
}

static struct routine *without_errors(struct routine *routine, const struct diags *diags, guint before)
{
    if (diags_errors(diags) == before) return routine;
    routine_free(routine);
    return NULL;
}

struct routine *routine_read(const char *path, struct diags *diags)
{
    guint before = diags_errors(diags);
    return without_errors(routine_salvage(path, diags), diags, before);
}

struct routine *routine_from_text(const char *text, gsize size, const char *path, struct diags *diags)
{
    guint before = diags_errors(diags);
    AUTO(ini) ini = ini_from_text(text, size, path, diags);
    return without_errors(ini ? routine_from_ini(ini, diags) : NULL, diags, before);
}

/* ---- freeing ---- */

bool routine_is_menu(const struct routine *routine)
{
    return routine->kind == ROUTINE_MENU || routine->kind == ROUTINE_QUESTION;
}

int routine_step(const struct routine *routine, const char *name)
{
    for (int i = 0; name && i < routine->n_steps; i++)
        if (g_strcmp0(routine->steps[i].name, name) == 0) return i;
    return -1;
}

int step_move(const struct step *step, const char *name)
{
    for (int i = 0; name && i < step->n_moves; i++)
        if (g_strcmp0(step->moves[i].name, name) == 0) return i;
    return -1;
}

void routine_free(struct routine *routine)
{
    if (!routine) return;
    for (int i = 0; !routine->files && i < routine->n_steps; i++) step_finish(&routine->steps[i]);
    if (routine->files) g_ptr_array_unref(routine->files);
    g_free(routine->steps);
    g_strfreev(routine->parts);
    g_free(routine->name);
    g_free(routine->path);
    if (routine->source) g_bytes_unref(routine->source);
    g_string_chunk_free(routine->made);
    g_free(routine);
}
