/* A session that is sent to the daemon, line after line: it is taken, or refused in words. */
#include "control/protocol.h"
#include "fuzz.h"
#include "live/parcel.h"

static char *take(struct parcel *parcel, const char *const *words)
{
    if (g_strcmp0(words[0], "part") == 0) return parcel_take_part(parcel, words);
    if (g_strcmp0(words[0], "play") == 0) return parcel_take_flags(parcel, words);
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    if (!g_utf8_validate(text, -1, NULL)) return 0;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    AUTO(parcel) parcel = parcel_new();
    for (char **line = lines; *line; line++) {
        const char *problem;
        g_auto(GStrv) words = protocol_words(*line, &problem);
        g_autofree char *wrong = words ? take(parcel, (const char *const *)words) : NULL;
        if (wrong) return 0;
    }
    AUTO(diags) diags = diags_new();
    bool opened = parcel_open(parcel, diags);
    g_assert_true(!opened || diags_errors(diags) == 0);
    if (opened) g_assert_true(parcel->request.routine && parcel->request.settings && parcel->request.voice);
    fuzz_show(diags);
    return 0;
}
