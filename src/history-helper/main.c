/* stretchvoice-history: writes a session into the history, since a disk may take seconds for what the sound
 * cannot wait for. It outlives the program that plays until all is written, even if that is killed. */
#include "base/diag.h"
#include "history/leaving.h"
#include "history/record.h"
#include "ipc/helper.h"
#include "ipc/history_packets.h"
#include "ipc/packets.h"
#include <string.h>
#include <unistd.h>

enum { SHOWN_PATH = 300 };

struct writer {
    char *path;
    struct store *store; /* NULL while the file cannot be opened */
    bool refused;        /* the file is to be left alone */
    bool complained;
    struct history_record *record; /* the session with all of its steps so far; NULL before the first */
    guint written;                 /* steps of it */
};

/* ---- to the main program ---- */

static void say(const char *sentence)
{
    const struct packet packet = {.kind = HISTORY_SAY, .size = (uint32_t)strlen(sentence)};
    packet_send(STDIN_FILENO, &packet, sentence, 0);
}

/* Once: a full disk costs the history, and no more words than these. */
static void complain(struct writer *writer, const GError *error)
{
    if (writer->complained) return;
    writer->complained = true;
    g_autofree char *shown = diag_shown(writer->path, SHOWN_PATH);
    g_autofree char *sentence =
        g_strdup_printf("the history '%s' cannot be written: %s", shown, error->message);
    say(sentence);
}

/* ---- writing ---- */

static void forget_written(struct writer *writer)
{
    writer->written = 0;
    if (writer->record) writer->record->session.id = 0;
}

static void open_store(struct writer *writer)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    writer->store = store_open(writer->path, true, &said, &error);
    if (said) say(said);
    if (error) complain(writer, error);
    writer->refused = g_error_matches(error, HISTORY_ERROR, HISTORY_NEWER);
    forget_written(writer);
}

static void close_store(struct writer *writer)
{
    store_free(writer->store);
    writer->store = NULL;
}

static bool write_once(struct writer *writer, GError **error)
{
    if (!record_write(writer->store, writer->record, writer->written, error)) return false;
    writer->written = writer->record->steps->len;
    return true;
}

/* What cannot be written is tried again with the next record. */
static void write_all(struct writer *writer)
{
    g_autoptr(GError) error = NULL;
    if (writer->store && !store_is_current(writer->store)) close_store(writer);
    if (!writer->store && !writer->refused) open_store(writer);
    if (!writer->store || write_once(writer, &error)) return;
    if (g_error_matches(error, HISTORY_ERROR, HISTORY_DAMAGED)) {
        g_clear_error(&error);
        close_store(writer);
        open_store(writer);
        if (!writer->store || write_once(writer, &error)) return;
    }
    complain(writer, error);
}

/* The newest session, and all steps so far. */
static void merge(struct writer *writer, struct history_record *record)
{
    struct history_record *before = writer->record;
    writer->record = record;
    if (!before) return;
    GArray *all = before->steps, *last = record->steps;
    g_array_append_vals(all, last->data, last->len);
    g_array_set_clear_func(last, NULL); /* what it owned has moved */
    record->session.id = before->session.id;
    record->steps = all;
    before->steps = last;
    record_free(before);
}

/* ---- packets ---- */

static bool take_leaving(struct writer *writer, const struct packet *packet, const char *payload)
{
    struct left_step *left = writer->path ? leaving_unpack(payload, packet->size) : NULL;
    g_autoptr(GError) error = NULL;
    if (!left) return false;
    if (writer->store && !store_is_current(writer->store)) close_store(writer);
    if (!writer->store && !writer->refused) open_store(writer);
    if (writer->store && !leaving_write(writer->store, left, &error)) complain(writer, error);
    leaving_free(left);
    packet_send(STDIN_FILENO, &(struct packet){.kind = HISTORY_TAKEN}, NULL, 0);
    return true;
}

static bool take(struct writer *writer, const struct packet *packet, const char *payload)
{
    if (packet->kind == HISTORY_OPEN && !writer->path && packet->size <= HISTORY_PATH_MAX) {
        writer->path = g_strndup(payload, packet->size);
        open_store(writer);
        return true;
    }
    if (packet->kind == HISTORY_LEAVE_OUT) return take_leaving(writer, packet, payload);
    struct history_record *record =
        packet->kind == HISTORY_RECORD && writer->path ? record_unpack(payload, packet->size) : NULL;
    if (!record) return false;
    merge(writer, record);
    write_all(writer);
    packet_send(STDIN_FILENO, &(struct packet){.kind = HISTORY_TAKEN}, NULL, 0);
    return true;
}

int main(int argc, char **argv)
{
    struct writer writer = {0};
    struct packet_reader reader = {.limit = HISTORY_RECORD_MAX};
    helper_begin_lasting(argc, argv, "stretchvoice-history");
    while (packet_read(&reader, STDIN_FILENO, 0) == PACKET_WHOLE)
        if (!take(&writer, &reader.packet, reader.payload)) break;
    close_store(&writer);
    record_free(writer.record);
    g_free(writer.path);
    packet_reader_finish(&reader);
    helper_end();
}
