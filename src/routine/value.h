/* The values of a routine's keys. Each reader reports a problem at its place, and leaves behind what makes no
 * second one. */
#ifndef ROUTINE_VALUE_H
#define ROUTINE_VALUE_H

#include "base/diag.h"
#include "base/ini.h"
#include "routine/routine.h"

struct value {
    const struct ini_entry *entry;
    const struct diag_location *place;
    struct diags *diags;
};

/* One key of a section, and the field that it fills. */
struct key {
    const char *name;
    void (*read)(const struct value *value, void *field, int most);
    gsize offset;
    int most; /* of counts */
};

/* What `field` is, and what stands there if the value is wrong. Texts are pieces of the file, not copies:
 *   text      struct text; its fields are checked later
 *   plain     const char *, a text without fields; as it was
 *   language  const char *; as it was
 *   count     struct range from 1 to `most`; as it was
 *   hold      struct hold; a range that ends at 0
 *   sides     struct sides; one side
 *   rest      int, milliseconds; as it was */
void value_text(const struct value *value, void *field, int most);
void value_plain(const struct value *value, void *field, int most);
void value_language(const struct value *value, void *field, int most);
void value_count(const struct value *value, void *field, int most);
void value_hold(const struct value *value, void *field, int most);
void value_sides(const struct value *value, void *field, int most);
void value_rest(const struct value *value, void *field, int most);

/* Reads all entries of a section into `target`. `keys` ends with a row without a name. */
void value_read_section(const struct ini *ini, const struct ini_section *section, const struct key *keys,
                        void *target, struct diags *diags);

#endif
