/* Lines of a calendar: iCalendar, RFC 5545. */
#ifndef REPORT_ICS_H
#define REPORT_ICS_H

#include <glib.h>
#include <stdint.h>

void ics_begin(GString *ics, const char *what); /* a calendar of this program's sessions, reminders … */
void ics_end(GString *ics);

/* "NAME:value", in several lines if it is long. */
void ics_line(GString *ics, const char *name, const char *value);

/* The same for a text of any characters. */
void ics_text(GString *ics, const char *name, const char *text);

/* A moment in UTC, in seconds since 1970. */
void ics_time(GString *ics, const char *name, int64_t seconds);

#endif
