#include "load.h"
#include "print.h"
#include "subcommands.h"

static int print(const struct settings *settings)
{
    g_autofree char *ini = settings_ini(settings, true);
    fputs(ini, stdout);
    return print_end();
}

int subcommand_config(const struct options *options)
{
    struct loaded loaded;
    load_init(&loaded, options);
    int code = load_settings(&loaded);
    if (code == EXIT_DONE) code = print(loaded.settings);
    load_finish(&loaded);
    return code;
}
