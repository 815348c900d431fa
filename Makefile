# stretchvoice. `make run` and `make test` are each enough on a clean Debian or Ubuntu: they install what is missing.
#
#   make                 builds             make install         to PREFIX, below DESTDIR
#   make run             plays a routine    make uninstall       takes it away again
#   make test            runs every test    make test-sanitize   the same with ASan and UBSan
#   make test T=cli/plan one part of them   make bench           measures, beside yardsticks
#   make deps            shows the packages, and installs those of build, run and test
#   make V=1             shows the commands

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec/stretchvoice
DATADIR    ?= $(PREFIX)/share/stretchvoice
SYSCONFDIR ?= /etc
MANDIR     ?= $(PREFIX)/share/man
DOCDIR     ?= $(PREFIX)/share/doc/stretchvoice
UNITDIR    ?= $(PREFIX)/lib/systemd/user
BASHDIR    ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions
FISHDIR    ?= $(PREFIX)/share/fish/vendor_completions.d

VERSION := 0.1.0
BUILD   ?= build
CFLAGS  ?= -O3 -g
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

CPPFLAGS += -Iinclude -Isrc -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DG_LOG_DOMAIN='"stretchvoice"' -MMD -MP \
            $(call pkg,--cflags,$(sort $(CORE_PKGS) $(SPEECH_PKGS) $(SOUND_PKGS)))
PLACES   := -DBINDIR='"$(BINDIR)"' -DLIBEXECDIR='"$(LIBEXECDIR)"' -DDATADIR='"$(DATADIR)"' -DSYSCONFDIR='"$(SYSCONFDIR)"'
ALL_CFLAGS = -std=c11 -fno-math-errno $(WARN) $(CFLAGS) $(EXTRA_CFLAGS)

# A directory of src/ is a program, or a layer of one; each becomes an archive, from which a program takes what it
# needs. From the top down:
MAIN_DIRS   := app live ui control file sound speech player report mix plan routine config ipc base
SHARED_DIRS := ipc base

obj = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c))
archives = $(patsubst %,$(BUILD)/lib/%.a,$(1))
MAIN_LIB   := $(call archives,$(MAIN_DIRS))
SHARED_LIB := $(call archives,$(SHARED_DIRS))
PROGRAMS   := $(BUILD)/stretchvoice $(BUILD)/stretchvoice-speech $(BUILD)/stretchvoice-sound
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))
DRIVERS    := $(patsubst tests/drivers/%.c,$(BUILD)/tests/drivers/%,$(wildcard tests/drivers/*.c))

# What is made is told in a short line; V=1 shows the command.
told = $(if $(V),,@echo '  $@';)
link = $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.c,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group

all: $(PROGRAMS)

$(BUILD)/stretchvoice: $(MAIN_LIB)
	$(told)$(link) $(CORE_LIBS)

# The name stands for a library that need not be loaded: src/speech-helper/stub_pcaudio.c. What a function's name means
# is looked up at the start, not in each of the children that speak.
$(BUILD)/stretchvoice-speech: $(call obj,speech-helper) $(SHARED_LIB)
	$(told)$(link) -Wl,-z,now -Wl,-soname,libpcaudio.so.0 $(SPEECH_LIBS)

# Exports one function, which replaces a library's: src/sound-helper/stub_libdb.c.
$(BUILD)/stretchvoice-sound: $(call obj,sound-helper) $(SHARED_LIB)
	$(told)$(link) -Wl,--export-dynamic-symbol=db_env_create $(SOUND_LIBS)

# Everything is made anew when the flags are not those of last time (another compiler); with another PREFIX, what
# knows of places.
$(BUILD)/flags: export NOW := $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS)
$(BUILD)/places: export NOW := $(PLACES) $(DOCDIR)
$(BUILD)/flags $(BUILD)/places: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$NOW" | cmp -s - $@ || printf '%s\n' "$$NOW" > $@

KNOWS_PLACES := $(addprefix $(BUILD)/,obj/file/paths.o tools/fill.o tests/unit/file_paths)
$(KNOWS_PLACES): private CPPFLAGS += $(PLACES)
$(KNOWS_PLACES): $(BUILD)/places

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(told)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# Made anew also when a file has left its directory.
.SECONDARY:
.SECONDEXPANSION:
$(BUILD)/lib/%.a: $$(call obj,$$*) src/%
	@mkdir -p $(@D)
	@rm -f $@
	$(told)$(AR) rcs $@ $(filter %.o,$^)

# Of the helpers, a unit test can reach what needs no espeak-ng and no PortAudio.
$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/flags $(MAIN_LIB) $(call archives,speech-helper sound-helper)
	@mkdir -p $(@D)
	$(told)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
	    $(CORE_LIBS) $(call pkg,--libs,libseccomp)

# Programs that a test in Python drives.
$(BUILD)/tests/drivers/%: tests/drivers/%.c $(BUILD)/flags $(MAIN_LIB)
	@mkdir -p $(@D)
	$(told)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(CORE_LIBS)

unit: $(BUILD)/stretchvoice-speech $(UNIT_TESTS)
drivers: $(DRIVERS)

# ---- trying it, and testing it ----
# What was missing when make started is only seen by the next make: hence $(MAKE) after installing.

JOBS := $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
BUILD_HERE := @$(MAKE) --no-print-directory $(JOBS)

# The last cannot be installed beside PulseAudio. tests/lib/pipewire.py looks there.
define TEST_DEPS
@tools/deps install build run test sound pipewire jack
@tools/deps unpack pipewire-alsa build/pipewire-alsa
endef

run:
	@tools/deps install build run
	$(BUILD_HERE) all
	@tools/run-here $(BUILD)/stretchvoice middle-back

test:
	$(TEST_DEPS)
	$(BUILD_HERE) all unit drivers filled
	@SV_BUILD=$(abspath $(BUILD)) tests/run $(T)

test-sanitize:
	$(BUILD_HERE) BUILD=build-sanitize CFLAGS='-O1 -g' EXTRA_CFLAGS='$(SANITIZE_FLAGS)' test

bench:
	@tools/deps install build run bench sound
	$(BUILD_HERE) all drivers
	@SV_BUILD=$(abspath $(BUILD)) tests/bench/run
	@SV_BUILD=$(abspath $(BUILD)) tests/bench/steering

deps:
	@tools/deps show
	$(TEST_DEPS)

# ---- man page and completions: their tables are the program's ----

$(BUILD)/stretchvoice.1: doc/stretchvoice.1.in $(BUILD)/tools/fill
	$(told)$(BUILD)/tools/fill $< > $@.tmp && mv $@.tmp $@

$(BUILD)/stretchvoice.%: config/completions/stretchvoice.%.in $(BUILD)/tools/fill
	$(told)$(BUILD)/tools/fill $< > $@.tmp && mv $@.tmp $@

$(BUILD)/tools/fill: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/*.c)) $(MAIN_LIB)
	$(told)$(link) $(CORE_LIBS)

$(BUILD)/tools/%.o: tools/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(told)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

# ---- the unit: the daemon is started where it is installed ----

$(BUILD)/stretchvoice.service: config/systemd/stretchvoice.service $(BUILD)/places
	$(told)sed 's|/usr/local/bin|$(BINDIR)|; s|/usr/local/share/doc/stretchvoice|$(DOCDIR)|' $< > $@.tmp && mv $@.tmp $@

# ---- installing ----

FILLED   := $(addprefix $(BUILD)/stretchvoice.,1 service bash zsh fish)
SETTINGS := $(DESTDIR)$(SYSCONFDIR)/xdg/stretchvoice/stretchvoice.ini

filled: $(FILLED)

install: all filled
	install -D -t $(DESTDIR)$(BINDIR) $(BUILD)/stretchvoice
	install -D -t $(DESTDIR)$(LIBEXECDIR) $(BUILD)/stretchvoice-speech $(BUILD)/stretchvoice-sound
	install -D -m 644 -t $(DESTDIR)$(DATADIR)/routines config/routines/*.ini
	install -D -m 644 -t $(DESTDIR)$(DATADIR)/voices voices/*.ini
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man1 $(BUILD)/stretchvoice.1
	install -D -m 644 -t $(DESTDIR)$(UNITDIR) $(BUILD)/stretchvoice.service
	install -D -m 644 $(BUILD)/stretchvoice.bash $(DESTDIR)$(BASHDIR)/stretchvoice
	install -D -m 644 $(BUILD)/stretchvoice.zsh $(DESTDIR)$(ZSHDIR)/_stretchvoice
	install -D -m 644 $(BUILD)/stretchvoice.fish $(DESTDIR)$(FISHDIR)/stretchvoice.fish
	install -D -m 644 -t $(DESTDIR)$(DOCDIR) README.md doc/headset.md doc/routines.md
	[ -e $(SETTINGS) ] || install -D -m 644 config/stretchvoice.ini $(SETTINGS)

# Settings that somebody has changed stay.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/stretchvoice $(DESTDIR)$(MANDIR)/man1/stretchvoice.1
	rm -f $(DESTDIR)$(UNITDIR)/stretchvoice.service $(DESTDIR)$(FISHDIR)/stretchvoice.fish
	rm -f $(DESTDIR)$(BASHDIR)/stretchvoice $(DESTDIR)$(ZSHDIR)/_stretchvoice
	rm -rf $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(DATADIR) $(DESTDIR)$(DOCDIR)
	! cmp -s config/stretchvoice.ini $(SETTINGS) || rm $(SETTINGS)

clean:
	rm -rf build build-*

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)

.PHONY: all unit drivers filled run test test-sanitize bench deps install uninstall clean FORCE
