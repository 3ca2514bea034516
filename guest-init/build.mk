# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# build/bin/init: PID 1 of the guest, libc only; its rescue shell; and both, with the runner, as an initramfs.

init_objects := $(patsubst %.c,build/obj/%.o,$(wildcard guest-init/*.c))
init_max_size := 100000

build/obj/guest-init/%.o: guest-init/%.c guest-init/build.mk Makefile $(deps_stamp)
	$(call msg,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_CFLAGS) -Os -MMD -MP -c -o $@ $<

build/bin/init: $(init_objects) $(call remember,init,$(init_objects))
	$(call msg,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(MUSL_CC) $(GUEST_LDFLAGS) -o $@ $(init_objects)
	$(call check_static,$@)
	$(Q)size=$$(wc -c <$@); [ $$size -lt $(init_max_size) ] || \
		{ echo "$@: $$size bytes, more than $(init_max_size)" >&2; exit 1; }

build/bin/busybox: guest-init/fetch-busybox | tools
	$(call msg,FETCH,busybox)
	$(Q)guest-init/fetch-busybox $@
	$(call check_static,$@)

build/initramfs/base.cpio: build/bin/init build/bin/testrunner build/bin/busybox host-scripts/mkinitramfs
	$(call msg,CPIO,$@)
	$(Q)host-scripts/mkinitramfs base

all: build/initramfs/base.cpio
-include $(init_objects:.o=.d)
