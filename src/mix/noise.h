/* White noise of which each frame depends on its number alone. */
#ifndef MIX_NOISE_H
#define MIX_NOISE_H

#include <stdint.h>

/* From -1 to 1, by the finaliser of MurmurHash3: every bit of the number moves every bit of the result. */
static inline float noise_at(uint32_t number)
{
    number ^= number >> 16;
    number *= 0x85ebca6b;
    number ^= number >> 13;
    number *= 0xc2b2ae35;
    number ^= number >> 16;
    return (float)(int32_t)number * (1 / 2147483648.0f);
}

#endif
