#include "prepare.h"
#include "stdout.h"
#include "subcommands.h"
#include "report/listing.h"

enum { AHEAD = 64 }; /* sentences: keeps every speech program busy */

static int print(const struct prepared *prepared)
{
    void (*listing)(FILE *, const struct routine *, const struct timeline *, int) =
        prepared->options->json ? listing_json : listing_table;
    listing(stdout, prepared->routine, planner_timeline(prepared->planner), prepared->settings->sound.rate);
    return stdout_finish();
}

int subcommand_plan(const struct options *options)
{
    struct prepared prepared;
    prepare_init(&prepared, options);
    const struct preparing preparing = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = prepare_all(&prepared, g_ptr_array_index(options->arguments, 0), &preparing);
    if (code == EXIT_DONE) code = prepare_whole(&prepared);
    if (code == EXIT_DONE) code = print(&prepared);
    prepare_finish(&prepared);
    return code;
}
