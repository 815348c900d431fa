/* The user's own directories for this program, as the XDG base directory specification has them. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

enum directory { DIRECTORY_CONFIG, DIRECTORY_DATA, DIRECTORY_STATE };

/* "$XDG_CONFIG_HOME/stretchvoice": where the variable is not an absolute path it counts as not set. The
 * directory need not exist. The caller frees it. */
char *directory_path(enum directory directory);

#endif
