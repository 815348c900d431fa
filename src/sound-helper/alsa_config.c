#include "alsa_config.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The server's output has no recording side, for which PortAudio would connect once more. The other output
 * cannot be opened: PortAudio asserts that there is one. */
static const char SHORT[] = "pcm.pulse { type asym playback.pcm { type pulse } }\n"
                            "pcm.default { type asym }\n";

static const char PATH[] = "ALSA_CONFIG_PATH";

/* The program that libpulse starts if no PulseAudio answers. One that was started in here would inherit our
 * configuration, which only this process can read. */
static const char SERVER[] = "PULSE_BINARY", NONE[] = "/bin/false";

static int config = -1;    /* descriptor; open while it is in use, since ALSA looks at it again and again */
static char *users_server; /* NULL: not set */

static bool exists_at_home(const char *directory, const char *name)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return access(path, F_OK) == 0;
}

static bool is_configured(void)
{
    const char *path = getenv(PATH);
    return (path && *path) || access("/etc/asound.conf", F_OK) == 0 ||
           access("/usr/etc/asound.conf", F_OK) == 0 || exists_at_home(g_get_home_dir(), ".asoundrc") ||
           exists_at_home(g_get_user_config_dir(), "alsa/asoundrc");
}

bool alsa_config_shorten(void)
{
    if (is_configured()) return false;
    config = memfd_create("stretchvoice-alsa", MFD_CLOEXEC);
    bool written = config >= 0 && write(config, SHORT, strlen(SHORT)) == (ssize_t)strlen(SHORT);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", config);
    users_server = g_strdup(getenv(SERVER));
    setenv(PATH, path, true);
    setenv(SERVER, NONE, true);
    if (written && access(path, R_OK) == 0) return true;
    alsa_config_restore();
    return false;
}

void alsa_config_restore(void)
{
    unsetenv(PATH);
    unsetenv(SERVER);
    if (users_server) setenv(SERVER, users_server, true);
    g_clear_pointer(&users_server, g_free);
    if (config >= 0) close(config);
    config = -1;
}
