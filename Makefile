# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The one entry to building and checking bpfcheck; `make help` lists the targets. Each folder's rules are in its
# build.mk. Everything that is made goes to build/.
#
# Variables: V=1 shows the commands; WERROR=1 makes warnings errors; CC (a gcc), CLANG, LLVM_STRIP, CFLAGS; FUZZ_SECONDS
# for each fuzzer of `make fuzz`.

ifneq ($(words $(CURDIR)),1)
$(error make cannot build in a path with blanks: $(CURDIR))
endif

ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang
LLVM_STRIP ?= llvm-strip
CFLAGS ?= -O2 -g
FUZZ_SECONDS ?= 20
export BPFCHECK_BUILD := $(CURDIR)/build

Q := $(if $(filter 1,$(V)),,@)
# Nothing under make -s.
msg = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s %s\n' '$(1)' '$(2)')

# A user's compiler may be newer than any that these sources were tried with. CI and `make lint` set WERROR.
WARNINGS := -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror)
# For all C, on the host and in the guest.
C_FLAGS := -std=gnu11 -D_GNU_SOURCE $(WARNINGS) $(CFLAGS)
# For what goes into the guest. Sections of their own let the linker leave out what nothing calls.
GUEST_CFLAGS := $(C_FLAGS) -fno-pie -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
GUEST_LDFLAGS := -static -s -Wl,--gc-sections -Wl,--fatal-warnings
# -mcpu=v2: every kernel since 4.14 knows these instructions. clang 20 and later compile for v3 by default, whose atomic
# instructions 5.10 refuses ("BPF_STX uses reserved fields").
# -fms-extensions: event structs begin with an anonymous `struct event_header`.
BPF_CFLAGS := -target bpf -mcpu=v2 -O2 -g -std=gnu11 $(WARNINGS) -fms-extensions -Wno-microsoft-anon-tag \
	-D__TARGET_ARCH_x86 -isystem build/deps/include

# $(call remember,NAME,FILES): build/obj/NAME.list, which is newer than what was linked from another list of files. An
# object whose source was removed must not stay in a program.
remember = $(if $(call differ,$(file <build/obj/$(1).list),$(2)),$(shell mkdir -p build/obj)$(file \
	>build/obj/$(1).list,$(2)))build/obj/$(1).list
differ = $(filter-out $(1),$(2))$(filter-out $(2),$(1))

# A program that the guest could not start must not get there.
define check_static
$(Q)headers=$$(readelf -lW $(1)) || exit 1; case $$headers in *INTERP*) \
	echo '$(1): linked dynamically' >&2; exit 1 ;; esac
endef

# BTF stays; DWARF is of no use to the kernel or the runner, and large.
define compile_bpf
$(call msg,BPF,$<)
$(Q)mkdir -p $(@D) build/obj/$(<D)
$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MF build/obj/$(<:.c=.d) -MT $@ -c -o $@ $<
$(Q)$(LLVM_STRIP) -g $@
endef

.DELETE_ON_ERROR:
.SUFFIXES:

# The first target is what `make` makes.
.PHONY: all
all: ## init, the test runner, busybox, the default suite (no downloads of kernels)

include testrunner/deps.mk
include guest-init/build.mk
include testrunner/build.mk
include probes/build.mk
include tests/build.mk
include tests/self/bench/build.mk

build/obj/%.list:
	$(Q)mkdir -p $(@D) && touch $@

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST) | sort

.PHONY: setup
setup: ## install the host packages that are missing (root or sudo)
	$(Q)host-scripts/setup

# Where make can say what is missing, no compiler has to.
.PHONY: tools
tools:
	$(Q)host-scripts/setup --check build

.PHONY: run
run: ## set up, build, and run the default suite on the kernels of kernels/default.matrix
	$(Q)host-scripts/setup build run
	$(Q)$(MAKE) --no-print-directory all
	$(Q)host-scripts/run-tests --matrix kernels/default.matrix

.PHONY: test
test: ## set up, build, and run every test of the project
	$(Q)host-scripts/setup build run test root
	$(Q)$(MAKE) --no-print-directory all unit-programs faults examples bench-programs
	$(Q)tests/self/run-all

.PHONY: test-distros
test-distros: ## both commands from nothing on Debian 12, 13 and sid (DISTROS, root; half an hour each)
	$(Q)host-scripts/setup root
	$(Q)tests/self/distros $(DISTROS)

.PHONY: test-build
test-build: ## build small kernels from source, and run the default suite on them (half an hour)
	$(Q)host-scripts/setup build run kernel
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/self/run-all builds

.PHONY: test-load
test-load: ## many events, as fast as they can be made, on two CPUs (ten minutes where they are emulated)
	$(Q)host-scripts/setup build run
	$(Q)$(MAKE) --no-print-directory all load
	$(Q)host-scripts/run-tests --suite build/load --cpus 2 --timeout 3600 debian:6.1-cloud

.PHONY: mutate
mutate: ## how many wrong values in the probes' events the default suite notices (a few seconds each)
	$(Q)host-scripts/setup build run
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BPF_CFLAGS='$(BPF_CFLAGS)' CLANG='$(CLANG)' tests/self/mutate $(MUTATE)

.PHONY: unit
unit: unit-programs ## C unit tests, and a short burst of each fuzzer
	$(Q)tests/self/run-all unit

.PHONY: fuzz
fuzz: fuzzers ## run each fuzzer for FUZZ_SECONDS (20)
	$(Q)tests/self/unit/run-fuzzers $(FUZZ_SECONDS)

.PHONY: bench
bench: ## speed, against limits and peers, in a table (ROWS, RUNS, BASELINE=FILE, STRICT=1)
	$(Q)host-scripts/setup build run
	$(Q)$(MAKE) --no-print-directory all bench-programs
	$(Q)tests/self/bench/bench

.PHONY: lint
lint: $(deps_stamp) ## clang-format, warnings of gcc and clang, clang-tidy, cppcheck, shellcheck, shfmt, rooms
	$(Q)host-scripts/setup --check lint
	$(Q)BPF_CFLAGS='$(BPF_CFLAGS)' tests/self/lint

.PHONY: clean
clean: ## remove what was built; kernels, libraries and downloads stay (rm -rf build removes them)
	$(Q)rm -rf build/bin build/obj build/suite build/faults build/load build/examples build/unit build/fuzz build/initramfs \
		build/bench/suite $(bench_inits)
