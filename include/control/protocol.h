/* The control socket's protocol: bytes from words and back. Pure functions.
 *
 *   server   OK stretchvoice 1              the greeting, with the protocol's version
 *   client   volume -6                      a command a line, its words quoted as a shell would
 *   server   volume: -6                     any number of "key: value" lines,
 *            OK                             then this, or "ERR code message" with an exit code
 *
 * A client that has subscribed is also sent "key: value" lines between the answers, never inside one. */
#ifndef CONTROL_PROTOCOL_H
#define CONTROL_PROTOCOL_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>

#define CONTROL_GREETING "OK stretchvoice 1"

enum {
    CONTROL_LINE = 4096,              /* bytes of a command without its line's end, at most */
    CONTROL_VALUE = 16 << 10,         /* of a value or message; what is longer is cut, with an ellipsis */
    CONTROL_RESPONSE_LINE = 17 << 10, /* of a line from the server */
};

/* The words of a command: at least one. NULL if there is none or a quote is left open: *problem, which is
 * static, says so. */
char **protocol_words(const char *line, const char **problem);

/* The line that protocol_words() makes these words of, with its LF; the caller frees it. NULL if there is no
 * such line, and *problem, which is static, says what the words hold: "invalid UTF-8". */
char *protocol_command(const char *const *words, const char **problem);

/* Append a line of a response. A value or message is made fit for one line. */
void protocol_field(GString *out, const char *key, const char *value);
void protocol_ok(GString *out);
void protocol_error(GString *out, int code, const char *message);

enum response_kind { RESPONSE_FIELD, RESPONSE_OK, RESPONSE_ERROR };

struct response_line {
    enum response_kind kind;
    int code;          /* of an error: 1 to 255 */
    const char *key;   /* of a field */
    const char *value; /* of a field; an error's message */
};

/* Reads a line that is not a greeting. The line is cut in place, and `response` points into it. False if it
 * is not of the protocol. */
bool protocol_read(char *line, struct response_line *response);

#endif
