#include "app/options.h"
#include <locale.h>
#include <signal.h>

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write, told in one line */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    struct options options;
    int code;
    const struct verb *verb = options_parse(&options, argc, argv, &code);
    if (verb) code = verb->run(&options);
    options_finish(&options);
    return code;
}
