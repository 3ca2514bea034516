# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The default suite in build/suite, those that go wrong on purpose in build/faults, many events in build/load, unit tests
# and fuzzers.
#
# tests/<subject>/: x.c becomes the generator x, x.bpf.c an object, x.test is copied. tests/*.c is linked into every
# generator that calls it.

subjects := $(filter-out tests/examples/ tests/self/,$(wildcard tests/*/))
subject_c := $(wildcard $(addsuffix *.c,$(subjects)))
fault_c := $(wildcard tests/self/faults/*/*.c)
load_c := $(wildcard tests/self/load/*.c)
example_c := $(wildcard tests/examples/*/*.c)

# $(call built,FILES): where the sources, or copies, of FILES go.
built = $(patsubst tests/%,build/suite/%,$(filter-out tests/self/% tests/examples/%,$(1))) \
	$(patsubst tests/self/%,build/%,$(filter tests/self/%,$(1))) \
	$(patsubst tests/%,build/%,$(filter tests/examples/%,$(1)))
bpf_of = $(patsubst %.c,%.o,$(call built,$(filter %.bpf.c,$(1))))
generators_of = $(patsubst %.c,%,$(call built,$(filter-out %.bpf.c,$(1))))

suite_files += $(call bpf_of,$(subject_c)) $(call generators_of,$(subject_c)) \
	$(call built,$(wildcard $(addsuffix *.test,$(subjects))))
# Suites are run as build/faults with a filter, so that the probe at the root serves them all.
fault_files := $(call bpf_of,$(fault_c)) $(call generators_of,$(fault_c)) $(call built,$(wildcard tests/self/faults/*/*.test)) \
	build/faults/process.bpf.o

# Each folder is a suite. Files other than C are copied.
example_files := $(call bpf_of,$(example_c)) $(call generators_of,$(example_c)) \
	$(call built,$(filter-out %.c %.h %.md,$(wildcard tests/examples/*/*)))

load_files := $(call generators_of,$(load_c)) $(call built,$(wildcard tests/self/load/*.test)) \
	$(patsubst build/suite/%,build/load/%,$(probe_objects))

generator_common := $(patsubst %.c,build/obj/%.o,$(wildcard tests/*.c))
generator_library := build/obj/tests/libgenerator.a

build/obj/tests/%.o: tests/%.c tests/build.mk Makefile $(deps_stamp)
	$(call msg,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

$(generator_library): $(generator_common) $(call remember,generator,$(generator_common))
	$(Q)mkdir -p $(@D) && rm -f $@ && ar qcs $@ $(generator_common)

define compile_generator
$(call msg,CC,$<)
$(Q)mkdir -p $(@D) build/obj/$(<D)
$(Q)$(MUSL_CC) $(GUEST_CFLAGS) -Itests -MMD -MP -MF build/obj/$(<:.c=.d) -MT $@ $(GUEST_LDFLAGS) -o $@ $< \
	$(generator_library)
$(call check_static,$@)
endef

$(call bpf_of,$(subject_c)): build/suite/%.bpf.o: tests/%.bpf.c tests/build.mk Makefile $(deps_stamp)
	$(compile_bpf)
$(call bpf_of,$(fault_c)): build/%.bpf.o: tests/self/%.bpf.c tests/build.mk Makefile $(deps_stamp)
	$(compile_bpf)
$(call bpf_of,$(example_c)): build/%.bpf.o: tests/%.bpf.c tests/build.mk Makefile $(deps_stamp)
	$(compile_bpf)
$(call generators_of,$(subject_c)): build/suite/%: tests/%.c $(generator_library) tests/build.mk Makefile $(deps_stamp)
	$(compile_generator)
$(call generators_of,$(fault_c) $(load_c)): build/%: tests/self/%.c $(generator_library) tests/build.mk Makefile $(deps_stamp)
	$(compile_generator)
$(call generators_of,$(example_c)): build/%: tests/%.c $(generator_library) tests/build.mk Makefile $(deps_stamp)
	$(compile_generator)
# Only this object is compiled for a newer BPF processor than the oldest kernel has.
build/examples/load/new_instruction.bpf.o: BPF_CFLAGS += -mcpu=v3
build/suite/%.test: tests/%.test
	$(Q)mkdir -p $(@D) && cp $< $@
build/faults/process.bpf.o: build/suite/process.bpf.o
	$(Q)mkdir -p $(@D) && cp $< $@
build/faults/%.test: tests/self/faults/%.test
	$(Q)mkdir -p $(@D) && cp $< $@
# With its symbols, which uprobes are attached to.
build/examples/object/call_function: GUEST_LDFLAGS := $(filter-out -s,$(GUEST_LDFLAGS))
build/examples/%: tests/examples/%
	$(Q)mkdir -p $(@D) && cp -p $< $@
build/load/%.test: tests/self/load/%.test
	$(Q)mkdir -p $(@D) && cp $< $@
build/load/%.bpf.o: build/suite/%.bpf.o
	$(Q)mkdir -p $(@D) && cp $< $@

# A file whose source was removed must not run again.
define remove_stale
$(Q)printf '%s\n' $(2) | LC_ALL=C sort >build/obj/$(@F).files
$(Q)find $(1) -type f | LC_ALL=C sort | comm -23 - build/obj/$(@F).files | xargs -r rm -f --
$(Q)find $(1) -depth -mindepth 1 -type d -empty -delete
endef

.PHONY: suite
suite: $(suite_files) ## the default suite, in build/suite
	$(Q)mkdir -p build/suite build/obj
	$(call remove_stale,build/suite,$(suite_files))

.PHONY: faults
faults: $(fault_files)
	$(Q)mkdir -p build/faults build/obj
	$(call remove_stale,build/faults,$(fault_files))

.PHONY: load
load: $(load_files)
	$(Q)mkdir -p build/load build/obj
	$(call remove_stale,build/load,$(load_files))

.PHONY: examples
examples: $(example_files)
	$(Q)mkdir -p build/examples build/obj
	$(call remove_stale,build/examples,$(example_files))

all: suite
-include $(patsubst %.c,build/obj/%.d,$(subject_c) $(fault_c) $(load_c) $(example_c)) $(generator_common:.o=.d)

# Unit tests: x_test.c with cmocka, linked with what it calls of the runner; init_x_test.c with what it calls of
# guest-init. Host compiler, host libraries, and the sanitizers.
UNIT_CFLAGS := $(C_FLAGS) -O1 -fno-omit-frame-pointer
UNIT_SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all
# gcc, which all of this is written for, takes { NULL } as { 0 }.
FUZZ_CFLAGS := $(UNIT_CFLAGS) -Wno-missing-field-initializers
UNIT_LIBS := -lbpf -lelf -lz -ljansson

# Without what needs a libbpf as new as ours.
runner_parts := $(filter-out %.bpf.c $(patsubst %,testrunner/%.c,$(addprefix load/,attach kernel_btf object object_file option verifier)) $(testrunner_mains), \
	$(filter %.c,$(testrunner_sources)))
init_parts := $(filter-out guest-init/init.c,$(wildcard guest-init/*.c))
unit_tests := $(patsubst tests/self/%.c,build/%,$(wildcard tests/self/unit/*_test.c))
fuzz_programs := $(patsubst tests/self/unit/%.c,build/fuzz/%,$(wildcard tests/self/unit/*_fuzz.c))

# Named, they are no intermediate files to make, which it would remove.
$(patsubst tests/self/unit/%.c,build/obj/unit/tests/self/unit/%.o,$(wildcard tests/self/unit/*_test.c)) \
	$(patsubst tests/self/unit/%.c,build/obj/fuzz/tests/self/unit/%.o,$(wildcard tests/self/unit/*_fuzz.c)): tests/build.mk

# The same sources for two compilers: gcc for the tests, clang for libFuzzer.
build/obj/unit/%.o: %.c tests/build.mk Makefile
	$(call msg,UNIT CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(UNIT_CFLAGS) $(UNIT_SANITIZE) -iquote testrunner -MMD -MP -c -o $@ $<

build/obj/fuzz/%.o: %.c tests/build.mk Makefile
	$(call msg,FUZZ CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(FUZZ_CFLAGS) $(UNIT_SANITIZE) -fsanitize=fuzzer-no-link -iquote testrunner -MMD -MP -c -o $@ $<

define parts_library
build/obj/$(1)/lib$(2).a: $(patsubst %.c,build/obj/$(1)/%.o,$($(2)_parts)) $(call remember,$(2)-parts,$($(2)_parts))
	$$(Q)mkdir -p $$(@D) && rm -f $$@ && ar qcs $$@ $(patsubst %.c,build/obj/$(1)/%.o,$($(2)_parts))
endef
$(eval $(call parts_library,unit,runner))
$(eval $(call parts_library,unit,init))
$(eval $(call parts_library,fuzz,runner))
$(eval $(call parts_library,fuzz,init))

build/unit/init_%: build/obj/unit/tests/self/unit/init_%.o build/obj/unit/libinit.a
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(UNIT_SANITIZE) -o $@ $^ -lcmocka

build/unit/%: build/obj/unit/tests/self/unit/%.o build/obj/unit/librunner.a
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(UNIT_SANITIZE) -o $@ $^ $(UNIT_LIBS) -lcmocka

build/fuzz/init_%: build/obj/fuzz/tests/self/unit/init_%.o build/obj/fuzz/libinit.a
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(UNIT_SANITIZE) -fsanitize=fuzzer -o $@ $^

build/fuzz/%: build/obj/fuzz/tests/self/unit/%.o build/obj/fuzz/librunner.a
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(UNIT_SANITIZE) -fsanitize=fuzzer -o $@ $^ $(UNIT_LIBS)

# So that the fuzzers' short burst is one of the unit tests.
build/unit/fuzz_test: tests/self/unit/run-fuzzers
	$(Q)mkdir -p $(@D)
	$(Q)printf '#!/bin/sh\nexec "%s/tests/self/unit/run-fuzzers"\n' '$(CURDIR)' >$@ && chmod +x $@

.PHONY: unit-programs fuzzers
fuzzers: $(fuzz_programs)
	$(Q)mkdir -p build/fuzz build/obj
	$(call remove_stale,build/fuzz,$(fuzz_programs))

unit-programs: $(unit_tests) build/unit/fuzz_test fuzzers
	$(Q)mkdir -p build/unit build/obj
	$(call remove_stale,build/unit,$(unit_tests) build/unit/fuzz_test)

-include $(patsubst %.c,build/obj/unit/%.d,$(runner_parts) $(init_parts) $(wildcard tests/self/unit/*_test.c))
-include $(patsubst %.c,build/obj/fuzz/%.d,$(runner_parts) $(init_parts) $(wildcard tests/self/unit/*_fuzz.c))
