#include "subcommands.h"
#include "live/others.h"

int subcommand_restore(const struct options *options)
{
    g_autoptr(GError) error = NULL;
    int streams = 0, players = 0;
    enum restored_result result = others_restore(&streams, &players, &error);
    if (error) {
        print_error(error);
        return EXIT_FAILED;
    }
    if (result == RESTORED_NO_SERVER) {
        fputs("stretchvoice: the sound server or the message bus does not answer; try again when it runs\n",
              stderr);
        return EXIT_FAILED;
    }
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
