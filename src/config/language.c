#include "config/language.h"
#include <glib.h>
#include <limits.h>
#include <string.h>

/* ---- Unicode's cardinal rules, for whole numbers ---- */

/* The first row decides that holds: what `modulus` leaves of the number lies between `low` and `high`. If
 * none does, it is PLURAL_OTHER. */
struct plural_row {
    enum plural plural;
    int modulus, low, high; /* modulus 0: behind the last row */
};

enum { MOST_ROWS = 6, ITSELF = INT_MAX, MILLION = 1000000 };

#define ALL 1, 0, 0

/* clang-format off */
/* The languages of espeak-ng 1.51 and 1.52. Where CLDR has no rule for one of them, it has `one`. */
static const struct rule {
    const char *tags;
    struct plural_row rows[MOST_ROWS + 1];
} rules[] = {
    {"cmn cmn-latn-pinyin hak id ja jbo ko ms my shn th vi vi-vn-x-central vi-vn-x-south yue zh zh-cmn zh-yue", {{0}}},
    {"af an az ba bg bpy chr-us-qaaa-x-west crh cv da de el en en-029 en-gb en-gb-scotland en-gb-x-gbclan "
     "en-gb-x-gbcwmd en-gb-x-rp en-us en-us-nyc eo et eu fi fo gn grc haw ht hu ia io ka kaa kk kl ku ky la lb lfn ltg "
     "mi ml mr mto nb nci ne nl no nog om or pap piqd ps py qdb qu quc qya rup sd sjn sq sv sw ta te tk tn tr tt ug ur "
     "uz xex",
     {{PLURAL_ONE, ITSELF, 1, 1}}},
    {"am as bn fa fa-latn gu hi hy hyw hy-arevela hy-arevmda kn kok pa si ti", {{PLURAL_ONE, ITSELF, 0, 1}}},
    {"ca es es-419 es-mx it pt-pt", {{PLURAL_OTHER, ITSELF, 0, 0}, {PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_MANY, MILLION, 0, 0}}},
    {"fr fr-be fr-ch fr-fr pt pt-br", {{PLURAL_ONE, ITSELF, 0, 1}, {PLURAL_MANY, MILLION, 0, 0}}},
    {"is lv mk", {{PLURAL_OTHER, 100, 11, 11}, {PLURAL_ONE, 10, 1, 1}}},
    {"he smj", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_TWO, ITSELF, 2, 2}}},
    {"cs sk", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_FEW, ITSELF, 2, 4}}},
    {"ro", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_FEW, ITSELF, 0, 0}, {PLURAL_FEW, 100, 1, 19}}},
    {"bs hbs hr sr", {{PLURAL_OTHER, 100, 11, 14}, {PLURAL_ONE, 10, 1, 1}, {PLURAL_FEW, 10, 2, 4}}},
    {"lt", {{PLURAL_OTHER, 100, 11, 19}, {PLURAL_ONE, 10, 1, 1}, {PLURAL_FEW, 10, 2, 9}}},
    {"be ru ru-lv uk",
     {{PLURAL_MANY, 100, 11, 14}, {PLURAL_ONE, 10, 1, 1}, {PLURAL_FEW, 10, 2, 4}, {PLURAL_MANY, ALL}}},
    {"pl", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_MANY, 100, 12, 14}, {PLURAL_FEW, 10, 2, 4}, {PLURAL_MANY, ALL}}},
    {"sl", {{PLURAL_ONE, 100, 1, 1}, {PLURAL_TWO, 100, 2, 2}, {PLURAL_FEW, 100, 3, 4}}},
    {"gd", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_ONE, ITSELF, 11, 11}, {PLURAL_TWO, ITSELF, 2, 2}, {PLURAL_TWO, ITSELF, 12, 12},
            {PLURAL_FEW, ITSELF, 3, 19}}},
    {"ga", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_TWO, ITSELF, 2, 2}, {PLURAL_FEW, ITSELF, 3, 6}, {PLURAL_MANY, ITSELF, 7, 10}}},
    {"cy", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_TWO, ITSELF, 2, 2}, {PLURAL_FEW, ITSELF, 3, 3}, {PLURAL_MANY, ITSELF, 6, 6}}},
    {"mt", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_TWO, ITSELF, 2, 2}, {PLURAL_FEW, ITSELF, 0, 0}, {PLURAL_FEW, 100, 3, 10},
            {PLURAL_MANY, 100, 11, 19}}},
    {"ar", {{PLURAL_ONE, ITSELF, 1, 1}, {PLURAL_TWO, ITSELF, 2, 2}, {PLURAL_FEW, 100, 3, 10}, {PLURAL_MANY, 100, 11, 99}}},
};
/* clang-format on */

static const struct plural_row ONE_AND_THE_REST[] = {{PLURAL_ONE, ITSELF, 1, 1}, {0}};

/* ---- tags ---- */

/* In the form of the table. */
static char *normal(const char *tag)
{
    char *copy = g_ascii_strdown(tag, -1);
    return g_strdelimit(copy, "_", '-');
}

/* The tag stands whole in the list. */
static bool lists(const char *tags, const char *tag)
{
    const gsize length = strlen(tag);
    for (const char *at = tags; length && (at = strstr(at, tag)); at++)
        if ((at == tags || at[-1] == ' ') && strchr(" ", at[length])) return !strchr(tag, ' ');
    return false;
}

static const struct rule *find(const char *tag)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++)
        if (lists(rules[i].tags, tag)) return &rules[i];
    return NULL;
}

/* Cuts the tag down to what is in the table; NULL if nothing is. */
static const struct rule *find_nearest(char *tag)
{
    const struct rule *rule = find(tag);
    for (char *dash; !rule && (dash = strrchr(tag, '-'));) {
        *dash = '\0';
        rule = find(tag);
    }
    return rule;
}

char *language_spoken(const char *tag)
{
    g_autofree char *copy = normal(tag);
    return find_nearest(copy) ? g_steal_pointer(&copy) : NULL;
}

enum plural language_plural(const char *tag, int n)
{
    g_autofree char *copy = normal(tag);
    const struct rule *rule = find_nearest(copy);
    const struct plural_row *row = rule ? rule->rows : ONE_AND_THE_REST;
    while (row->modulus && (n % row->modulus < row->low || n % row->modulus > row->high)) row++;
    return row->plural;
}

bool language_same(const char *a, const char *b)
{
    gsize length = strcspn(a, "-_");
    return length == strcspn(b, "-_") && g_ascii_strncasecmp(a, b, length) == 0;
}

size_t language_stem(const char *name)
{
    const char *dot = strrchr(name, '.');
    g_autofree char *spoken = dot && dot > name ? language_spoken(dot + 1) : NULL;
    return spoken ? (size_t)(dot - name) : strlen(name);
}

char *language_of_locale(const char *locale)
{
    g_autofree char *name = g_strndup(locale, strcspn(locale, ".@"));
    bool none = !*name || strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
    g_autofree char *tag = normal(name);
    return g_strdup(none || strspn(tag, "abcdefghijklmnopqrstuvwxyz0123456789-") < strlen(tag) ? "en" : tag);
}

/* ---- three letters ---- */

/* The codes of ISO 639-1, each with that of ISO 639-2 behind it. */
static const char CODES[] =
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis "
    "bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu "
    "dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry "
    "gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina "
    "idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz "
    "klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir lalat lbltz lglug lilim lnlin lolao "
    "ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde "
    "nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan pipli plpol "
    "pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv "
    "smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk "
    "tltgl tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln "
    "wowol xhxho yiyid yoyor zazha zhzho zuzul ";

void language_three_letters(const char *tag, char code[4])
{
    enum { PAIR = 6 }; /* bytes, with the space */
    g_autofree char *copy = normal(tag);
    gsize length = strcspn(copy, "-");
    g_strlcpy(code, length == 3 ? copy : "und", 4);
    for (const char *at = CODES; length == 2 && *at; at += PAIR)
        if (memcmp(at, copy, 2) == 0) memcpy(code, at + 2, 3);
}
