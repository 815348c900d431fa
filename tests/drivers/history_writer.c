/* A session that is written into the history by stretchvoice-history, as the program that plays does it:
 *
 *   history_writer HELPER DATABASE ROUTINE STEPS
 *
 * Prints "sent N" once step N is on its way, and "taken N" once it has been dealt with; what the helper says
 * to the user goes to standard error. */
#include "history/record.h"
#include "ipc/child.h"
#include "ipc/history_packets.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_S = 60 };

static void send_step(struct child *child, const char *routine, int number)
{
    g_autofree char *name = g_strdup_printf("step-%d", number);
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct history_step));
    const struct history_step step = {
        .number = number, .name = name, .title = name, .seconds = 60, .holds_done = 2, .holds = 2};
    g_array_append_val(steps, step);
    const struct history_record record = {
        .session = {.routine = (char *)routine,
                    .title = (char *)routine,
                    .language = (char *)"en",
                    .file = (char *)"/made.ini",
                    .begun = 1800000000,
                    .ended = 1800000000 + 60 * number,
                    .seconds = 60 * (int64_t)number,
                    .holds_done = 2 * number,
                    .holds = 2 * number,
                    .skipped = (char *)"",
                    .longer = (char *)"",
                    .easier = (char *)""},
        .steps = steps,
    };
    g_autoptr(GBytes) bytes = record_pack(&record);
    gsize size;
    const void *payload = g_bytes_get_data(bytes, &size);
    const struct packet packet = {.kind = HISTORY_RECORD, .size = (uint32_t)size};
    child_send(child, &packet, payload);
}

static void await_taken(struct child *child)
{
    g_autoptr(GError) error = NULL;
    const char *payload;
    gint64 deadline = g_get_monotonic_time() + WAIT_S * G_TIME_SPAN_SECOND;
    for (;;) {
        const struct packet *packet = child_wait(child, deadline, &payload, &error);
        if (!packet) g_error("the history program: %s", error->message);
        if (packet->kind == HISTORY_TAKEN) return;
        fprintf(stderr, "%s\n", payload);
    }
}

int main(int argc, char **argv)
{
    if (argc != 5) return 2;
    g_autoptr(GError) error = NULL;
    const struct child_options options = {.program = argv[1], .extra_fd = -1, .limit = HISTORY_SENTENCE_MAX};
    struct child *child = child_new(&options, &error);
    if (!child) g_error("%s", error->message);
    const struct packet packet = {.kind = HISTORY_OPEN, .size = (uint32_t)strlen(argv[2])};
    child_send(child, &packet, argv[2]);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int number = 1; number <= atoi(argv[4]); number++) {
        send_step(child, argv[3], number);
        printf("sent %d\n", number);
        await_taken(child);
        printf("taken %d\n", number);
    }
    child_forget(child);
    return 0;
}
