/* JSON for programs that read what we print: one object a line, its fields in the order in which they
 * were given. The object is built in a GString that is empty at first. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* A text may be NULL, which is null; bytes in it that are not UTF-8 are replaced. */
void json_text(GString *object, const char *name, const char *value);
void json_texts(GString *object, const char *name, const GPtrArray *values); /* of const char * */
void json_number(GString *object, const char *name, int64_t value);
void json_real(GString *object, const char *name, double value);    /* in full: 17 digits; finite */
void json_decimal(GString *object, const char *name, double value); /* three decimals; finite */
void json_bool(GString *object, const char *name, bool value);
void json_null(GString *object, const char *name);
/* A value that is JSON already, in three pieces. */
void json_raw(GString *object, const char *name, const char *open, const char *value, const char *close);

/* Completes the object. */
void json_end(GString *object);

/* Completes and prints it on a line, and empties the string for the next one. */
void json_print(GString *object, FILE *out);

/* Deeper than anything that is read here: json-glib calls itself for each level. */
bool json_is_deep(const char *text);

/* Reads one. NULL if the text is not a JSON object. It belongs to the parser. */
JsonObject *json_object_in(JsonParser *parser, const char *text);

#endif
