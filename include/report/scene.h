/* What a screen needs of a session beside its status: words in the voice's language, and estimates of what is
 * to come. As plain data, and as text for a screen in another process. Pure functions. */
#ifndef REPORT_SCENE_H
#define REPORT_SCENE_H

#include "report/status.h"

enum { OUTLINE_STEPS = 64 };

/* About how long the routine and the steps around the present one take. */
struct outline {
    int step; /* the present one, or a negative place outside */
    struct effort effort;
    double whole;               /* seconds, from the beginning to the end; 0: not known */
    int first, n;               /* the steps whose seconds are known: so many from `first` on */
    int seconds[OUTLINE_STEPS]; /* each */
};

struct scene {
    char *text;      /* of a status that was read; else NULL */
    GByteArray *out; /* likewise, its steps that are left out */
    char *device;    /* the output if it is not the default; NULL: it is, or there is none */
    char *cue;       /* what to do in the hold under way; NULL outside of holds */
    char *details;   /* side and set, as far as there is more than one; NULL: none */
    char *count;     /* the repetition, likewise */
    int speed;       /* pace.speed, percent */
    struct outline outline;
};

/* Fills in the outline, if it is not that of this place already. */
void outline_look(struct outline *outline, const struct script *script, int step);

/* Fills in the cue, the details, the count and the speed, and copies the outline and the device (may be
 * NULL). */
void scene_look(struct scene *scene, const struct status *status, const struct script *script,
                const struct outline *outline, const char *device);
void scene_finish(struct scene *scene);

/* The object of status_json() with a screen's further members, for scene_read(). The caller frees it. */
char *scene_json(const struct scene *scene, const struct status *status);

/* Reads what scene_json() wrote in another process, for the same routine. False if it is not that: each
 * number is checked against its range. status->text is scene->text; scene_finish() is due in any case. */
bool scene_read(const char *json, const struct routine *routine, struct status *status, struct scene *scene);

#endif
