#include "ipc/packets.h"
#include <errno.h>
#include <glib.h>
#include <sys/socket.h>
#include <sys/uio.h>

bool packet_send(int fd, const struct packet *packet, const void *payload, int flags)
{
    struct iovec parts[] = {{(void *)packet, sizeof *packet}, {(void *)payload, packet->size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS(parts)};
    for (size_t left = sizeof *packet + packet->size; left > 0;) {
        ssize_t sent = sendmsg(fd, &message, flags | MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        left -= (size_t)sent;
        for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
            size_t done = MIN((size_t)sent, parts[i].iov_len);
            parts[i].iov_base = (char *)parts[i].iov_base + done;
            parts[i].iov_len -= done;
            sent -= (ssize_t)done;
        }
    }
    return true;
}

void packet_reader_finish(struct packet_reader *reader)
{
    g_clear_pointer(&reader->payload, g_free);
    reader->received = 0;
}

static bool begin_payload(struct packet_reader *reader)
{
    if (reader->packet.size > reader->limit) return false;
    reader->payload = g_try_malloc((size_t)reader->packet.size + 1);
    if (reader->payload) reader->payload[reader->packet.size] = '\0';
    return reader->payload != NULL;
}

enum packet_state packet_read(struct packet_reader *reader, int fd, int flags)
{
    const size_t head = sizeof reader->packet;
    if (reader->payload && reader->received == head + reader->packet.size) packet_reader_finish(reader);
    for (;;) {
        size_t at = reader->received, end = at < head ? head : head + reader->packet.size;
        char *next = at < head ? (char *)&reader->packet + at : reader->payload + (at - head);
        ssize_t n = recv(fd, next, end - at, flags);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return PACKET_PARTIAL;
        if (n <= 0) return PACKET_END;
        reader->received += (size_t)n;
        if (reader->received == head && !begin_payload(reader)) return PACKET_END;
        if (reader->payload && reader->received == head + reader->packet.size) return PACKET_WHOLE;
    }
}
