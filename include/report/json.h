/* JSON for programs that read what we print: one object a line, its fields in the order in which they were
 * given. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/auto.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json;

struct json *json_new(void);
void json_free(struct json *json);
AUTO_DEFINE(json)

/* A field of the object under way. A text may be NULL, which is null; bytes in it that are no UTF-8 are
 * replaced. */
void json_text(struct json *json, const char *name, const char *value);
void json_texts(struct json *json, const char *name, const GPtrArray *values); /* of const char * */
void json_number(struct json *json, const char *name, int64_t value);
void json_real(struct json *json, const char *name, double value);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/* Prints the object and a line's end, and begins the next one. */
void json_print(struct json *json, FILE *out);

/* --- reading --- */

struct json_object;

/* NULL if the text is no JSON object. */
struct json_object *json_read(const char *text);
void json_object_free(struct json_object *object);
AUTO_DEFINE(json_object)

/* NULL, or `otherwise`, where the field is absent, null or of another kind. A text is borrowed. */
const char *json_get_text(const struct json_object *object, const char *name);
double json_get_number(const struct json_object *object, const char *name, double otherwise);

/* A line "name: value" for each field that is not null, and an empty line behind them. */
void json_print_fields(const struct json_object *object, FILE *out);

#endif
