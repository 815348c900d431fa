/* What the fuzz targets share. Each file here is a target: a program that libFuzzer calls with bytes that
 * somebody else may have written. It asserts what must hold whatever they are; the sanitizers look for the
 * rest. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "base/diag.h"
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Puts the bytes into a file that no path leads to but its own, in memory. The descriptor is the caller's. */
int fuzz_file(const uint8_t *data, size_t size);

/* All that was found wrong can be shown on a terminal. */
void fuzz_show(struct diags *diags);

#endif
