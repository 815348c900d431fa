/* What each verb does: given its options, returns the exit code. One file a verb. */
#ifndef APP_VERBS_H
#define APP_VERBS_H

#include "options.h"

int verb_play(const struct options *options);
int verb_render(const struct options *options);
int verb_plan(const struct options *options);
int verb_captions(const struct options *options);
int verb_check(const struct options *options);
int verb_list(const struct options *options);
int verb_voices(const struct options *options);
int verb_devices(const struct options *options);
int verb_config(const struct options *options);
int verb_daemon(const struct options *options);
int verb_steer(const struct options *options); /* whatever the command table has */

#endif
