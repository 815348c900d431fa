#include "prepare.h"
#include "stdout.h"
#include "subcommands.h"

static int print(const struct settings *settings)
{
    g_autofree char *ini = settings_ini(settings, true);
    fputs(ini, stdout);
    return stdout_finish();
}

int subcommand_config(const struct options *options)
{
    struct prepared prepared;
    prepare_init(&prepared, options);
    int code = prepare_settings(&prepared);
    if (code == EXIT_DONE) code = print(prepared.settings);
    prepare_finish(&prepared);
    return code;
}
