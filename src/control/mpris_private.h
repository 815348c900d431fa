/* What tests see of mpris.c: pure functions and data. */
#ifndef CONTROL_MPRIS_PRIVATE_H
#define CONTROL_MPRIS_PRIVATE_H

#define MPRIS_PATH "/org/mpris/MediaPlayer2"
#define MPRIS_ROOT "org.mpris.MediaPlayer2"
#define MPRIS_PLAYER MPRIS_ROOT ".Player"

/* Both interfaces of the specification, without their optional parts. */
extern const char mpris_interfaces[];

/* The level on a scale from 0 to 1, and back: the cube curve of desktop mixers, moved so that 0 is the
 * quietest level (-60 dB). volume = (10^(dB/60) - 0.1) / 0.9; the middle is -15.6 dB. Values outside are
 * clamped. */
double mpris_volume(double db);
double mpris_db(double volume);

#endif
