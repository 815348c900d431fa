/* What the player on the bus tells by itself: what has changed, and nothing else. */
#include "../lib/stage.h"

#include <string.h>

/* What is told because of a state, all of it: answers are not overtaken by signals sent before them. */
static char *told(struct stage *stage, const struct mpris_state *state)
{
    g_ptr_array_set_size(stage->signals, 0);
    mpris_update(stage->mpris, state);
    stage_tell(stage, "org.freedesktop.DBus.Peer", "Ping", NULL);
    g_ptr_array_add(stage->signals, NULL);
    char *text = g_strjoinv("; ", (char **)stage->signals->pdata);
    g_ptr_array_set_size(stage->signals, (int)stage->signals->len - 1);
    return text;
}

static void assert_told(struct stage *stage, const struct mpris_state *state, const char *expected)
{
    g_autofree char *text = told(stage, state);
    g_assert_cmpstr(text, ==, expected);
}

#define CHANGED(what) "PropertiesChanged ('" MPRIS_PLAYER "', {" what "}, @as [])"

static void test_tells_what_changed(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    assert_told(&stage, &state, "");
    state.can_next = false;
    assert_told(&stage, &state, CHANGED("'CanGoNext': <false>"));
    state.can_previous = false;
    assert_told(&stage, &state, CHANGED("'CanGoPrevious': <false>"));
    state.volume = -60;
    assert_told(&stage, &state, CHANGED("'Volume': <0.0>"));
    state.playback = MPRIS_PLAYING;
    assert_told(&stage, &state, CHANGED("'PlaybackStatus': <'Playing'>"));
    state.playback = MPRIS_PAUSED;
    assert_told(&stage, &state, CHANGED("'PlaybackStatus': <'Paused'>"));
    stage_finish(&stage);
}

static void test_tells_of_another_track(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    state.position = 0;
    stage_init(&stage, &state);
    state.step = 3;
    state.track = "Child's pose";
    g_autofree char *by_itself = told(&stage, &state);
    g_assert_nonnull(strstr(by_itself, "'mpris:trackid': <objectpath '/stretchvoice/track/2'>"));
    g_assert_nonnull(strstr(by_itself, "'xesam:title': <\"Child's pose\">"));
    g_assert_null(strstr(by_itself, "Position"));
    g_assert_null(strstr(by_itself, "Seeked"));
    state.length += 10 * G_USEC_PER_SEC;
    g_autofree char *longer = told(&stage, &state);
    g_assert_nonnull(strstr(longer, "'mpris:length': <int64 100000000>"));
    g_assert_nonnull(strstr(longer, "track/2"));
    stage_finish(&stage);
}

/* To the start of the same step: nothing differs but the id and the position. */
static void test_tells_of_a_jump(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    state.jumps++;
    state.position = 0;
    g_autofree char *text = told(&stage, &state);
    g_assert_nonnull(strstr(text, "'mpris:trackid': <objectpath '/stretchvoice/track/2'>"));
    g_assert_true(g_str_has_suffix(text, "; Seeked (int64 0,)"));
    assert_told(&stage, &state, "");
    stage_finish(&stage);
}

static void test_tells_where_the_position_stands(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    state.position += G_USEC_PER_SEC / 2;
    assert_told(&stage, &state, "");
    state.position += G_USEC_PER_SEC;
    assert_told(&stage, &state, "Seeked (int64 14000000,)");
    state.position -= G_USEC_PER_SEC;
    assert_told(&stage, &state, "");
    state.position = 0;
    assert_told(&stage, &state, "Seeked (int64 0,)");
    stage_finish(&stage);
}

/* While it plays as long as the clock says, there is nothing to tell; an hour in an instant is a jump. */
static void test_is_silent_while_it_plays(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    gint64 begun = g_get_monotonic_time();
    state.playback = MPRIS_PLAYING;
    assert_told(&stage, &state, CHANGED("'PlaybackStatus': <'Playing'>"));
    for (int i = 0; i < 50; i++) {
        state.position = cobra.position + g_get_monotonic_time() - begun;
        assert_told(&stage, &state, "");
    }
    state.position = INT64_C(3600) * G_USEC_PER_SEC;
    assert_told(&stage, &state, "Seeked (int64 3600000000,)");
    stage_finish(&stage);
}

/* For as long as something is said in between: once it goes on, that is told, and once. */
static void test_tells_of_a_stand_at_its_end(void)
{
    if (!bus_is_there()) return;
    struct stage stage;
    struct mpris_state state = cobra;
    stage_init(&stage, &state);
    state.playback = MPRIS_PLAYING;
    assert_told(&stage, &state, CHANGED("'PlaybackStatus': <'Playing'>"));
    state.stands = true;
    state.position -= 5 * G_USEC_PER_SEC;
    for (int i = 0; i < 3; i++) assert_told(&stage, &state, "");
    state.stands = false;
    g_autofree char *text = told(&stage, &state);
    g_assert_true(g_str_has_prefix(text, "Seeked (int64 "));
    assert_told(&stage, &state, "");
    stage_finish(&stage);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mpris signals/tells what changed", test_tells_what_changed);
    g_test_add_func("/mpris signals/tells of another track", test_tells_of_another_track);
    g_test_add_func("/mpris signals/tells of a jump", test_tells_of_a_jump);
    g_test_add_func("/mpris signals/tells where the position stands", test_tells_where_the_position_stands);
    g_test_add_func("/mpris signals/is silent while it plays", test_is_silent_while_it_plays);
    g_test_add_func("/mpris signals/tells of a stand at its end", test_tells_of_a_stand_at_its_end);
    return g_test_run();
}
