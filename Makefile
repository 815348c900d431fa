# stretchvoice. `make run` and `make test` are each enough on a clean Debian: they install what is missing.

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/stretchvoice
DATADIR    ?= $(PREFIX)/share/stretchvoice
SYSCONFDIR ?= /etc
MANDIR     ?= $(PREFIX)/share/man

VERSION := 0.1.0
BUILD   ?= build
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
           -Wvla -Wformat=2 -Wundef
SANITIZE_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

CORE_PKGS   := glib-2.0 gio-2.0 gio-unix-2.0 json-glib-1.0 inih soxr libebur128 sndfile
SPEECH_PKGS := glib-2.0 espeak-ng libseccomp
SOUND_PKGS  := glib-2.0 portaudio-2.0

# A package that is not there yet must not stop `make deps`, which installs it.
pkg = $(shell pkg-config $(1) $(2) 2>/dev/null)
CORE_LIBS   := $(call pkg,--libs,$(CORE_PKGS)) -lm
SPEECH_LIBS := $(call pkg,--libs,$(SPEECH_PKGS)) -lm
SOUND_LIBS  := $(call pkg,--libs,$(SOUND_PKGS)) -lm

CPPFLAGS += -Iinclude -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DBINDIR='"$(BINDIR)"' -DLIBEXECDIR='"$(LIBEXECDIR)"' \
            -DDATADIR='"$(DATADIR)"' -DSYSCONFDIR='"$(SYSCONFDIR)"' -DG_LOG_DOMAIN='"stretchvoice"' \
            -MMD -MP $(call pkg,--cflags,$(sort $(CORE_PKGS) $(SPEECH_PKGS) $(SOUND_PKGS)))
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS) $(EXTRA_CFLAGS)

# Each helper is named by its few files; everything else is the main program. The ring serves both sides.
SPEECH_SRC := $(wildcard src/speech/server.c src/speech/espeak.c src/speech/sandbox.c src/speech/fake.c)
SOUND_SRC  := $(wildcard src/sound/server.c src/sound/portaudio.c src/sound/ring.c)
MAIN_SRC   := $(filter-out $(SPEECH_SRC) $(filter-out src/sound/ring.c,$(SOUND_SRC)),$(wildcard src/*/*.c))

obj = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ    := $(filter-out $(BUILD)/obj/app/main.o,$(call obj,$(MAIN_SRC)))
PROGRAMS   := $(BUILD)/stretchvoice $(BUILD)/stretchvoice-speech $(BUILD)/stretchvoice-sound
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))

all: $(PROGRAMS)

$(BUILD)/stretchvoice: $(call obj,src/app/main.c) $(LIB_OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CORE_LIBS)

$(BUILD)/stretchvoice-speech: $(call obj,$(SPEECH_SRC))
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SPEECH_LIBS)

$(BUILD)/stretchvoice-sound: $(call obj,$(SOUND_SRC))
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(SOUND_LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(LIB_OBJ) $(call obj,$(wildcard src/speech/sandbox.c src/speech/fake.c))
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.o,$^) $(CORE_LIBS) $(call pkg,--libs,libseccomp)

unit: $(UNIT_TESTS)

clean:
	rm -rf build build-*

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all unit clean
