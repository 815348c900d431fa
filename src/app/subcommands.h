/* What each subcommand does: given its options, returns the exit code. */
#ifndef APP_SUBCOMMANDS_H
#define APP_SUBCOMMANDS_H

#include "options.h"
#include "print.h"

int subcommand_play(const struct options *options);
int subcommand_menu(const struct options *options);
int subcommand_attach(const struct options *options);
int subcommand_render(const struct options *options);
int subcommand_plan(const struct options *options);
int subcommand_captions(const struct options *options);
int subcommand_sheet(const struct options *options);
int subcommand_speak(const struct options *options);
int subcommand_cache(const struct options *options);
int subcommand_script(const struct options *options);
int subcommand_record(const struct options *options);
int subcommand_check(const struct options *options);
int subcommand_list(const struct options *options);
int subcommand_history(const struct options *options);
int subcommand_rate(const struct options *options);
int subcommand_level(const struct options *options);
int subcommand_remind(const struct options *options);
int subcommand_new(const struct options *options);
int subcommand_import(const struct options *options);
int subcommand_voices(const struct options *options);
int subcommand_devices(const struct options *options);
int subcommand_config(const struct options *options);
int subcommand_restore(const struct options *options);
int subcommand_class(const struct options *options);
int subcommand_snapcast_control(const struct options *options);
int subcommand_daemon(const struct options *options);
int subcommand_steer(const struct options *options); /* every command of player/command.h */

#endif
