# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# build/bin/testrunner: one static binary for the guest and the host, its own BPF objects embedded.

testrunner_objects := $(patsubst %.c,build/obj/%.o,$(wildcard testrunner/*.c testrunner/report/*.c)) \
	$(patsubst %.S,build/obj/%.o,$(wildcard testrunner/*.S))
testrunner_bpf := $(patsubst %.bpf.c,build/obj/%.bpf.o,$(wildcard testrunner/*.bpf.c))
testrunner_objects := $(filter-out $(testrunner_bpf),$(testrunner_objects))

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
	$(Q)$(MUSL_CC) -Wa,-Ibuild/obj/testrunner -MMD -MP -c -o $@ $<

# kernel_btf.c stands before these functions of libbpf.
libbpf_wrapped := -Wl,--wrap=btf__load_vmlinux_btf -Wl,--wrap=btf__free -Wl,--wrap=btf__find_by_name_kind

build/bin/testrunner: $(testrunner_objects) $(call remember,testrunner,$(testrunner_objects))
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_LDFLAGS) -o $@ $(testrunner_objects) $(libbpf_wrapped) -lbpf -lelf -lz -ljansson
	$(call check_static,$@)

all: build/bin/testrunner
-include $(testrunner_objects:.o=.d) $(testrunner_bpf:.o=.d)

# build/bin/bpfcheck: the host program, static too, so that it runs on other hosts.
bpfcheck_objects := $(patsubst %.c,build/obj/%.o,$(wildcard testrunner/host/*.c testrunner/host/machine/*.c)) \
	build/obj/testrunner/file.o build/obj/testrunner/vmlinux_tool.o

build/bin/bpfcheck: $(bpfcheck_objects) $(call remember,bpfcheck,$(bpfcheck_objects))
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_LDFLAGS) -o $@ $(bpfcheck_objects) -ljansson
	$(call check_static,$@)

all: build/bin/bpfcheck
-include $(bpfcheck_objects:.o=.d)
