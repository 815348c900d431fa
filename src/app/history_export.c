#include "history_export.h"
#include "report/ics.h"
#include "report/json.h"
#include <string.h>
#include <time.h>

/* ---- the fields of a session: a table for all formats ---- */

enum field_kind { FIELD_NUMBER, FIELD_TEXT, FIELD_LIST, FIELD_TIME, FIELD_BOOL, FIELD_SMALL };

#define AT(field) offsetof(struct history_session, field)
/* clang-format off */
static const struct field {
    const char *name;
    enum field_kind kind;
    size_t offset; /* of an int64_t, a char *, a bool or an int, which is not known where negative */
    size_t zone;   /* of a time */
} FIELDS[] = {
    {"id", FIELD_NUMBER, AT(id), 0},
    {"routine", FIELD_TEXT, AT(routine), 0},
    {"title", FIELD_TEXT, AT(title), 0},
    {"language", FIELD_TEXT, AT(language), 0},
    {"file", FIELD_TEXT, AT(file), 0},
    {"begun", FIELD_TIME, AT(begun), AT(begun_zone)},
    {"ended", FIELD_TIME, AT(ended), AT(ended_zone)},
    {"seconds", FIELD_NUMBER, AT(seconds), 0},
    {"holds_done", FIELD_SMALL, AT(holds_done), 0},
    {"holds", FIELD_SMALL, AT(holds), 0},
    {"level", FIELD_SMALL, AT(level), 0},
    {"level_given", FIELD_BOOL, AT(level_given), 0},
    {"skipped", FIELD_LIST, AT(skipped), 0},
    {"longer", FIELD_LIST, AT(longer), 0},
    {"easier", FIELD_LIST, AT(easier), 0},
    {"complete", FIELD_BOOL, AT(complete), 0},
    {"rating", FIELD_TEXT, AT(rating), 0},
    {"pain", FIELD_SMALL, AT(pain), 0},
    {"note", FIELD_TEXT, AT(note), 0},
};
/* clang-format on */

static const void *at(const struct history_session *session, size_t offset)
{
    return (const char *)session + offset;
}

static const char *text_of(const struct history_session *session, const struct field *field)
{
    return *(char *const *)at(session, field->offset);
}

char *history_time(int64_t seconds, int zone)
{
    time_t local = (time_t)(seconds + zone);
    int minutes = ABS(zone) / 60;
    struct tm t;
    gmtime_r(&local, &t);
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", t.tm_year + 1900, t.tm_mon + 1,
                           t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, zone < 0 ? '-' : '+', minutes / 60,
                           minutes % 60);
}

/* A field as people read it, "" where it is not known. To be freed. */
static char *shown(const struct history_session *session, const struct field *field)
{
    const void *value = at(session, field->offset);
    switch (field->kind) {
    case FIELD_NUMBER: return g_strdup_printf("%" G_GINT64_FORMAT, *(const int64_t *)value);
    case FIELD_SMALL:
        return *(const int *)value < 0 ? g_strdup("") : g_strdup_printf("%d", *(const int *)value);
    case FIELD_BOOL: return g_strdup(*(const bool *)value ? "yes" : "no");
    case FIELD_TIME: return history_time(*(const int64_t *)value, *(const int *)at(session, field->zone));
    case FIELD_TEXT: return g_strdup(text_of(session, field) ? text_of(session, field) : "");
    case FIELD_LIST: break;
    }
    g_auto(GStrv) names = g_strsplit(text_of(session, field), "\n", -1);
    return g_strjoinv("; ", names);
}

/* ---- JSON ---- */

static void json_list(GString *json, const char *name, const char *lines)
{
    g_auto(GStrv) names = g_strsplit(lines, "\n", -1);
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    for (char **line = names; *line; line++) g_ptr_array_add(values, *line);
    json_texts(json, name, values);
}

static void json_field(GString *json, const struct history_session *session, const struct field *field)
{
    const void *value = at(session, field->offset);
    g_autofree char *time = field->kind == FIELD_TIME ? shown(session, field) : NULL;
    switch (field->kind) {
    case FIELD_NUMBER: json_number(json, field->name, *(const int64_t *)value); break;
    case FIELD_SMALL:
        *(const int *)value < 0 ? json_null(json, field->name)
                                : json_number(json, field->name, *(const int *)value);
        break;
    case FIELD_BOOL: json_bool(json, field->name, *(const bool *)value); break;
    case FIELD_TIME: json_text(json, field->name, time); break;
    case FIELD_TEXT: json_text(json, field->name, text_of(session, field)); break;
    case FIELD_LIST: json_list(json, field->name, text_of(session, field)); break;
    }
}

static void json_step(void *data, const struct history_step *step)
{
    GString *steps = data;
    g_autoptr(GString) json = g_string_new(NULL);
    json_number(json, "number", step->number);
    json_text(json, "name", step->name);
    json_text(json, "title", step->title);
    json_number(json, "seconds", step->seconds);
    json_number(json, "holds_done", step->holds_done);
    json_number(json, "holds", step->holds);
    json_number(json, "level", step->level);
    json_bool(json, "skipped", step->skipped);
    json_bool(json, "easier", step->easier);
    json_number(json, "longer", step->longer);
    json_end(json);
    g_string_append_printf(steps, "%s%s", steps->len ? "," : "", json->str);
}

struct export
{
    struct store *store;
    GError *error;
};

static void print_json(struct export *export, const struct history_session *session)
{
    g_autoptr(GString) json = g_string_new(NULL), steps = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) json_field(json, session, &FIELDS[i]);
    if (!export->error) history_steps(export->store, session->id, json_step, steps, &export->error);
    g_string_append_printf(json, ",\"steps\":[%s]", steps->str);
    json_print(json, stdout);
}

/* ---- CSV: RFC 4180, with LF ---- */

static void print_cell(const char *text, bool last)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    printf("%s%s%s%c", quoted ? "\"" : "", doubled, quoted ? "\"" : "", last ? '\n' : ',');
}

static void print_csv_head(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        print_cell(FIELDS[i].name, i + 1 == G_N_ELEMENTS(FIELDS));
}

static void print_csv(struct export *export, const struct history_session *session)
{
    (void)export;
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        g_autofree char *text = shown(session, &FIELDS[i]);
        print_cell(text, i + 1 == G_N_ELEMENTS(FIELDS));
    }
}

/* ---- jrnl: a title behind the local time, and what else is known below it ---- */

/* "name: value" for each field that has one. To be freed. */
static char *lines_of(const struct history_session *session)
{
    GString *lines = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        g_autofree char *text = shown(session, &FIELDS[i]);
        if (*text) g_string_append_printf(lines, "%s: %s\n", FIELDS[i].name, g_strdelimit(text, "\r\n", ' '));
    }
    return g_string_free(lines, FALSE);
}

static void print_jrnl(struct export *export, const struct history_session *session)
{
    (void)export;
    g_autofree char *time = history_time(session->begun, session->begun_zone), *lines = lines_of(session);
    printf("[%.10s %.5s] %s.\n%s\n", time, time + 11, session->title, lines);
}

/* ---- iCalendar ---- */

static void print_ics(struct export *export, const struct history_session *session)
{
    (void)export;
    g_autofree char *lines = lines_of(session);
    g_autoptr(GString) ics = g_string_new("BEGIN:VEVENT\r\n");
    g_string_append_printf(ics, "UID:session-%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "@stretchvoice\r\n",
                           session->id, session->begun);
    ics_time(ics, "DTSTAMP", session->ended);
    ics_time(ics, "DTSTART", session->begun);
    ics_time(ics, "DTEND", MAX(session->ended, session->begun + 1));
    ics_text(ics, "SUMMARY", session->title);
    ics_text(ics, "DESCRIPTION", g_strchomp(lines));
    g_string_append(ics, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
    fputs(ics->str, stdout);
}

static void print_ics_head(void)
{
    g_autoptr(GString) ics = g_string_new(NULL);
    ics_begin(ics, "history");
    fputs(ics->str, stdout);
}

static void print_ics_end(void)
{
    g_autoptr(GString) ics = g_string_new(NULL);
    ics_end(ics);
    fputs(ics->str, stdout);
}

/* ---- all formats ---- */

static const struct {
    void (*head)(void);
    void (*session)(struct export *export, const struct history_session *session);
    void (*end)(void);
} FORMATS[N_EXPORT_FORMATS] = {
    [EXPORT_JSON] = {NULL, print_json, NULL},
    [EXPORT_CSV] = {print_csv_head, print_csv, NULL},
    [EXPORT_JRNL] = {NULL, print_jrnl, NULL},
    [EXPORT_ICS] = {print_ics_head, print_ics, print_ics_end},
};

struct printing {
    struct export export;
    enum export_format format;
};

static void print_session(void *data, const struct history_session *session)
{
    struct printing *printing = data;
    FORMATS[printing->format].session(&printing->export, session);
}

bool history_export(struct store *store, enum export_format format, GError **error)
{
    struct printing printing = {.export.store = store, .format = format};
    if (FORMATS[format].head) FORMATS[format].head();
    bool done = !store || history_sessions(store, 0, print_session, &printing, error);
    if (FORMATS[format].end) FORMATS[format].end();
    if (!printing.export.error) return done;
    if (done)
        g_propagate_error(error, printing.export.error);
    else
        g_error_free(printing.export.error);
    return false;
}
