# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# build/suite/*.bpf.o: the probes under test.

probe_objects := $(patsubst probes/%.c,build/suite/%.o,$(wildcard probes/*.bpf.c))

build/suite/%.bpf.o: probes/%.bpf.c probes/build.mk Makefile $(deps_stamp)
	$(compile_bpf)

suite_files += $(probe_objects)
-include $(patsubst build/suite/%.o,build/obj/probes/%.d,$(probe_objects))
