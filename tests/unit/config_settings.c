#include "base/ini.h"
#include "config/settings.h"
#include "../lib/problems.h"
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a text as a file named s.ini in a directory of its own. */
static void read_text(struct settings *settings, const char *text, struct diags *diags)
{
    g_autofree char *directory = g_dir_make_tmp("settings-XXXXXX", NULL);
    g_assert_cmpint(g_chdir(directory), ==, 0);
    g_assert_true(g_file_set_contents("s.ini", text, -1, NULL));
    settings_read(settings, "s.ini", diags);
    g_unlink("s.ini");
    g_assert_cmpint(g_chdir("/"), ==, 0);
    g_rmdir(directory);
}

static void expect_same(const struct settings *a, const struct settings *b)
{
    for (const struct key *row = SETTINGS; row->name; row++) {
        g_autofree char *left = key_print(row, a), *right = key_print(row, b);
        g_assert_cmpstr(left, ==, right);
    }
}

/* ---- */

static void test_defaults(void)
{
    AUTO(settings) s = settings_new();
    g_assert_cmpint(s->pace.level, ==, 0);
    g_assert_cmpint(s->pace.speed, ==, 100);
    g_assert_cmpint(s->pace.hold, ==, 100);
    g_assert_cmpint(s->pace.prepare_ms, ==, 8000);
    g_assert_cmpint(s->pace.gap_ms, ==, 600);
    g_assert_cmpint(s->pace.sentence_ms, ==, 1200);
    g_assert_cmpint(s->pace.settle_ms, ==, 1500);
    g_assert_cmpint(s->pace.change_ms, ==, 5000);
    g_assert_cmpint(s->pace.rest_ms, ==, 20000);
    g_assert_cmpint(s->pace.breath_ms, ==, 5000);
    g_assert_cmpint(s->pace.lead_in_s, ==, 3);
    g_assert_cmpint(s->pace.words, ==, WORDS_AUTO);
    g_assert_cmpint(s->count.tick_s, ==, 1);
    g_assert_cmpint(s->count.announce_s, ==, ANNOUNCE_AUTO);
    g_assert_cmpint(s->count.halfway_s, ==, 15);
    g_assert_cmpint(s->count.countdown, ==, 3);
    g_assert_cmpstr(s->voice.profile, ==, "");
    g_assert_cmpint(s->voice.rate, ==, SETTING_EMPTY);
    g_assert_cmpint(s->voice.pitch, ==, SETTING_EMPTY);
    g_assert_cmpfloat(s->voice.level, ==, -18);
    g_assert_cmpstr(s->sound.device, ==, "");
    g_assert_cmpint(s->sound.rate, ==, 48000);
    g_assert_cmpfloat(s->sound.cue_level, ==, 0);
    g_assert_cmpfloat(s->sound.volume, ==, 0);
    g_assert_cmpstr(s->cues.sound[OCCASION_TICK], ==, "soft");
    g_assert_cmpint(s->sound.wake_ms, ==, 1000);
    g_assert_cmpint(s->sound.release_ms, ==, 60000);
    g_assert_cmpint(s->sound.on_lost, ==, ON_LOST_PAUSE);
    g_assert_cmpint(s->control.mpris, ==, BUS_YES);
    g_assert_false(s->control.play_toggles);
    g_assert_cmpstr(settings_location(s, "pace", "level").path, ==, "default");
}

static void test_shipped_file(void)
{
    AUTO(settings) s = settings_new();
    g_autofree char *text = settings_ini(s, false);
    g_autofree char *shipped = NULL;
    g_assert_true(g_file_get_contents("config/stretchvoice.ini", &shipped, NULL, NULL));
    g_assert_cmpstr(text, ==, shipped);
}

static void set(struct settings *s, const char *assignment)
{
    AUTO(diags) diags = diags_new();
    settings_set(s, assignment, "--set", diags);
    expect_problems(diags, "");
}

static void test_read_back(void)
{
    AUTO(settings) s = settings_new();
    static const char *const assignments[] = {
        "pace.level=55",       "pace.speed=120%",
        "pace.hold=33",        "pace.prepare=1m0.5s",
        "pace.gap=0s",         "pace.lead-in=0s",
        "pace.words=brief",    "count.tick=off",
        "count.announce=1m",   "count.halfway=no",
        "count.countdown=0",   "voice.profile=my voice",
        "voice.rate=80",       "voice.pitch=0",
        "voice.level=-23.125", "sound.device=# a; b \\; c;d\\;",
        "sound.rate=44100",    "sound.cue-level=-0.5",
        "sound.tick=wood",     "sound.wake=5s",
        "cues.go=bell",        "cues.end=/a dir/; b.wav",
        "cues.ack=off",        "cues.wait=bowl",
        "sound.release=1h",    "sound.on-lost=continue",
        "control.mpris=no",    "sound.volume=-60",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(assignments); i++) set(s, assignments[i]);
    g_assert_cmpint(s->pace.hold, ==, 33);
    g_assert_cmpint(s->pace.prepare_ms, ==, 60500);
    g_assert_cmpint(s->count.tick_s, ==, 0);
    g_assert_cmpfloat(s->voice.level, ==, -23.125);
    g_assert_cmpstr(s->sound.device, ==, "# a; b \\; c;d\\;");

    for (int sources = 0; sources < 2; sources++) {
        AUTO(settings) back = settings_new();
        AUTO(diags) diags = diags_new();
        g_autofree char *text = settings_ini(s, sources);
        read_text(back, text, diags);
        expect_problems(diags, "");
        expect_same(s, back);
    }
}

/* The words of before. */
static void test_halfway_in_words(void)
{
    AUTO(settings) s = settings_new();
    set(s, "count.halfway=no");
    g_assert_cmpint(s->count.halfway_s, ==, 0);
    set(s, "count.halfway=yes");
    g_assert_cmpint(s->count.halfway_s, ==, 15);
    set(s, "count.announce=10s");
    g_assert_cmpint(s->count.announce_s, ==, 10);
    set(s, "count.announce=auto");
    g_assert_cmpint(s->count.announce_s, ==, ANNOUNCE_AUTO);
    g_autofree char *text = settings_ini(s, true);
    g_assert_nonnull(strstr(text, "announce     = auto     ; --set\nhalfway      = 15s      ; --set\n"));
}

static void test_sources(void)
{
    AUTO(settings) s = settings_new();
    AUTO(diags) diags = diags_new();
    read_text(s, "[pace]\nspeed = 90\nlevel = 5\n", diags);
    settings_set(s, " pace . level = 7 ", "--set pace.level", diags);
    expect_problems(diags, "");
    g_assert_cmpint(s->pace.level, ==, 7);
    g_assert_cmpstr(settings_location(s, "pace", "speed").path, ==, "s.ini");
    g_assert_cmpint(settings_location(s, "pace", "speed").line, ==, 2);
    g_assert_cmpstr(settings_location(s, "pace", "level").path, ==, "--set pace.level");
    g_autofree char *text = settings_ini(s, true);
    g_assert_nonnull(
        strstr(text, "level        = 7        ; --set pace.level\nspeed        = 90%      ; s.ini:2\n"));
    g_assert_nonnull(strstr(text, "hold         = 100%     ; default\n"));
    g_assert_true(g_str_has_prefix(text, "[pace]\n"));
}

static void test_tab(void)
{
    AUTO(settings) s = settings_new();
    AUTO(diags) diags = diags_new();
    read_text(s, "[sound]\ndevice = USB\tAudio\n", diags);
    expect_problems(diags, "");
    g_assert_cmpstr(s->sound.device, ==, "USB Audio");
    set(s, "sound.device=HDMI\tAudio");
    g_assert_cmpstr(s->sound.device, ==, "HDMI Audio");
}

static void test_merge(void)
{
    AUTO(settings) s = settings_new();
    AUTO(diags) diags = diags_new();
    read_text(s, "[pace]\nspeed = 90\nlevel = 5\n[sound]\ndevice = a\n", diags);
    read_text(s, "[pace]\nlevel = 6\n[sound]\ndevice = b\n", diags);
    g_assert_cmpint(s->pace.speed, ==, 90);
    g_assert_cmpint(s->pace.level, ==, 6);
    g_assert_cmpstr(s->sound.device, ==, "b");
}

static void test_from_text(void)
{
    AUTO(settings) s = settings_new();
    AUTO(diags) diags = diags_new();
    static const char right[] = "[pace]\nlevel = 5\n[voice]\nprofile = ./my.ini\n",
                      wrong[] = "[pace]\nspeed = 90\nlevel = x\n";
    settings_from_text(s, right, strlen(right), "/none/s.ini", diags);
    expect_problems(diags, "");
    g_assert_cmpint(s->pace.level, ==, 5);
    g_assert_cmpstr(s->voice.profile, ==, "/none/my.ini");
    g_assert_cmpstr(settings_location(s, "pace", "level").path, ==, "/none/s.ini");
    settings_from_text(s, wrong, strlen(wrong), "/none/s.ini", diags);
    expect_problems(diags, "/none/s.ini:3: [pace] level: not a whole number ('x'; 0 to 100)\n");
    g_assert_cmpint(s->pace.speed, ==, 100);
}

static void test_problems(void)
{
    AUTO(settings) s = settings_new(), *fresh = settings_new();
    AUTO(diags) diags = diags_new();
    read_text(s,
              "[pace]\nlevel = 50\nlvel = 1\nspeed = 300\nprepare = 99999h\nlead-in = 1.5s\nwords = ful\ngap "
              "= \nlevel = x\n"
              "[sonud]\ntick = soft\n[sound]\nvolume = 1e2\nrate = 22050\non-lost = "
              "resume\n[count]\ncountdown = 11\n"
              "tick = 0s\nhalfway = true\n[voice]\nrate = 79\npitch = high\n",
              diags);
    expect_problems(
        diags,
        "s.ini:3: [pace] lvel: unknown key ('lvel'; did you mean 'level'? One of level, speed, hold, "
        "prepare, gap, sentence, settle, change-sides, rest, breath, tempo, lead-in, duration, words)\n"
        "s.ini:4: [pace] speed: out of range ('300'; 50% to 200%)\n"
        "s.ini:5: [pace] prepare: out of range ('99999h'; 0s to 10m)\n"
        "s.ini:6: [pace] lead-in: not a time in whole seconds ('1.5s'; 0s to 10s)\n"
        "s.ini:7: [pace] words: unknown value ('ful'; did you mean 'full'? One of auto, full, brief)\n"
        "s.ini:8: [pace] gap: empty (''; 0s to 10s)\n"
        "s.ini:9: [pace] level: duplicate key ('level'; first on line 2)\n"
        "s.ini:9: [pace] level: not a whole number ('x'; 0 to 100)\n"
        "s.ini:10: [sonud] unknown section ('sonud'; did you mean 'sound'? One of pace, count, voice, "
        "sound, cues, music, others, control, listen, remind, class, history, progress)\n"
        "s.ini:13: [sound] volume: not a number with at most 3 decimals ('1e2'; -60 to 0)\n"
        "s.ini:14: [sound] rate: unknown value ('22050'; one of 48000, 44100)\n"
        "s.ini:15: [sound] on-lost: unknown value ('resume'; one of pause, continue)\n"
        "s.ini:17: [count] countdown: out of range ('11'; 0 to 10)\n"
        "s.ini:18: [count] tick: out of range ('0s'; off, or 1s to 1h)\n"
        "s.ini:19: [count] halfway: not a time in whole seconds ('true'; off, or 1s to 1h)\n"
        "s.ini:21: [voice] rate: out of range ('79'; 80 to 450, or empty)\n"
        "s.ini:22: [voice] pitch: not a whole number ('high'; 0 to 99, or empty)\n");
    expect_same(s, fresh);
    g_assert_cmpstr(settings_location(s, "pace", "level").path, ==, "default");
}

static void test_option_problems(void)
{
    static const char *const cases[][2] = {
        {"pace.level=101", "--set pace.level: out of range ('101'; 0 to 100)\n"},
        {"pace.lvl=1", "--set pace.level: unknown key ('lvl'; did you mean 'level'? One of level, speed, "
                       "hold, prepare, gap, sentence, settle, "
                       "change-sides, rest, breath, tempo, lead-in, duration, words)\n"},
        {"pac.level=1",
         "--set pace.level: unknown section ('pac'; did you mean 'pace'? One of pace, count, voice, sound, "
         "cues, music, others, control, listen, remind, class, history, progress)\n"},
        {"pace.level", "--set pace.level: not a setting ('pace.level'; write SECTION.KEY=VALUE)\n"},
        {"level=3", "--set pace.level: not a setting ('level=3'; write SECTION.KEY=VALUE)\n"},
        {"", "--set pace.level: not a setting (''; write SECTION.KEY=VALUE)\n"},
        {"sound.device=a\nb", "--set pace.level: not a text ('a?b'; UTF-8 without control characters)\n"},
        {"pace.level=1e40", "--set pace.level: not a whole number ('1e40'; 0 to 100)\n"},
        {"pace.level=-0", "--set pace.level: not a whole number ('-0'; 0 to 100)\n"},
        {"pace.level=99999999999999999999",
         "--set pace.level: out of range ('99999999999999999999'; 0 to 100)\n"},
        {"pace.level=-99999999999999999999",
         "--set pace.level: out of range ('-99999999999999999999'; 0 to 100)\n"},
        {"pace.speed=nan%", "--set pace.level: not a percentage ('nan%'; 50% to 200%)\n"},
        {"pace.speed=-0%", "--set pace.level: not a percentage ('-0%'; 50% to 200%)\n"},
        {"pace.gap=1e40s", "--set pace.level: not a time ('1e40s'; 0s to 10s)\n"},
        {"pace.gap=infs", "--set pace.level: not a time ('infs'; 0s to 10s)\n"},
        {"pace.gap=-0s", "--set pace.level: not a time ('-0s'; 0s to 10s)\n"},
        {"pace.gap=99999999999999999999h",
         "--set pace.level: out of range ('99999999999999999999h'; 0s to 10s)\n"},
        {"count.tick=25h", "--set pace.level: out of range ('25h'; off, or 1s to 1h)\n"},
        {"sound.volume=1e-400",
         "--set pace.level: not a number with at most 3 decimals ('1e-400'; -60 to 0)\n"},
        {"sound.volume=-inf", "--set pace.level: not a number with at most 3 decimals ('-inf'; -60 to 0)\n"},
        {"sound.volume=nan", "--set pace.level: not a number with at most 3 decimals ('nan'; -60 to 0)\n"},
        {"sound.volume=-0", "--set pace.level: not a number with at most 3 decimals ('-0'; -60 to 0)\n"},
        {"voice.level=-20.1234",
         "--set pace.level: not a number with at most 3 decimals ('-20.1234'; -40 to -16)\n"},
        {"sound.volume=-0.000",
         "--set pace.level: not a number with at most 3 decimals ('-0.000'; -60 to 0)\n"},
        {"sound.volume=-99999999999", "--set pace.level: out of range ('-99999999999'; -60 to 0)\n"},
        {"voice.rate=0x50", "--set pace.level: not a whole number ('0x50'; 80 to 450, or empty)\n"},
        {"sound.device=\xff", "--set pace.level: not a text ('?'; UTF-8 without control characters)\n"},
    };
    AUTO(settings) s = settings_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        AUTO(diags) diags = diags_new();
        settings_set(s, cases[i][0], "--set pace.level", diags);
        expect_problems(diags, cases[i][1]);
    }
    g_assert_cmpint(s->pace.level, ==, 0);
}

/* Both ends of every range are in it. */
static void test_ranges(void)
{
    AUTO(settings) s = settings_new();
    for (const struct key *row = SETTINGS; row->name; row++) {
        if (!row->low) continue;
        g_autofree char *low = g_strdup_printf("%s.%s=%s", row->section, row->name, row->low);
        g_autofree char *high = g_strdup_printf("%s.%s=%s", row->section, row->name, row->high);
        set(s, low);
        set(s, high);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/defaults", test_defaults);
    g_test_add_func("/settings/shipped-file", test_shipped_file);
    g_test_add_func("/settings/read-back", test_read_back);
    g_test_add_func("/settings/halfway-in-words", test_halfway_in_words);
    g_test_add_func("/settings/sources", test_sources);
    g_test_add_func("/settings/tab", test_tab);
    g_test_add_func("/settings/merge", test_merge);
    g_test_add_func("/settings/from-text", test_from_text);
    g_test_add_func("/settings/problems", test_problems);
    g_test_add_func("/settings/option-problems", test_option_problems);
    g_test_add_func("/settings/ranges", test_ranges);
    return g_test_run();
}
