#include "table.h"
#include "config/settings.h"

static const struct choice WORDS[] = {{"full", WORDS_FULL}, {"brief", WORDS_BRIEF}, {NULL, 0}};
static const struct choice TICKS[] = {
    {"soft", TICK_SOFT}, {"wood", TICK_WOOD}, {"click", TICK_CLICK}, {NULL, 0}};
static const struct choice ON_LOST[] = {{"pause", ON_LOST_PAUSE}, {"continue", ON_LOST_CONTINUE}, {NULL, 0}};
static const struct choice RATES[] = {{"48000", 48000}, {"44100", 44100}, {NULL, 0}};
static const struct choice YES_NO[] = {{"yes", true}, {"no", false}, {NULL, 0}};

#define AT(field) offsetof(struct settings, field)

/* clang-format off */
const struct setting SETTINGS[N_SETTINGS] = {
    {"pace", "level", &KIND_WHOLE, AT(pace.level), "0", "0", "100", NULL,
     "0 plays the low end of every range, 100 the high end"},
    {"pace", "speed", &KIND_PERCENT, AT(pace.speed), "100%", "50%", "200%", NULL,
     "waits, rests and breaths: above 100% quicker, below it slower; never a hold in seconds"},
    {"pace", "hold", &KIND_PERCENT, AT(pace.hold), "100%", "25%", "400%", NULL,
     "longer or shorter holds, rounded to whole seconds"},
    {"pace", "prepare", &KIND_TIME, AT(pace.prepare_ms), "8s", "0s", "10m", NULL,
     "to get into position after the setup"},
    {"pace", "gap", &KIND_TIME, AT(pace.gap_ms), "0.6s", "0s", "10s", NULL,
     "silence after an utterance; half of it between its sentences"},
    {"pace", "change-sides", &KIND_TIME, AT(pace.change_ms), "5s", "0s", "10m", NULL,
     "between the first side and the second"},
    {"pace", "rest", &KIND_TIME, AT(pace.rest_ms), "20s", "0s", "1h", NULL,
     "between sets, unless the step has a rest of its own"},
    {"pace", "breath", &KIND_TIME, AT(pace.breath_ms), "5s", "2s", "30s", NULL,
     "one breath: 40 % of it in, 60 % out"},
    {"pace", "lead-in", &KIND_SECONDS, AT(pace.lead_in_s), "3s", "0s", "10s", NULL,
     "countdown when a hold that was paused goes on, in whole seconds"},
    {"pace", "words", &KIND_CHOICE, AT(pace.words), "full", NULL, NULL, WORDS,
     "brief leaves out setups, instructions and phrases"},

    {"count", "tick", &KIND_SECONDS_OR_OFF, AT(count.tick_s), "1s", "1s", "1h", NULL,
     "a tick every so many whole seconds of a hold"},
    {"count", "announce", &KIND_SECONDS_OR_OFF, AT(count.announce_s), "10s", "1s", "1h", NULL,
     "the time left in a hold, every so many whole seconds"},
    {"count", "halfway", &KIND_YES_NO, AT(count.halfway), "yes", NULL, NULL, YES_NO,
     "say when half of a hold is over"},
    {"count", "countdown", &KIND_WHOLE, AT(count.countdown), "3", "0", "10", NULL,
     "the last seconds of a hold, counted aloud; 0 is off"},

    {"voice", "profile", &KIND_PROFILE, AT(voice.profile), "", NULL, NULL, NULL,
     "a voice profile's name or file; empty is the routine's language, or else en"},
    {"voice", "rate", &KIND_WHOLE_OR_EMPTY, AT(voice.rate), "", "80", "450", NULL,
     "words a minute; empty is the profile's own"},
    {"voice", "pitch", &KIND_WHOLE_OR_EMPTY, AT(voice.pitch), "", "0", "99", NULL,
     "how high the voice is; empty is the profile's own"},
    {"voice", "level", &KIND_DECIMAL, AT(voice.level), "-18", "-40", "-16", NULL,
     "how loud speech is, in LUFS; a lower number is quieter"},

    {"sound", "device", &KIND_TEXT, AT(sound.device), "", NULL, NULL, NULL,
     "an output named by 'stretchvoice devices'; empty is the system's default"},
    {"sound", "rate", &KIND_CHOICE, AT(sound.rate), "48000", NULL, NULL, RATES,
     "frames a second"},
    {"sound", "cue-level", &KIND_DECIMAL, AT(sound.cue_level), "0", "-60", "6", NULL,
     "ticks and chimes in dB above voice.level; their peak stays under -16 dBFS"},
    {"sound", "volume", &KIND_DECIMAL, AT(sound.volume), "0", "-60", "0", NULL,
     "master level in dB; in renders too"},
    {"sound", "tick", &KIND_CHOICE, AT(sound.tick), "soft", NULL, NULL, TICKS,
     "how a tick sounds"},
    {"sound", "wake", &KIND_TIME, AT(sound.wake_ms), "1s", "0s", "5s", NULL,
     "faint noise that wakes headphones before a silence ends"},
    {"sound", "release", &KIND_TIME, AT(sound.release_ms), "60s", "5s", "1h", NULL,
     "the device is let go after so long a pause"},
    {"sound", "on-lost", &KIND_CHOICE, AT(sound.on_lost), "pause", NULL, NULL, ON_LOST,
     "when lost sound comes back on another device"},

    {"control", "mpris", &KIND_YES_NO, AT(control.mpris), "yes", NULL, NULL, YES_NO,
     "let media keys and headset buttons steer the session"},
};
