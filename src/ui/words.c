#include "words.h"

char *words_with(const struct voice *voice, enum phrase phrase, const char *field, const char *text)
{
    return voice_phrase(voice, phrase, 0, &(struct field){field, text}, 1);
}

char *words_number(const struct voice *voice, enum phrase phrase, int n)
{
    g_autofree char *figure = g_strdup_printf("%d", n);
    return words_with(voice, phrase, "n", figure);
}

char *words_step(const struct voice *voice, enum phrase phrase, const struct status *status, int step)
{
    g_autofree char *number = g_strdup_printf("%d", step_number(status->out, step)),
                    *steps = g_strdup_printf("%d", steps_heard(status->routine, status->out));
    const struct field fields[] = {
        {"step", number}, {"steps", steps}, {"title", status->routine->steps[step].title}};
    return voice_phrase(voice, phrase, 0, fields, G_N_ELEMENTS(fields));
}
