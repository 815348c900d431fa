/* What the process that plays says of its session, on the way to Snapcast: this becomes JSON, with numbers
 * that a player can have. */
#include "fuzz.h"
#include "report/snapcast.h"
#include <math.h>

static double number(JsonObject *object, const char *name)
{
    return json_object_get_double_member_with_default(object, name, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *media = g_strndup((const char *)data, size);
    if (!g_utf8_validate(media, -1, NULL)) return 0; /* which the wire does not hand out */
    g_autofree char *json = snapcast_properties(media);
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *properties = json_object_in(parser, json);
    g_assert_nonnull(properties);
    JsonObject *metadata = json_object_get_object_member(properties, "metadata");
    g_assert_true(isfinite(number(properties, "position")));
    g_assert_true(isfinite(number(metadata, "duration")) && number(metadata, "trackNumber") >= 0);
    return 0;
}
