/* Ogg Vorbis and Opus: the second packet of a stream has the comments. What follows the headers begins on a
 * page of its own, and keeps its pages; they get new numbers. */
#include "dress.h"
#include <errno.h>
#include <ogg/ogg.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 << 10, SERIAL = 1 /* the same in each file */ };

/* A stream of the kind: how many packets its headers are, and what stands around the comments. */
struct kind {
    int headers;
    const char *before, *after;
};

struct ogg {
    const struct dress *dress;
    const struct kind *kind;
    int from;
    struct newfile *to;
    ogg_sync_state sync;
    ogg_stream_state in, out;
    bool begun;
    int headers; /* packets so far */
    long page;   /* the number of the next */
};

static uint32_t little(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void set_little(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> 8 * i);
}

/* The next page. False at the end, or after an error. */
static bool read_page(struct ogg *ogg, ogg_page *page, GError **error)
{
    while (ogg_sync_pageout(&ogg->sync, page) != 1) {
        char *buffer = ogg_sync_buffer(&ogg->sync, PIECE);
        ssize_t n = TEMP_FAILURE_RETRY(read(ogg->from, buffer, PIECE));
        if (n < 0) newfile_fail(ogg->to, error, (int)g_io_error_from_errno(errno), g_strerror(errno));
        if (n <= 0) return false;
        ogg_sync_wrote(&ogg->sync, n);
    }
    return true;
}

static bool write_page(struct ogg *ogg, const ogg_page *page, GError **error)
{
    ogg->page++;
    return newfile_write(ogg->to, (const char *)page->header, (gsize)page->header_len, error) &&
           newfile_write(ogg->to, (const char *)page->body, (gsize)page->body_len, error);
}

static bool flush(struct ogg *ogg, GError **error)
{
    ogg_page page;
    while (ogg_stream_flush(&ogg->out, &page))
        if (!write_page(ogg, &page, error)) return false;
    return true;
}

/* The encoder's name is kept. */
static GByteArray *comments_of(const struct ogg *ogg, const ogg_packet *old)
{
    const struct kind *kind = ogg->kind;
    gsize before = strlen(kind->before) + 4, size = (gsize)old->bytes;
    gsize vendor = size > before ? MIN(little(old->packet + before - 4), size - before) : 0;
    const char *name = vendor ? (const char *)old->packet + before : "";
    g_autoptr(GByteArray) payload = dress_comments(ogg->dress, name, vendor);
    GByteArray *packet = g_byte_array_new();
    dress_append(packet, kind->before);
    g_byte_array_append(packet, payload->data, payload->len);
    dress_append(packet, kind->after);
    return packet;
}

/* The first packet has its page to itself. */
static bool take_header(struct ogg *ogg, ogg_packet *packet, GError **error)
{
    g_autoptr(GByteArray) comments = ogg->headers == 1 ? comments_of(ogg, packet) : NULL;
    if (comments) {
        packet->packet = comments->data;
        packet->bytes = comments->len;
    }
    packet->granulepos = 0;
    ogg_stream_packetin(&ogg->out, packet);
    ogg->headers++;
    return (ogg->headers != 1 && ogg->headers != ogg->kind->headers) || flush(ogg, error);
}

static bool take_headers(struct ogg *ogg, ogg_page *page, GError **error)
{
    ogg_packet packet;
    if (!ogg->begun) ogg_stream_init(&ogg->in, ogg_page_serialno(page));
    if (!ogg->begun) ogg_stream_init(&ogg->out, SERIAL);
    ogg->begun = true;
    ogg_stream_pagein(&ogg->in, page);
    while (ogg->headers < ogg->kind->headers && ogg_stream_packetout(&ogg->in, &packet) == 1)
        if (!take_header(ogg, &packet, error)) return false;
    return true;
}

/* The serial number and the page's number lie at bytes 14 and 18. */
static bool take_sound(struct ogg *ogg, ogg_page *page, GError **error)
{
    set_little(page->header + 14, SERIAL);
    set_little(page->header + 18, (uint32_t)ogg->page);
    ogg_page_checksum_set(page);
    return write_page(ogg, page, error);
}

static bool copy(struct ogg *ogg, GError **error)
{
    ogg_page page;
    g_autoptr(GError) problem = NULL;
    while (read_page(ogg, &page, &problem)) {
        bool in_headers = ogg->headers < ogg->kind->headers;
        if (!(in_headers ? take_headers : take_sound)(ogg, &page, error)) return false;
    }
    bool whole = !problem;
    if (problem) g_propagate_error(error, g_steal_pointer(&problem));
    return whole;
}

static bool dress_stream(const struct kind *kind, const struct dress *dress, int from, struct newfile *to,
                         GError **error)
{
    struct ogg ogg = {.dress = dress, .kind = kind, .from = from, .to = to};
    ogg_sync_init(&ogg.sync);
    lseek(from, 0, SEEK_SET);
    bool done = copy(&ogg, error);
    ogg_sync_clear(&ogg.sync);
    if (ogg.begun) ogg_stream_clear(&ogg.in);
    if (ogg.begun) ogg_stream_clear(&ogg.out);
    return done;
}

bool dress_vorbis(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    return dress_stream(&(struct kind){3, "\x03vorbis", "\x01"}, dress, from, to, error);
}

bool dress_opus(const struct dress *dress, int from, struct newfile *to, GError **error)
{
    return dress_stream(&(struct kind){2, "OpusTags", ""}, dress, from, to, error);
}
