#include "load.h"
#include "print.h"
#include "subcommands.h"
#include "report/listing.h"

enum { AHEAD = 64 }; /* sentences: keeps every speech program busy */

static int print(struct loaded *loaded, struct score *score)
{
    void (*listing)(FILE *, const struct routine *, const struct timeline *, int) =
        loaded->options->json ? listing_json : listing_table;
    g_autoptr(GError) error = NULL;
    if (!score_lay_out(score, &error)) return load_complain(loaded, error);
    listing(stdout, loaded->routine, planner_timeline(score->planner), loaded->settings->sound.rate);
    return print_end();
}

int subcommand_plan(const struct options *options)
{
    struct loaded loaded;
    struct score score;
    load_init(&loaded, options);
    const struct score_options wanted = {
        .helpers = g_get_num_processors(), .ahead = AHEAD, .lengths_only = true};
    int code = load_score(&loaded, g_ptr_array_index(options->arguments, 0), &score, wanted);
    if (code == EXIT_DONE) code = print(&loaded, &score);
    score_finish(&score);
    load_finish(&loaded);
    return code;
}
