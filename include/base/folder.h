/* The user's own folders for this program, as the XDG base directory specification has them. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

enum folder { FOLDER_CONFIG, FOLDER_DATA, FOLDER_STATE };

/* "$XDG_CONFIG_HOME/stretchvoice": where the variable is not an absolute path it counts as not set. The
 * folder need not exist. The caller frees it. */
char *folder_path(enum folder folder);

#endif
