# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The tools of `make bench`: a suite in build/bench/suite, and the inits of the limits.

bench_inits := build/bench/power_off build/bench/wait_power_off
bench_suite := build/bench/suite/nothing build/bench/suite/process.bpf.o \
	$(patsubst tests/self/%,build/%,$(wildcard tests/self/bench/suite/*.test))
bench_init_objects := $(filter-out build/obj/guest-init/init.o,$(init_objects))

$(bench_inits): build/%: tests/self/%.c $(bench_init_objects) tests/self/bench/build.mk Makefile $(deps_stamp)
	$(call msg,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_CFLAGS) -Iguest-init $(GUEST_LDFLAGS) -o $@ $< $(bench_init_objects)
	$(call check_static,$@)
build/bench/suite/nothing: tests/self/bench/suite/nothing.c $(generator_library) tests/build.mk Makefile $(deps_stamp)
	$(compile_generator)
build/bench/suite/process.bpf.o: build/suite/process.bpf.o
	$(Q)mkdir -p $(@D) && cp $< $@
build/bench/suite/%.test: tests/self/bench/suite/%.test
	$(Q)mkdir -p $(@D) && cp $< $@

# Built as what goes into the guest, with its libc: that is what is to be fast.
build/obj/tests/self/unit/match_bench.o: private GUEST_CFLAGS += -Itestrunner
build/bench/event_engine: build/obj/tests/self/unit/match_bench.o $(rooms_library)
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_LDFLAGS) -o $@ $^ -lbpf -lelf -lz -ljansson

.PHONY: bench-programs
bench-programs: $(bench_inits) $(bench_suite) build/bench/event_engine
	$(Q)mkdir -p build/obj
	$(call remove_stale,build/bench/suite,$(bench_suite))

-include build/obj/tests/self/bench/suite/nothing.d build/obj/tests/self/unit/match_bench.d
