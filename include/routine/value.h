/* The values of a routine's keys. Each reader reports a problem at its place, and leaves behind what makes no second one. */
#ifndef ROUTINE_VALUE_H
#define ROUTINE_VALUE_H

#include "base/diag.h"
#include "base/ini.h"
#include "routine/routine.h"

struct value {
    const struct ini_entry *entry;
    const struct diag_place *place;
    struct diags *diags;
};

/* One key of a section, and the field that it fills. */
struct key {
    const char *name;
    void (*read)(const struct value *value, void *field, int most);
    gsize offset;
    int most; /* of counts */
};

void value_text(const struct value *value, void *text, int most);      /* struct text; its fields are checked later */
void value_plain(const struct value *value, void *string, int most);   /* char *, without fields */
void value_language(const struct value *value, void *string, int most);
void value_count(const struct value *value, void *range, int most);    /* struct range from 1 to `most` */
void value_hold(const struct value *value, void *hold, int most);      /* struct hold; a range that ends at 0 if it is none */
void value_sides(const struct value *value, void *sides, int most);    /* struct sides; one side if they are none */
void value_rest(const struct value *value, void *ms, int most);        /* int */

/* Reads all entries of a section into `target`. `keys` ends with a row without a name. */
void value_read_section(const struct ini *ini, const struct ini_section *section, const struct key *keys, void *target,
                        struct diags *diags);

#endif
