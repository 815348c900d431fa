# stretchvoice. `make help` lists the targets. `make run` and `make test` work on a clean Debian or Ubuntu: they install
# the packages that are missing.

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
APPDIR     ?= $(PREFIX)/share/applications
METADIR    ?= $(PREFIX)/share/metainfo
ICONDIR    ?= $(PREFIX)/share/icons/hicolor/scalable/apps
# Debian's fish reads /usr/share, and for what does not come in a package, /etc/fish. It does not read /usr/local.
FISHDIR    ?= $(if $(filter /usr,$(PREFIX)),$(PREFIX)/share/fish/vendor_completions.d,$(SYSCONFDIR)/fish/completions)

# The one place of the version, X.Y.Z. Files that must repeat it are compared with it by cli/packages.
VERSION    := 0.2.0
BUILD      ?= build
CFLAGS     ?= -O2 -g
PKG_CONFIG ?= pkg-config

# Paths may hold spaces and quotes: q quotes one for the shell, cstring makes a C string of it.
q       = '$(subst ','\'',$(1))'
cstring = $(call q,"$(subst ",\",$(subst \,\\,$(1)))")

# Make cannot name a target in a directory that has a space in its name, but it can through a link.
ifneq ($(word 2,$(BUILD)),)
BUILD_LINK := build-link-$(firstword $(shell printf %s $(call q,$(BUILD)) | cksum))
$(shell mkdir -p $(call q,$(BUILD)) && ln -sfn $(call q,$(BUILD)) $(BUILD_LINK))
override BUILD := $(BUILD_LINK)
endif

# ---- flags: what the user gives in CPPFLAGS, CFLAGS and LDFLAGS comes after ours, and so wins ----

CORE_PKGS   := glib-2.0 gio-2.0 gio-unix-2.0 json-glib-1.0 inih soxr libebur128 sndfile ogg sqlite3
SPEECH_PKGS := glib-2.0 espeak-ng libseccomp
VOICE_PKGS  := glib-2.0 json-glib-1.0 sndfile
MUSIC_PKGS  := glib-2.0 sndfile soxr libebur128 libseccomp
HISTORY_PKGS := glib-2.0 sqlite3
SOUND_PKGS  := glib-2.0 portaudio-2.0 libpulse
COVER_PKGS  := glib-2.0 pangocairo
EAR_PKGS    := glib-2.0 portaudio-2.0 libpulse speexdsp pocketsphinx
OTHERS_PKGS := glib-2.0 gio-2.0 libpulse libpulse-mainloop-glib
PKGS        := $(sort $(CORE_PKGS) $(SPEECH_PKGS) $(VOICE_PKGS) $(MUSIC_PKGS) $(SOUND_PKGS) $(OTHERS_PKGS))

# `make deps` must work without pkg-config and the packages. The rule of $(BUILD)/flags reports what is missing.
pkg = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)
CORE_LIBS    := $(call pkg,--libs,$(CORE_PKGS)) -lm
SPEECH_LIBS  := $(call pkg,--libs,$(SPEECH_PKGS)) -lm
VOICE_LIBS   := $(call pkg,--libs,$(VOICE_PKGS)) -lm
MUSIC_LIBS   := $(call pkg,--libs,$(MUSIC_PKGS)) -lm
HISTORY_LIBS := $(call pkg,--libs,$(HISTORY_PKGS)) -lm
SOUND_LIBS   := $(call pkg,--libs,$(SOUND_PKGS)) -lm
COVER_LIBS   := $(call pkg,--libs,$(COVER_PKGS)) -lm
COVER_CFLAGS := $(call pkg,--cflags,$(COVER_PKGS))
OTHERS_LIBS  := $(call pkg,--libs,$(OTHERS_PKGS)) -lm
EAR_LIBS     := $(filter-out -lsphinxad,$(call pkg,--libs,$(EAR_PKGS))) -lm
EAR_CFLAGS   := $(call pkg,--cflags,$(EAR_PKGS))
EAR_MODELS   := $(call pkg,--variable=modeldir,pocketsphinx)
SECCOMP_LIBS := $(call pkg,--libs,libseccomp)

# Hardening. Some compilers and processors lack the last two flags. _FORTIFY_SOURCE needs an optimised build, disturbs
# the sanitizers, and is left alone if the user sets it.
accepts = $(shell $(CC) -Werror $(1) -fsyntax-only -x c /dev/null 2>/dev/null && echo yes)
accepted = $(foreach flag,$(1),$(if $(call accepts,$(flag)),$(flag)))
HARDENING := -fPIE -fstack-protector-strong $(call accepted,-fstack-clash-protection -fcf-protection)
IS_OPTIMISED := $(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS))))
ifneq ($(and $(IS_OPTIMISED),$(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,yes)),)
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(call accepts,-O -D_FORTIFY_SOURCE=3 -include features.h),3,2)
endif
endif

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla \
            -Wformat=2 -Wundef
OUR_CPPFLAGS := -Iinclude -Isrc -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -DG_LOG_DOMAIN='"stretchvoice"' -MMD -MP \
                $(call pkg,--cflags,$(PKGS)) $(FORTIFY)
OUR_CFLAGS   := -std=c11 $(WARNINGS) $(HARDENING)
OUR_LDFLAGS  := -pie -Wl,-z,relro -Wl,-z,now

compile = $(CC) $(OUR_CPPFLAGS) $(CPPFLAGS) $(OUR_CFLAGS) $(CFLAGS)
link    = $(CC) $(OUR_CFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ \
          $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group

PLACES = -DBINDIR=$(call cstring,$(BINDIR)) -DLIBEXECDIR=$(call cstring,$(LIBEXECDIR)) \
         -DDATADIR=$(call cstring,$(DATADIR)) -DSYSCONFDIR=$(call cstring,$(SYSCONFDIR))

# ---- what is built ----

# A directory of src/ is a program, or a layer of one; each becomes an archive, from which a program takes what it
# needs. From the top down:
MAIN_DIRS   := app live ui control file music sound speech player report mix plan routine config history ipc base
SHARED_DIRS := ipc base

obj = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c))
archives = $(patsubst %,$(BUILD)/lib/%.a,$(1))
MAIN_LIB   := $(call archives,$(MAIN_DIRS))
SHARED_LIB := $(call archives,$(SHARED_DIRS))
# Without pangocairo there is no cover program, and podcasts have no cover image.
# Without pocketsphinx or speexdsp there is none that listens, and [listen] says so.
HELPERS    := speech voice music sound others history $(if $(COVER_CFLAGS),cover) $(if $(EAR_CFLAGS),ear)
PROGRAMS   := $(BUILD)/stretchvoice $(addprefix $(BUILD)/stretchvoice-,$(HELPERS))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))
FUZZERS    := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
DRIVERS    := $(patsubst tests/drivers/%.c,$(BUILD)/tests/drivers/%,$(wildcard tests/drivers/*.c))

# Prints the name of what is made; with V=1 make prints the command instead.
brief = $(if $(V),,@echo '  $@';)

all: $(PROGRAMS)

$(BUILD)/stretchvoice: $(MAIN_LIB)
	$(brief)$(link) $(CORE_LIBS)

# The soname makes the program stand for libpcaudio, which then need not be loaded: src/speech-helper/stub_pcaudio.c.
$(BUILD)/stretchvoice-speech: $(call obj,speech-helper) $(SHARED_LIB)
	$(brief)$(link) -Wl,-soname,libpcaudio.so.0 $(SPEECH_LIBS)

$(BUILD)/stretchvoice-voice: $(call obj,voice-helper) $(SHARED_LIB)
	$(brief)$(link) $(VOICE_LIBS)

$(BUILD)/stretchvoice-music: $(call obj,music-helper) $(call archives,mix) $(SHARED_LIB)
	$(brief)$(link) $(MUSIC_LIBS)

$(BUILD)/stretchvoice-history: $(call obj,history-helper) $(call archives,history) $(SHARED_LIB)
	$(brief)$(link) $(HISTORY_LIBS)

# Exports functions that replace those of libraries: src/sound-helper/stub_libdb.c and stub_pulse.c.
REPLACED := db_env_create pa_stream_set_underflow_callback
$(BUILD)/stretchvoice-sound: $(call obj,sound-helper) $(SHARED_LIB)
	$(brief)$(link) $(REPLACED:%=-Wl,--export-dynamic-symbol=%) $(SOUND_LIBS)

$(BUILD)/stretchvoice-cover: $(call obj,cover-helper)
	$(brief)$(link) $(COVER_LIBS)

$(call obj,cover-helper): private OUR_CPPFLAGS += $(COVER_CFLAGS)

$(BUILD)/stretchvoice-ear: $(call obj,ear-helper) $(SHARED_LIB)
	$(brief)$(link) $(EAR_LIBS)

$(call obj,ear-helper): private OUR_CPPFLAGS += $(EAR_CFLAGS) -DEAR_MODELS=$(call cstring,$(EAR_MODELS))

$(BUILD)/stretchvoice-others: $(call obj,others-helper) $(SHARED_LIB)
	$(brief)$(link) $(OTHERS_LIBS)

# Other flags (another compiler) rebuild everything; another PREFIX rebuilds what holds paths.
$(BUILD)/flags: export NOW = $(compile) $(OUR_LDFLAGS) $(LDFLAGS)
$(BUILD)/places: export NOW = $(PLACES) $(DOCDIR)
$(BUILD)/flags: have-packages
$(BUILD)/flags $(BUILD)/places: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$NOW" | cmp -s - $@ || printf '%s\n' "$$NOW" > $@

have-packages:
	@$(PKG_CONFIG) --version >/dev/null 2>&1 || \
	    { echo "$(firstword $(PKG_CONFIG)) is not installed: 'make deps' installs all that is needed" >&2; exit 1; }
	@$(PKG_CONFIG) --exists $(PKGS) || for package in $(PKGS); do $(PKG_CONFIG) --exists $$package || \
	    { echo "$$package is not installed: 'make deps' installs all that is needed" >&2; exit 1; }; done

KNOWS_PLACES := $(addprefix $(BUILD)/,obj/file/paths.o tools/fill.o tests/unit/file_paths.o)
$(KNOWS_PLACES): private OUR_CPPFLAGS += $(PLACES)
$(KNOWS_PLACES): $(BUILD)/places

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(brief)$(compile) -c -o $@ $<

# An archive is also rebuilt when a file has left its directory.
.SECONDARY:
.SECONDEXPANSION:
$(BUILD)/lib/%.a: $$(call obj,$$*) src/%
	@mkdir -p $(@D)
	@rm -f $@
	$(brief)$(AR) rcs $@ $(filter %.o,$^)

# Unit tests, and the programs that Python tests drive. They also reach what the helpers have without espeak-ng and
# PortAudio.
$(UNIT_TESTS) $(DRIVERS): %: %.o $(MAIN_LIB) $(call archives,speech-helper voice-helper sound-helper others-helper)
	$(brief)$(link) $(CORE_LIBS) $(SECCOMP_LIBS)

# main() is libFuzzer's.
$(FUZZERS): %: %.o $(BUILD)/tests/fuzz/lib/fuzz.o $(MAIN_LIB) $(call archives,voice-helper music-helper)
	$(brief)$(link) -fsanitize=fuzzer $(CORE_LIBS)

$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(brief)$(compile) -c -o $@ $<

unit: $(addprefix $(BUILD)/stretchvoice-,speech voice music history) $(UNIT_TESTS)
drivers: $(DRIVERS)
fuzzers: $(FUZZERS)

# The engine that listens, fed from files: tests/bench/listen.
$(BUILD)/tests/bench/ear: $(BUILD)/tests/bench/ear.o $(call archives,ear-helper) $(SHARED_LIB)
	$(brief)$(link) $(EAR_LIBS)

bench-listen:
	@tools/deps install build run test
	$(BUILD_HERE) all $(BUILD)/tests/bench/ear
	@SV_BUILD=$(BUILD) tests/bench/listen

# ---- man page, completions, unit and desktop entry: filled in from the program's own tables ----

FILLED := $(addprefix $(BUILD)/stretchvoice.,1 service desktop bash zsh fish)
filled: $(FILLED)

$(BUILD)/stretchvoice.1: doc/stretchvoice.1.in $(BUILD)/tools/fill
	$(brief)$(BUILD)/tools/fill $< > $@.tmp && mv $@.tmp $@

$(BUILD)/stretchvoice.%: config/completions/stretchvoice.%.in $(BUILD)/tools/fill
	$(brief)$(BUILD)/tools/fill $< > $@.tmp && mv $@.tmp $@

$(BUILD)/tools/fill: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/*.c)) $(MAIN_LIB)
	$(brief)$(link) $(CORE_LIBS)

$(BUILD)/tools/%.o: tools/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(brief)$(compile) -c -o $@ $<

# systemd expands %, and a URL holds no space.
space   := $(subst ,, )
in_unit  = $(subst |,\|,$(subst &,\&,$(subst \,\\,$(subst %,%%,$(1)))))
$(BUILD)/stretchvoice.service: config/systemd/stretchvoice.service $(BUILD)/places
	$(brief)sed -e $(call q,s|/usr/local/bin|$(call in_unit,$(BINDIR))|) \
	    -e $(call q,s|/usr/local/share/doc/stretchvoice|$(call in_unit,$(subst $(space),%20,$(DOCDIR)))|) $< > $@.tmp
	@mv $@.tmp $@

$(BUILD)/stretchvoice.desktop: config/desktop/stretchvoice.desktop.in tools/desktop-entry $(wildcard config/routines/*.ini)
	@mkdir -p $(@D)
	$(brief)tools/desktop-entry $< $(sort $(filter %.ini,$^)) > $@.tmp && mv $@.tmp $@

# ---- the web site: pages from the guides, the man page and the tables; tools/site says how ----

.PHONY: site test-site
site:
	@tools/deps install build run site
	$(BUILD_HERE) all filled
	@tools/site $(BUILD) doc/site
	@echo '  doc/site/index.html'

# ---- trying and testing ----
# This make has already looked for packages when it installs them, so another make builds.

JOBS := $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
BUILD_HERE := @$(MAKE) --no-print-directory $(JOBS)

# pipewire-alsa cannot be installed beside PulseAudio: tests/lib/pipewire.py takes its files from build/.
define TEST_DEPS
@tools/deps install build run test sound pipewire jack class
@tools/deps unpack pipewire-alsa build/pipewire-alsa
endef

run:
	@tools/deps install build run
	$(BUILD_HERE) all
	@tools/run-here $(BUILD)/stretchvoice middle-back

test:
	$(TEST_DEPS)
	$(BUILD_HERE) all unit drivers filled
	@SV_BUILD=$(BUILD) tests/run $(T)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
test-sanitize:
	$(BUILD_HERE) BUILD=build-sanitize CFLAGS='-O1 -g $(SANITIZE)' test

# Each call that can fail does so once, over the commands of tests/lib/torture.py: an hour. TORTURE='render open' chooses.
torture:
	@tools/deps install build run test
	$(BUILD_HERE) all
	@SV_BUILD=$(BUILD) tests/torture/run $(TORTURE)

# ---- gates: what .ci/run asks for beside the tests ----

gates: build-clang test-uchar test-tsan lint packages test-site

# Its warnings do not depend on how much it optimises.
build-clang:
	@tools/deps install build gates
	$(BUILD_HERE) BUILD=build-clang CC=clang CFLAGS='-O0 -g -Werror' all unit drivers filled

# As on ARM, where char is unsigned.
test-uchar:
	$(BUILD_HERE) BUILD=build-uchar CFLAGS='-O2 -g -funsigned-char -Werror' \
	    T='unit cases cli/check cli/plan cli/lists cli/commands cli/timeline' test

# Each page: valid, with links that lead somewhere, and as a browser shows it.
test-site: site
	@tools/deps install test
	@SV_BUILD=$(BUILD) python3 tests/lib/tap.py tests/site/test_site.py

# What the ring needs is enough.
RING_TESTS := $(basename $(notdir $(wildcard tests/unit/*_ring*.c)))
test-tsan:
	$(BUILD_HERE) BUILD=build-tsan CFLAGS='-O1 -g -fsanitize=thread' MAIN_DIRS='sound ipc base' $(addprefix build-tsan/tests/unit/,$(RING_TESTS))
	@SV_BUILD=build-tsan tests/run $(addprefix unit/,$(RING_TESTS))

# .clang-format and .clang-tidy say what is checked. The analyzer is asked for dead stores alone. That needs none of
# the paths through a function, which would take ten times as long and are not reported.
NO_PATHS := -Xclang -analyzer-config -Xclang max-nodes=1
C_FILES = $(shell find src include tests tools -name '*.[ch]')
lint:
	@tools/deps install build gates
	@clang-format --dry-run --Werror $(C_FILES)
	@printf '%s\n' $(filter src/%.c,$(C_FILES)) | xargs -P "$$(nproc)" -I{} clang-tidy --quiet \
	    --warnings-as-errors='*' {} -- $(filter-out -MMD -MP $(FORTIFY),$(OUR_CPPFLAGS)) $(COVER_CFLAGS) $(EAR_CFLAGS) -DEAR_MODELS='""' $(PLACES) -std=c11 \
	    $(NO_PATHS) 2>/dev/null

# For SECONDS each, or FUZZ='routine ini' alone.
SECONDS ?= 30
fuzz:
	@tools/deps install build fuzz
	$(BUILD_HERE) BUILD=build-fuzz CC=clang CFLAGS='-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link' fuzzers
	@SV_BUILD=build-fuzz tests/fuzz/run --seconds $(SECONDS) $(FUZZ)

# A helper writes what it counted before its _exit() if the linker keeps __gcov_dump, and is given time to end by itself.
# No helper builds a sandbox then, which would let it open no file.
# This build is slow: a test has longer, and one that fails all the same does not keep the figures back.
COVERAGE_TESTS = unit cases $(addprefix audio/,class listen lost moved others others_players others_session record sound) \
    $(addprefix cli/,along attach background check commands cues duration engines faults fifo history history_faults import leave \
    lists menu mpris music new progress recorded remind remind_now render select sheet snapcast_control steer terminal timeline voices)
coverage: export SV_LIMIT ?= 1500
coverage:
	-$(BUILD_HERE) BUILD=build-coverage CFLAGS='-O0 -g --coverage -DMEASURE_COVERAGE' LDFLAGS='--coverage -Wl,-u,__gcov_dump' \
	    T='$(or $(T),$(COVERAGE_TESTS))' test
	@tools/coverage build-coverage

# In one daemon, on a simulated clock.
SESSIONS ?= 10000
soak:
	@tools/deps install build run test
	$(BUILD_HERE) all
	@SV_BUILD=$(BUILD) tests/soak/run $(SESSIONS)

bench:
	@tools/deps install build run bench mpd sound class
	$(BUILD_HERE) all drivers
	@SV_BUILD=$(BUILD) tests/bench/run
	@SV_BUILD=$(BUILD) tests/bench/steering
	@SV_BUILD=$(BUILD) tests/bench/class
	@SV_BUILD=$(BUILD) tests/bench/beside $(BUILD)/beside.md

# What the last 'make coverage' and the last 'make bench' have measured, into the README.
figures:
	@tools/readme-figures coverage build-coverage/coverage.md
	@tools/readme-figures beside $(BUILD)/beside.md

deps:
	@tools/deps show
	$(TEST_DEPS)

# ---- installing ----

in_root  = $(call q,$(DESTDIR)$(1))
ROUTINES := $(notdir $(wildcard config/routines/*.ini))
VOICES   := $(notdir $(wildcard voices/*.ini))
DOCS     := README.md $(filter-out doc/packaging.md,$(sort $(wildcard doc/*.md)))
METAINFO := org.example.stretchvoice.metainfo.xml
SETTINGS  = $(call in_root,$(SYSCONFDIR)/xdg/stretchvoice/stretchvoice.ini)

install: all filled
	install -D -t $(call in_root,$(BINDIR)) $(BUILD)/stretchvoice
	install -D -t $(call in_root,$(LIBEXECDIR)) $(addprefix $(BUILD)/stretchvoice-,$(HELPERS))
	install -D -m 644 -t $(call in_root,$(DATADIR)/routines) $(addprefix config/routines/,$(ROUTINES))
	install -D -m 644 -t $(call in_root,$(DATADIR)/voices) $(addprefix voices/,$(VOICES))
	install -D -m 644 -t $(call in_root,$(MANDIR)/man1) $(BUILD)/stretchvoice.1
	install -D -m 644 -t $(call in_root,$(UNITDIR)) $(BUILD)/stretchvoice.service
	install -D -m 644 -t $(call in_root,$(APPDIR)) $(BUILD)/stretchvoice.desktop
	install -D -m 644 -t $(call in_root,$(METADIR)) config/desktop/$(METAINFO)
	install -D -m 644 -t $(call in_root,$(ICONDIR)) config/desktop/stretchvoice.svg
	install -D -m 644 $(BUILD)/stretchvoice.bash $(call in_root,$(BASHDIR)/stretchvoice)
	install -D -m 644 $(BUILD)/stretchvoice.zsh $(call in_root,$(ZSHDIR)/_stretchvoice)
	install -D -m 644 $(BUILD)/stretchvoice.fish $(call in_root,$(FISHDIR)/stretchvoice.fish)
	install -D -m 644 -t $(call in_root,$(DOCDIR)) $(DOCS)
	[ -e $(SETTINGS) ] || install -D -m 644 config/stretchvoice.ini $(SETTINGS)

# Removes files by name, then the directories that are ours, if they are empty. Changed settings stay.
our_file = $(foreach name,$(2),$(call in_root,$(1)/$(name)))
our_directory = rmdir $(call in_root,$(1)) 2>/dev/null || true
ours_by_name = $(if $(filter %/stretchvoice,$(lastword $(1))),$(call our_directory,$(1)))

uninstall:
	rm -f $(call our_file,$(BINDIR),stretchvoice) $(call our_file,$(MANDIR)/man1,stretchvoice.1)
	rm -f $(call our_file,$(LIBEXECDIR),$(addprefix stretchvoice-,speech voice music sound others history cover ear))
	rm -f $(call our_file,$(DATADIR)/routines,$(ROUTINES)) $(call our_file,$(DATADIR)/voices,$(VOICES))
	rm -f $(call our_file,$(DOCDIR),$(notdir $(DOCS))) $(call our_file,$(UNITDIR),stretchvoice.service)
	rm -f $(call our_file,$(BASHDIR),stretchvoice) $(call our_file,$(ZSHDIR),_stretchvoice)
	rm -f $(call our_file,$(FISHDIR),stretchvoice.fish) $(call our_file,$(APPDIR),stretchvoice.desktop)
	rm -f $(call our_file,$(METADIR),$(METAINFO)) $(call our_file,$(ICONDIR),stretchvoice.svg)
	! cmp -s config/stretchvoice.ini $(SETTINGS) || rm $(SETTINGS)
	@$(call our_directory,$(DATADIR)/routines)
	@$(call our_directory,$(DATADIR)/voices)
	@$(call our_directory,$(SYSCONFDIR)/xdg/stretchvoice)
	@$(call ours_by_name,$(DATADIR))
	@$(call ours_by_name,$(LIBEXECDIR))
	@$(call ours_by_name,$(DOCDIR))

# ---- packages ----

DIST := stretchvoice-$(VERSION)

# The source as it is here, as $(BUILD)/stretchvoice-VERSION.tar.gz.
dist:
	@mkdir -p $(BUILD)
	@tools/dist stretchvoice $(VERSION) > $(BUILD)/$(DIST).tar
	@gzip -n -9 -f $(BUILD)/$(DIST).tar

# The Debian package is built from the tar, so nothing can be missing there. The variables given to this make are not
# for the package. -d: the packages that only its tests need may be missing.
DEB_BUILD_OPTIONS ?= nocheck
deb: dist
	@tools/deps install build packages
	@rm -rf $(BUILD)/deb
	@mkdir -p $(BUILD)/deb
	@tar -xf $(BUILD)/$(DIST).tar.gz -C $(BUILD)/deb
	@cd $(BUILD)/deb/$(DIST) && env -i PATH="$$PATH" HOME="$$HOME" \
	    DEB_BUILD_OPTIONS='$(DEB_BUILD_OPTIONS)' dpkg-buildpackage -d -us -uc

# Builds it twice, and checks what it holds, and what other distributions build from.
packages: deb
	@tools/deps install run sound
	@SV_BUILD=$(BUILD) python3 tests/lib/tap.py tests/packages/test_packages.py

clean:
	rm -rf build build-* doc/site

define HELP
make                  builds, into build/ (BUILD=…)
make run              installs what is missing, builds, and plays a routine
make test             installs what is missing, builds, and runs every test
make test T=cli/plan  runs a part of the tests
make test-sanitize    runs the tests with ASan and UBSan
make gates            builds with clang, for unsigned char and as a package, and runs TSan, clang-format and
                      clang-tidy, and checks the web site
make torture          lets each call of the program fail once, for an hour; TORTURE='render open' chooses
make fuzz             runs libFuzzer on every reader of foreign text, SECONDS (30) each; FUZZ='routine ini' chooses
make soak             plays SESSIONS (10000) in one daemon on a simulated clock, and fails if it grows
make coverage         prints how many lines of all programs the tests run
make bench-listen     measures how well spoken commands are understood
make bench            measures, beside programs that do parts of the same work
make figures          puts what 'make coverage' and 'make bench' have measured into the README
make deps             shows the packages, and installs those for building, running and testing
make install          installs to PREFIX (/usr/local), below DESTDIR
make uninstall        removes what was installed
make dist             writes the source to build/stretchvoice-VERSION.tar.gz
make deb              builds the Debian package, build/deb/stretchvoice_VERSION_ARCH.deb
make packages         builds it twice, checks and tries it, and checks the files for other distributions
make site             makes the web site, doc/site; test-site also checks it
make clean            removes what was built

V=1 shows the commands. CC, CPPFLAGS, CFLAGS, LDFLAGS and PKG_CONFIG are yours: what you give comes after our flags.
endef

help:
	$(info $(HELP))
	@:

-include $(shell find $(BUILD)/ -type f -name '*.d' 2>/dev/null)

.PHONY: all unit drivers fuzzers filled have-packages bench-listen run test test-sanitize torture gates build-clang test-uchar test-tsan lint fuzz coverage \
        soak bench figures deps install uninstall dist deb packages clean help FORCE
