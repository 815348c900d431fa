/* A stream of another program: what is known of it, and which of its levels are ours. No call goes to a
 * server. */
#ifndef OTHERS_HELPER_STREAM_H
#define OTHERS_HELPER_STREAM_H

#include "entry.h"
#include "level.h"

/* It is there, or has been: a server remembers the level of what an application has played last. */
struct stream {
    struct entry entry;  /* with the levels that it has without words */
    struct steps ours;   /* those that the server may still report: what was written last, and on the way what
                            was written before */
    int written;         /* the last one */
    int64_t begun;       /* on PipeWire, if it was not there before; microseconds */
    uint32_t sink;       /* the server's number of its device, as it was reported last */
    uint32_t master;     /* where levels are absolute: the level of its device, which is that of the loudest
                            stream     there and takes all others with it; 0: not known, or levels are relative */
    struct entry report; /* there, what the server has said of it; without channels: it has been looked at */
    bool noted;          /* its levels are on disk */
    bool kept;           /* the user has changed its level while it was lowered */
    bool lowered;        /* at least once */
    bool restored;       /* its level, or the remembered one, that an earlier stream has left low */
    bool muted;
    bool gone;
    enum { STREAM_UNKNOWN, STREAM_ASKED, STREAM_MENDED } memory; /* of the server, of a stream that is gone */
};

/* With the levels of `entry`, which is copied. */
struct stream *stream_new(const struct entry *entry);

/* The one with this number that is there. */
struct stream *stream_find(const GPtrArray *all, uint32_t index);

/* Another stream whose lowered level this one has: because it is the same, left low by an earlier process, or
 * because the server has remembered the level. */
struct stream *stream_find_lowered(const GPtrArray *all, const struct stream *of, const struct entry *now);

/* The same that an earlier process has left: what the server remembers is what this one has when it ends. */
void stream_same_is_back(const GPtrArray *all, const struct entry *now);

/* By how many steps it is lowered now; -1: its level is not ours. */
int stream_step(const struct stream *stream, const struct entry *now);

/* From now on its own level is this one, with the channels and the balance of `now`. */
void stream_set_own(struct stream *stream, const struct entry *now, uint32_t level);

/* The same level as before on other channels. */
void stream_set_channels(struct stream *stream, const struct entry *now);

/* The level of the device is `master` now, and was another when the stream was looked at last: a level that
 * has changed by as much is still ours. */
void stream_follow(struct stream *stream, const struct entry *now, uint32_t master);

/* What a server should remember of it, which is relative to the device. */
uint32_t stream_remembered_level(const struct stream *stream);

/* Of those that have ended here, whose remembered level is to be looked at now: whether there are any. */
bool stream_ask_memory(const GPtrArray *all, const char *address);

/* Whether there are none left. */
bool stream_all_mended(const GPtrArray *all, const char *address);

/* Keeps the newest of those that have ended. */
void stream_forget_old(GPtrArray *all);

/* It was left on another server, for a start that finds that one. `address` is NULL before one is known. */
bool stream_is_elsewhere(const struct stream *stream, const char *address);

/* Writes the journal: those elsewhere, and with `here` those that may be changed, or are still to be undone.
 * False if that fails. */
bool stream_note(const GPtrArray *all, struct journal *journal, const char *address, bool here);

/* What the journal has, all of it gone for now. An array of struct stream, which it frees. */
GPtrArray *stream_read_all(const struct journal *journal);

#endif
