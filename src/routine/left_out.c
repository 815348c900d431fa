#include "routine/left_out.h"

int step_number(const GByteArray *out, int step)
{
    int number = step + 1;
    for (int i = 0; out && i < step; i++) number -= left_out(out, i);
    return number;
}

int steps_heard(const struct routine *routine, const GByteArray *out)
{
    return step_number(out, routine->n_steps) - 1;
}

int step_numbered(const struct routine *routine, const GByteArray *out, int number)
{
    int step = step_after(routine, out, -1);
    while (number-- > 1 && step < routine->n_steps) step = step_after(routine, out, step);
    return number == 0 && step < routine->n_steps ? step : -1;
}

int step_after(const struct routine *routine, const GByteArray *out, int step)
{
    do step++;
    while (step < routine->n_steps && left_out(out, step));
    return step;
}

int step_before(const GByteArray *out, int step)
{
    do step--;
    while (left_out(out, step));
    return step;
}
