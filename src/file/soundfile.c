#include "file/soundfile.h"
#include "encoder.h"
#include "fail.h"
#include "file/newfile.h"
#include "wavpipe.h"
#include <string.h>
#include <unistd.h>

enum { STAGE = 1 << 21 }; /* frames after which the disk gets something to do: 8 MiB of a wav */

/* Either a pipe, or an encoder that writes into a newfile. */
struct soundfile {
    char *name;       /* for messages */
    int64_t expected; /* frames, or -1 */
    int64_t frames;   /* written */
    bool wav;
    struct wavpipe *pipe;
    struct newfile *temp;
    struct encoder *encoder;
};

const char *const *soundfile_formats(void)
{
    return encoder_formats();
}

bool soundfile_known(const char *path)
{
    return strcmp(path, "-") == 0 || encoder_format(path) >= 0;
}

static void soundfile_free(struct soundfile *file)
{
    wavpipe_free(file->pipe);
    encoder_free(file->encoder);
    newfile_discard(file->temp);
    g_free(file->name);
    g_free(file);
}

/* Always false. */
static bool explain(const struct soundfile *file, GError **error)
{
    int64_t bytes = file->pipe   ? wavpipe_bytes(file->pipe)
                    : file->temp ? newfile_bytes(file->temp)
                                 : FAIL_NOT_BEGUN;
    return fail_explain(error, file->name, bytes);
}

static bool check_length(const struct soundfile *file, int64_t frames, GError **error)
{
    if (!file->wav || wav_fits(frames)) return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                "would exceed the 4 GiB of a wav; a flac has no such limit");
    return false;
}

static bool open_file(struct soundfile *file, const char *path, int rate, GError **error)
{
    file->temp = newfile_new(path, error);
    if (file->temp) file->encoder = encoder_new(encoder_format(path), newfile_fd(file->temp), rate, error);
    return file->encoder != NULL;
}

static bool open_pipe(struct soundfile *file, int rate, GError **error)
{
    file->pipe = wavpipe_new(STDOUT_FILENO);
    return wavpipe_begin(file->pipe, rate, file->expected, error);
}

struct soundfile *soundfile_create(const char *path, int rate, int64_t frames, GError **error)
{
    bool pipe = strcmp(path, "-") == 0;
    struct soundfile *file = g_new0(struct soundfile, 1);
    file->name = pipe ? g_strdup("standard output") : fail_name(path);
    file->expected = frames;
    file->wav = pipe || encoder_format(path) == 0;
    if (check_length(file, frames, error) &&
        (pipe ? open_pipe(file, rate, error) : open_file(file, path, rate, error)))
        return file;
    explain(file, error);
    soundfile_free(file);
    return NULL;
}

void soundfile_watch(struct soundfile *file, const int *stop)
{
    if (file->pipe) wavpipe_watch(file->pipe, stop);
}

/* Whether so many more frames reach the next stage. */
static bool is_stage(const struct soundfile *file, int64_t frames)
{
    return file->frames / STAGE != (file->frames + frames) / STAGE;
}

/* A pipe without a known length may become as long as it likes. */
bool soundfile_write(struct soundfile *file, const int16_t *stereo, int64_t frames, GError **error)
{
    if (file->temp && is_stage(file, frames)) newfile_write_out(file->temp);
    file->frames += frames;
    bool endless = file->pipe && file->expected < 0;
    bool fits = endless || check_length(file, file->frames, error);
    bool written = fits && (file->pipe ? wavpipe_write(file->pipe, stereo, frames, error)
                                       : encoder_write(file->encoder, stereo, frames, error));
    return written || explain(file, error);
}

/* What the header promised, or what the planner did. */
static bool check_count(const struct soundfile *file, GError **error)
{
    if (file->expected < 0 || file->expected == file->frames) return true;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                "has %" G_GINT64_FORMAT " frames instead of %" G_GINT64_FORMAT, file->frames, file->expected);
    return false;
}

static bool complete(struct soundfile *file, GError **error)
{
    if (!check_count(file, error)) return false;
    if (file->pipe) return true;
    return encoder_close(file->encoder, error) && newfile_sync(file->temp, error) &&
           encoder_check(file->encoder, error) && newfile_commit(g_steal_pointer(&file->temp), error);
}

bool soundfile_finish(struct soundfile *file, GError **error)
{
    bool whole = complete(file, error) || explain(file, error);
    soundfile_free(file);
    return whole;
}

void soundfile_abort(struct soundfile *file)
{
    if (file) soundfile_free(file);
}
