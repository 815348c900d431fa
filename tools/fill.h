/* The tables of the program, as the texts that are made from them need them. */
#ifndef FILL_H
#define FILL_H

#include "app/options.h"

/* A line of the text that is only this name becomes the table. */
struct table {
    const char *name; /* "@KEYS@\n" */
    char *(*text)(void);
};

/* Each ends with a row without a name, and each row has its place in the text once. */
extern const struct table man_tables[], bash_tables[], zsh_tables[], fish_tables[];

/* The commands of the command line: subcommands, and what steers a session. False behind the last. */
bool fill_command(guint i, struct subcommand *subcommand);

/* The option goes with the command. */
bool fill_goes_with(const struct option_row *option, const struct subcommand *subcommand);

#endif
