/* What a file is that somebody wants to have checked. */
#ifndef APP_FILE_KIND_H
#define APP_FILE_KIND_H

enum file_kind { FILE_ROUTINE, FILE_VOICE, FILE_SETTINGS };

/* By its content, also where a section is only nearly right; where that does not tell, by its place. */
enum file_kind file_kind(const char *path);

#endif
