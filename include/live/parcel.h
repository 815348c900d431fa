/* A session as another process needs it: the whole texts of settings, voice and routine, as they were found,
 * and a few flags. Both ends of it.
 *
 *   client   part routine W3JvdXRpbmVd…   to the daemon: some bytes of a part in base64; as often as need be
 *            play resume                  all has been sent: play it. The words are flags
 *
 *   client   parts                        from the process that plays
 *   server   part: routine W3JvdXRpbmVd…  as often as need be
 *            OK
 *
 * The sender has checked what it sends; the receiver checks it all the same. */
#ifndef LIVE_PARCEL_H
#define LIVE_PARCEL_H

#include "control/client.h"
#include "control/server.h"
#include "live/live.h"

enum parcel_part {
    PARCEL_SETTINGS, /* as settings_ini() has them */
    PARCEL_VOICE,    /* as voice_ini() has it */
    PARCEL_VOICE_NAME,
    PARCEL_VOICE_PATH,
    PARCEL_VOICE_SOURCES, /* as voice_print_sources() */
    PARCEL_ROUTINE,       /* its file; of several, with a NUL between two */
    PARCEL_ROUTINE_PATH,  /* likewise */
    PARCEL_STEPS, /* of several files, or if not all steps are wanted in their order: routine_kept() */
    PARCEL_STATE_DIRECTORY,
    PARCEL_DATA_DIRECTORY,
    PARCEL_RENDER_COMMAND,
    PARCEL_UNTIL,   /* real time in us, or nothing */
    PARCEL_SEED,    /* of shuffled music, or nothing */
    PARCEL_OUT,     /* the steps that are left out: their numbers from 0, with blanks between */
    PARCEL_OPENING, /* what is said of it, a sentence on each line */
    PARCEL_KIND,    /* of the routine: "menu", "list" or nothing */
    PARCEL_CUES, /* the sound files of cues: for each, its key's name as a line, a line with the number of its
                    frames, and these, in 16 bits, little-endian */
    N_PARCEL_PARTS
};

struct parcel {
    GString *part[N_PARCEL_PARTS];
    bool background, replace; /* no screen; in the place of the session that plays */
    struct settings *settings;
    struct voice *voice;
    struct routine *routine;
    GByteArray *out;             /* NULL: none */
    GPtrArray *opening;          /* likewise */
    struct play_request request; /* of the above, after parcel_open() */
};

struct parcel *parcel_new(void);
void parcel_free(struct parcel *parcel); /* NULL is fine */
AUTO_DEFINE(parcel)

/* --- the end that sends --- */

/* Packs what `request` has. The routine's file is read again, unless there is none and `source` is what would
 * stand in it. False after a problem. */
bool parcel_pack(struct parcel *parcel, const struct play_request *request, const GString *source,
                 struct diags *diags);

/* Sends all of it, and returns the daemon's answer to `play`; NULL with CONTROL_FAILED. */
struct response *parcel_send(const struct parcel *parcel, struct client *client, int timeout_ms,
                             GError **error);

/* All parts as fields of a reply, without the flags, and without the sounds: it is a screen that asks. */
void parcel_reply(const struct parcel *parcel, struct reply *reply);

/* --- the end that receives --- */

/* Takes a line's words, "part" or "play" first. NULL, or what is wrong with them, to be freed. */
char *parcel_take_part(struct parcel *parcel, const char *const *words);
char *parcel_take_flags(struct parcel *parcel, const char *const *words);

/* Takes the fields that parcel_reply() has made; the same. */
char *parcel_take_reply(struct parcel *parcel, const struct response *response);

/* Reads settings, voice and routine from their texts, and fills in the request. False after an error, which
 * is in `diags`. */
bool parcel_open(struct parcel *parcel, struct diags *diags);

#endif
