#include "ipc/packets.h"
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 1000 };

static void open_pair(int ends[2])
{
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
}

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

static void send_bytes(int fd, const void *data, size_t size)
{
    g_assert_cmpint(send(fd, data, size, MSG_NOSIGNAL), ==, (ssize_t)size);
}

static void test_whole(void)
{
    int ends[2];
    struct packet_reader reader = {.limit = LIMIT};
    open_pair(ends);
    g_assert_true(
        packet_send(ends[0], &(struct packet){.kind = 7, .size = 3, .value = {-1, 2, 3}}, "abc", 0));
    g_assert_true(packet_send(ends[0], &(struct packet){.kind = 8}, NULL, 0));
    g_assert_cmpint(packet_read(&reader, ends[1], 0), ==, PACKET_WHOLE);
    g_assert_cmpuint(reader.packet.kind, ==, 7);
    g_assert_cmpint(reader.packet.value[0], ==, -1);
    g_assert_cmpstr(reader.payload, ==, "abc");
    g_assert_cmpint(packet_read(&reader, ends[1], MSG_DONTWAIT), ==, PACKET_WHOLE);
    g_assert_cmpuint(reader.packet.kind, ==, 8);
    g_assert_cmpstr(reader.payload, ==, "");
    g_assert_cmpint(packet_read(&reader, ends[1], MSG_DONTWAIT), ==, PACKET_PARTIAL);
    packet_reader_finish(&reader);
    close_pair(ends);
}

static void test_in_pieces(void)
{
    struct {
        struct packet packet;
        char payload[4];
    } sent = {{.kind = 1, .size = 4}, "four"};
    int ends[2];
    struct packet_reader reader = {.limit = LIMIT};
    open_pair(ends);
    for (size_t i = 0; i < sizeof sent; i++) {
        g_assert_cmpint(packet_read(&reader, ends[1], MSG_DONTWAIT), ==, PACKET_PARTIAL);
        send_bytes(ends[0], (const char *)&sent + i, 1);
    }
    g_assert_cmpint(packet_read(&reader, ends[1], MSG_DONTWAIT), ==, PACKET_WHOLE);
    g_assert_cmpmem(reader.payload, 5, "four", 5);
    packet_reader_finish(&reader);
    close_pair(ends);
}

static void test_limit(void)
{
    const struct packet most = {.size = LIMIT}, more = {.size = LIMIT + 1}, absurd = {.size = UINT32_MAX};
    static const char payload[LIMIT];
    int ends[2];
    open_pair(ends);
    struct packet_reader reader = {.limit = LIMIT};
    packet_send(ends[0], &most, payload, 0);
    g_assert_cmpint(packet_read(&reader, ends[1], 0), ==, PACKET_WHOLE);
    send_bytes(ends[0], &more, sizeof more);
    g_assert_cmpint(packet_read(&reader, ends[1], 0), ==, PACKET_END);
    packet_reader_finish(&reader);
    send_bytes(ends[0], &absurd, sizeof absurd);
    g_assert_cmpint(packet_read(&reader, ends[1], 0), ==, PACKET_END);
    packet_reader_finish(&reader);
    close_pair(ends);
}

/* The other side ends, in the middle of a packet too, and a full socket is not waited for. */
static void test_end(void)
{
    const struct packet packet = {.size = LIMIT};
    static const char payload[LIMIT];
    int ends[2];
    struct packet_reader reader = {.limit = LIMIT};
    open_pair(ends);
    while (packet_send(ends[1], &packet, payload, MSG_DONTWAIT)) continue;
    send_bytes(ends[0], &packet, sizeof packet);
    close(ends[0]);
    g_assert_cmpint(packet_read(&reader, ends[1], 0), ==, PACKET_END);
    g_assert_false(packet_send(ends[1], &packet, payload, 0));
    packet_reader_finish(&reader);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/packets/whole", test_whole);
    g_test_add_func("/packets/in-pieces", test_in_pieces);
    g_test_add_func("/packets/limit", test_limit);
    g_test_add_func("/packets/end", test_end);
    return g_test_run();
}
