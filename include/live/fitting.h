/* A session that is to last a given time: its sentences are spoken to learn how long they are, then plan/fit
 * finds the session, until all lengths that it needs are known. Main thread; no call waits. */
#ifndef LIVE_FITTING_H
#define LIVE_FITTING_H

#include "plan/fit.h"
#include "speech/speech.h"

struct fitting;

/* All is borrowed. The speech may become another one. */
struct fitting *fitting_new(struct speech *const *speech, const struct timing *timing, int words_a_minute);
void fitting_free(struct fitting *fitting); /* NULL is fine */
AUTO_DEFINE(fitting)

/* From now on this is what is asked for; what it borrows must live until it is found. */
void fitting_begin(struct fitting *fitting, const struct fit_wish *wish);

/* Goes on as far as speech allows; true once it is found. To be called again when speech has arrived. */
bool fitting_run(struct fitting *fitting);

/* What was found, borrowed until the next fitting_begin(); and the script that has it. */
const struct fit *fitting_found(const struct fitting *fitting);
struct script fitting_script(const struct fitting *fitting);

#endif
