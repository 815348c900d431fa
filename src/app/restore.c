#include "subcommands.h"
#include "live/others.h"

static int fail(const char *why)
{
    fprintf(stderr, "stretchvoice: %s\n", why);
    return EXIT_FAILED;
}

int subcommand_restore(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    int streams = 0, players = 0;
    enum restored_result result = others_restore(&streams, &players, &said, &error);
    if (error) return print_error(error);
    if (result == RESTORED_NO_SERVER)
        return fail("the sound server or the message bus does not answer; try again when it runs");
    if (result == RESTORED_UNUSABLE) return fail(said ? said : "nothing can be restored");
    if (said) fprintf(stderr, "stretchvoice: %s\n", said);
    if (options->quiet) return EXIT_DONE;
    if (result == RESTORED_LATER)
        puts("A session is running, and does this itself when it ends.");
    else if (streams + players == 0)
        puts("There is nothing to restore.");
    else
        printf("Restored: %d stream%s, %d player%s.\n", streams, streams == 1 ? "" : "s", players,
               players == 1 ? "" : "s");
    return print_end();
}
