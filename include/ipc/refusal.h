/* What is said where an output does not exist; in both programs. */
#ifndef IPC_REFUSAL_H
#define IPC_REFUSAL_H

/* One sentence that suggests the nearest of `names` (NULL-terminated) and says where all of them stand. The
 * caller frees it. */
char *refusal_no_such(const char *name, const char *const *names);

#endif
