/* Freed at the end of the block, for plain structs: g_autoptr() wants the name of a typedef, which this
 * project does not make. AUTO(diags) problems = diags_new(); */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#define AUTO_DEFINE(name)                                                                                    \
    static inline void name##_auto_free(struct name **p)                                                     \
    {                                                                                                        \
        name##_free(*p);                                                                                     \
    }

#define AUTO(name) __attribute__((cleanup(name##_auto_free))) struct name *

#endif
