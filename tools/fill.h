/* The program's tables, in the form that a man page, Markdown or completions need. */
#ifndef FILL_H
#define FILL_H

#include "app/options.h"

/* The table replaces the line of the text that has only this name. */
struct table {
    const char *name; /* "@KEYS@\n" */
    char *(*text)(void);
};

/* Each ends with a row without a name. The text contains each name once. */
extern const struct table man_tables[], markdown_tables[], bash_tables[], zsh_tables[], fish_tables[];

/* Subcommand i of the command line: first the table of subcommands, then the commands to a session. False
 * after the last. */
bool fill_command(guint i, struct subcommand *subcommand);

/* Whether the subcommand has this option. */
bool fill_goes_with(const struct option_row *option, const struct subcommand *subcommand);

#endif
