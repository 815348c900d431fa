/* A routine: whatever is accepted can be laid out from its first block to its last, in any order of levels.
 */
#include "fuzz.h"
#include "plan/script.h"
#include "routine/lint.h"
#include "routine/parse.h"
#include <math.h>

enum { BLOCKS = 50 };

static void lay_out(const struct routine *routine, int level)
{
    static struct settings *settings;
    static struct voice *voice;
    if (!settings) settings = settings_new();
    if (!voice) voice = voice_new("en", "en.ini");
    settings->pace.level = level;
    const struct script script = script_of(routine, settings, voice);
    struct script_pos pos = SCRIPT_BEGIN;
    g_assert_true(isfinite(script_estimate(&script)));
    for (int i = 0; i < BLOCKS; i++) {
        g_autoptr(GPtrArray) lines = lines_new();
        script_block(&script, pos, lines);
        if (!script_next(&script, &pos)) break;
    }
}

static void warn(const struct routine *routine, const struct ini *ini)
{
    static const struct lint_voice voice = {
        .right = "right", .left = "left", .rate = 160, .sentence_s = 1.2, .sentences = {"Dr., no.#", false}};
    AUTO(diags) diags = diags_new();
    routine_lint(routine, ini, &voice, diags);
    fuzz_show(diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(diags) diags = diags_new();
    AUTO(routine) routine = routine_from_text((const char *)data, size, "fuzz.ini", diags);
    g_assert_true((routine != NULL) == (diags_errors(diags) == 0));
    fuzz_show(diags);
    AUTO(settings) settings = settings_new();
    if (routine) plan_check_length(routine, settings, diags);
    if (routine && diags_errors(diags) == 0) {
        lay_out(routine, (int)(size % 101));
    }
    AUTO(ini) ini = ini_from_text((const char *)data, size, "fuzz.ini", diags);
    AUTO(routine) same = ini ? routine_from_ini(ini, diags) : NULL;
    if (same) warn(same, ini);
    return 0;
}
