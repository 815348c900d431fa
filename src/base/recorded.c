#include "base/recorded.h"
#include <string.h>

/* Letters that look like digits are left out, for those who name files by hand. */
void sentence_id(const char *language, const char *text, char id[SENTENCE_ID + 1])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    g_autofree char *all = g_strconcat(language, "\n", text, NULL);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize size = sizeof digest;
    g_checksum_update(sum, (const guchar *)all, (gssize)strlen(all));
    g_checksum_get_digest(sum, digest, &size);
    for (int i = 0; i < SENTENCE_ID; i++) id[i] = letters[digest[i] % (sizeof letters - 1)];
    id[SENTENCE_ID] = '\0';
}

static const char *const extensions[] = {"flac", "wav", "ogg", "opus", "mp3"};

bool recorded_is_sound(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (gsize i = 0; dot && i < G_N_ELEMENTS(extensions); i++)
        if (strcmp(dot + 1, extensions[i]) == 0) return true;
    return false;
}

char *recorded_find(const char *directory, const char *language, const char *text)
{
    char id[SENTENCE_ID + 1];
    sentence_id(language, text, id);
    for (gsize i = 0; i < G_N_ELEMENTS(extensions); i++) {
        g_autofree char *name = g_strconcat(id, ".", extensions[i], NULL);
        char *path = g_build_filename(directory, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) return path;
        g_free(path);
    }
    return NULL;
}
