/* AUTO(x): g_autoptr() for struct tags without a typedef. AUTO(diags) problems = diags_new(); calls
 * diags_free() at the end of the block. */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#define AUTO_DEFINE(name)                                                                                    \
    static inline void name##_auto_free(struct name **p)                                                     \
    {                                                                                                        \
        name##_free(*p);                                                                                     \
    }

#define AUTO(name) __attribute__((cleanup(name##_auto_free))) struct name *

#endif
