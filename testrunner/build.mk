# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# build/bin/testrunner, which runs in the guest, and build/bin/bpfcheck, which runs on the host: two static programs out of
# one library of all rooms, each with the objects that its main() needs.

rooms := base record suite event match load process run host/report host/image host/machine host
testrunner_sources := $(foreach room,$(rooms),$(wildcard testrunner/$(room)/*.[cS]))
testrunner_bpf := $(patsubst %.c,build/obj/%.o,$(filter %.bpf.c,$(testrunner_sources)))
testrunner_mains := testrunner/run/main.c testrunner/host/main.c
rooms_objects := $(patsubst %,build/obj/%.o,$(basename $(filter-out %.bpf.c $(testrunner_mains),$(testrunner_sources))))
rooms_library := build/obj/testrunner/librooms.a

# Named, they are no intermediate files to make, which it would remove.
$(testrunner_bpf): testrunner/build.mk

build/obj/testrunner/%.bpf.o: testrunner/%.bpf.c testrunner/build.mk Makefile $(deps_stamp)
	$(compile_bpf)

build/obj/testrunner/%.o: testrunner/%.c testrunner/build.mk Makefile $(deps_stamp)
	$(call msg,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_CFLAGS) -Itestrunner -MMD -MP -c -o $@ $<

# .incbin finds the objects through -Wa,-I.
build/obj/testrunner/%.o: testrunner/%.S testrunner/build.mk Makefile $(testrunner_bpf) $(deps_stamp)
	$(call msg,AS,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) -Wa,-Ibuild/obj/testrunner/load -MMD -MP -c -o $@ $<

# kernel_btf.c stands before these functions of libbpf.
libbpf_wrapped := -Wl,--wrap=btf__load_vmlinux_btf -Wl,--wrap=btf__free -Wl,--wrap=btf__find_by_name_kind

$(rooms_library): $(rooms_objects) $(call remember,rooms,$(rooms_objects))
	$(Q)mkdir -p $(@D) && rm -f $@ && ar qcs $@ $(rooms_objects)

build/bin/testrunner: build/obj/testrunner/run/main.o
build/bin/bpfcheck: build/obj/testrunner/host/main.o
build/bin/testrunner build/bin/bpfcheck: $(rooms_library)
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_LDFLAGS) -o $@ $(filter %.o,$^) $(rooms_library) $(libbpf_wrapped) -lbpf -lelf -lz -ljansson
	$(call check_static,$@)

all: build/bin/testrunner build/bin/bpfcheck
-include $(rooms_objects:.o=.d) $(testrunner_mains:%.c=build/obj/%.d) $(testrunner_bpf:.o=.d)
