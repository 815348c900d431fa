/* stretchvoice-speech: the helper program that speaks. It starts the engine before it knows the voice, so
 * that it is ready when the main program is, and then answers one frame after the other. */
#include "child.h"
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct engine *const engines[] = {&engine_espeak, &engine_tone};

struct server {
    int rates[G_N_ELEMENTS(engines)]; /* of each engine, 0 if it cannot speak */
    struct mouth mouth;               /* mouth.engine is NULL as long as there is no voice */
};

/* ---- frames ---- */

static bool receive(void *data, size_t size)
{
    return size == 0 || recv(STDIN_FILENO, data, size, MSG_WAITALL) == (ssize_t)size;
}

/* The other end may close in the middle: that is no fault, and the next receive() says so. */
static void answer(struct frame frame, const void *data)
{
    struct iovec parts[] = {{&frame, sizeof frame}, {(void *)data, frame.size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS(parts)};
    sendmsg(STDIN_FILENO, &message, MSG_NOSIGNAL);
}

/* ---- USE ---- */

static int find_engine(const char *name)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(engines); i++)
        if (strcmp(engines[i]->name, name) == 0) return i;
    return -1;
}

static char *open_mouth(struct server *server, const struct use *use)
{
    int i = find_engine(use->engine);
    if (i < 0) return g_strdup_printf("no such speech engine ('%s'; espeak)", use->engine);
    if (server->rates[i] <= 0)
        return g_strdup("espeak-ng finds no data of its version (install espeak-ng-data)");
    char *problem = engines[i]->use(use);
    if (problem) return problem;
    if (!mouth_open(&server->mouth, engines[i], server->rates[i]))
        return g_strdup("there is no memory to speak into");
    server->mouth.sandbox = sandbox_new(engines[i]->directory());
    return NULL;
}

static bool handle_use(struct server *server, const struct frame *frame)
{
    struct use use;
    if (server->mouth.engine || frame->size != sizeof use || !receive(&use, sizeof use)) return false;
    use.engine[sizeof use.engine - 1] = '\0';
    use.voice[sizeof use.voice - 1] = '\0';
    use.variant[sizeof use.variant - 1] = '\0';
    g_autofree char *problem = open_mouth(server, &use);
    const char *text = problem ? problem : "";
    answer((struct frame){.kind = FRAME_READY, .size = (uint32_t)strlen(text)}, text);
    return true;
}

/* ---- SAY ---- */

static bool handle_say(struct server *server, const struct frame *frame)
{
    char text[PROTOCOL_TEXT + 1];
    if (!server->mouth.engine || frame->size > PROTOCOL_TEXT || !receive(text, frame->size)) return false;
    text[frame->size] = '\0';
    enum outcome outcome = mouth_say(&server->mouth, text);
    const struct recording *recording = server->mouth.recording;
    uint32_t samples = outcome == OUTCOME_SPOKEN ? recording->samples : 0;
    answer((struct frame){.kind = FRAME_CLIP,
                          .size = samples * (uint32_t)sizeof *recording->sample,
                          .outcome = outcome,
                          .rate = (uint32_t)server->mouth.rate},
           recording->sample);
    return true;
}

/* ---- the program ---- */

static bool handle_next(struct server *server)
{
    struct frame frame;
    if (!receive(&frame, sizeof frame)) return false;
    switch (frame.kind) {
    case FRAME_USE: return handle_use(server, &frame);
    case FRAME_SAY: return handle_say(server, &frame);
    default: return false;
    }
}

/* The terminal's signals are for the main program; its end, however it comes, is the end of this one. */
static void attach_to_parent(void)
{
    setsid();
    signal(SIGCHLD, SIG_DFL); /* who ignores it cannot learn how a child has ended */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

int main(int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], PROTOCOL_NAME) != 0) {
        fputs("stretchvoice-speech is a private part of stretchvoice, which starts it itself.\n", stderr);
        return 2;
    }
    attach_to_parent();
    struct server server = {.mouth = {.asker = STDIN_FILENO, .patience_ms = PROTOCOL_PATIENCE_S * 1000}};
    for (size_t i = 0; i < G_N_ELEMENTS(engines); i++) server.rates[i] = engines[i]->start();
    while (handle_next(&server)) continue;
    _exit(EXIT_SUCCESS); /* espeak-ng is not asked to tidy up: that can hang */
}
