#include "hold.h"
#include "routine/routine.h"
#include <string.h>

/* ---- holds ---- */

static const struct {
    const char *unit;
    enum hold_kind kind;
    const char *right;
} rounds[] = {{" breaths", HOLD_BREATHS, "1 to 3600 breaths"}, {" times", HOLD_TIMES, "1 to 3600 times"}};

/* "8 breaths" "8-10 times", in the first form. What is right, or NULL if it is not that. */
static const char *parse_rounds(const char *text, struct hold *hold)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rounds); i++) {
        if (!g_str_has_suffix(text, rounds[i].unit)) continue;
        g_autofree char *count = g_strndup(text, strlen(text) - strlen(rounds[i].unit));
        hold->kind = rounds[i].kind;
        return count_parse_range(count, &hold->range) ? rounds[i].right : NULL;
    }
    return NULL;
}

static enum key_result check_hold(const char *text, struct hold *hold, const struct value *value)
{
    bool in_seconds = duration_parse_range(text, &hold->range);
    const char *right = in_seconds ? "1s to 1h" : parse_rounds(text, hold);
    if (!right) return KEY_MALFORMED;
    int least = MIN(hold->range.low, hold->range.high), most = MAX(hold->range.low, hold->range.high);
    if (least < 1 || most > (in_seconds ? ROUTINE_HOLD_S : ROUTINE_ROUNDS)) {
        diag_wrong(value->diags, value->location, "out of range", text, right);
        return KEY_REPORTED;
    }
    return hold->range.low > hold->range.high ? KEY_REVERSED : KEY_OK;
}

static enum key_result read_hold(const struct key *key, const struct value *value, void *field)
{
    (void)key;
    g_autofree char *text = duration_plain(value->entry->value);
    struct hold hold = {HOLD_SECONDS, {0, 0}, value->entry->line};
    enum key_result result = KEY_OK;
    if (strcmp(text, "ready") == 0)
        hold.kind = HOLD_READY;
    else
        result = check_hold(text, &hold, value);
    if (result == KEY_OK) *(struct hold *)field = hold;
    return result;
}

/* ---- breaths and movements ---- */

/* `counts` has a bit for each number of phases that is right. What is kept, or stayed in, may take no time;
 * the parts between may not. */
static enum key_result read_phases(const struct key *key, const struct value *value, unsigned counts,
                                   struct phases *field)
{
    struct phases phases = {0};
    int64_t low, high, total = 0;
    phases.n = duration_parse_phases(value->entry->value, phases.ms, MOST_PHASES);
    if (!(counts & 1u << phases.n)) return KEY_MALFORMED;
    for (int i = 0; i < phases.n; i++) {
        bool kept = phases.n >= 3 && i % 2 == 1;
        if (phases.ms[i] == 0 && !kept) return KEY_MALFORMED;
        total += phases.ms[i];
    }
    if (!duration_parse(key->low, &low) || !duration_parse(key->high, &high)) g_assert_not_reached();
    if (total < low || total > high) return KEY_OUT_OF_RANGE;
    *field = phases;
    return KEY_OK;
}

static enum key_result read_breath(const struct key *key, const struct value *value, void *field)
{
    return read_phases(key, value, 1u << 2 | 1u << 3 | 1u << 4, field);
}

static enum key_result read_tempo(const struct key *key, const struct value *value, void *field)
{
    return read_phases(key, value, 1u << 1 | 1u << 3, field);
}

/* clang-format off */
const struct kind
    KIND_HOLD = {STORE_OWN, "a hold", "write 20s, 20-30s, 8 breaths, 8 times or ready", .read = read_hold},
    KIND_BREATH = {STORE_OWN, "a breath", "write 4-6, 4-7-8 or 4-4-4-4", .read = read_breath},
    KIND_TEMPO = {STORE_OWN, "a tempo", "write 3s or 2-1-3", .read = read_tempo};
/* clang-format on */
