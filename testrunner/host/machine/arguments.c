// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Builds QEMU's argument list. */
#include "host/machine/arguments.h"

#include <stdlib.h>

#include "host/machine/message.h"

/* An option, and its value. */
#define ADD(name, ...)                               \
	do {                                         \
		texts_add(arguments, name);          \
		texts_print(arguments, __VA_ARGS__); \
	} while (0)

/* Guests without virtio console, or of which it is not known, send their records over a serial port. */
static void add_records(const struct machine *machine, struct texts *arguments)
{
	if (machine->console != NO) {
		ADD("-device", "virtio-serial-pci,max_ports=%d", machine->streams ? 8 : 4);
		ADD("-chardev", "file,id=records,path=records.ndjson");
		ADD("-device", "virtserialport,chardev=records,name=org.bpfcheck.records");
	}
	if (machine->console != YES) {
		ADD("-chardev", "file,id=serial,path=serial.ndjson");
		ADD("-serial", "chardev:serial");
	}
}

static void add_share(const char *id, const char *path, const char *tag, const char *more,
		      struct texts *arguments)
{
	ADD("-fsdev", "local,id=%s,path=%s,security_model=none%s", id, path, more);
	ADD("-device", "virtio-9p-pci,fsdev=%s,mount_tag=%s", id, tag);
}

static void add_root(const struct machine *machine, struct texts *arguments)
{
	switch (machine->root) {
	case ROOT_9P:
	case ROOT_9P_WRITABLE:
		add_share("root", "root", "bpfcheckroot",
			  machine->root == ROOT_9P ? ",readonly=on" : ",readonly=off", arguments);
		break;
	case ROOT_BLOCK:
		/* snapshot: QEMU keeps to itself what is written. */
		ADD("-drive", "if=none,id=root,file=root,format=%s,snapshot=%s",
		    machine->root_format, machine->root_writable ? "off" : "on");
		ADD("-device", "virtio-blk-pci,drive=root");
		break;
	case ROOT_NONE:
	case ROOT_INITRAMFS:
		break;
	}
}

static void add_port(const char *name, const char *chardev, struct texts *arguments)
{
	ADD("-chardev", "%s", chardev);
	ADD("-device", "virtserialport,chardev=%s,id=%s,name=org.bpfcheck.%s", name, name, name);
}

static void add_socket_port(const char *name, int fd, struct texts *arguments)
{
	char *chardev = text_new("socket,id=%s,fd=%d", name, fd);

	add_port(name, chardev, arguments);
	free(chardev);
}

/*
 * Shared memory is not saved: it is in its file already. A restored machine has a private view of that
 * file, so all that are restored from it have in common what none of them writes to.
 */
static void add_memory(const struct machine *machine, enum start start,
		       const struct machine_fds *fds, struct texts *arguments)
{
	ADD("-machine", "%s%s", machine->arch->machine,
	    start == START_BOOT ? "" : ",memory-backend=ram");
	if (start == START_SAVE)
		ADD("-object", "memory-backend-file,id=ram,size=%ldM,mem-path=ram,share=on",
		    machine->memory);
	if (start != START_RESTORE)
		return;
	ADD("-object", "memory-backend-file,id=ram,size=%ldM,mem-path=/dev/fd/%d,share=off",
	    machine->memory, fds->memory);
	ADD("-incoming", "defer");
}

static void add_console(bool terminal, struct texts *arguments)
{
	if (terminal) {
		ADD("-chardev", "stdio,id=console,mux=on,signal=off,logfile=console.log");
		ADD("-monitor", "chardev:console");
	} else {
		ADD("-chardev", "file,id=console,path=console.log,append=on");
		ADD("-chardev", "stdio,id=qmp,signal=off");
		ADD("-qmp", "chardev:qmp");
	}
	/* The first serial port is the console. */
	ADD("-serial", "chardev:console");
}

void machine_arguments(const struct machine *machine, enum start start,
		       const struct machine_fds *fds, struct texts *arguments)
{
	static const char *const fixed[] = { "-no-user-config", "-nodefaults", "-display", "none",
					     "-no-reboot" };

	texts_add(arguments, machine->qemu);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		texts_add(arguments, fixed[i]);
	ADD("-accel", "%s", machine->accel == ACCEL_KVM ? "kvm" : "tcg");
	ADD("-cpu", "%s", machine->arch->cpu[machine->accel]);
	ADD("-smp", "%ld", machine->cpus);
	ADD("-m", "%ld", machine->memory);
	add_console(machine->terminal, arguments);
	add_records(machine, arguments);
	if (machine->share != NO)
		add_share("hostshare", "share", "hostshare", "", arguments);
	add_root(machine, arguments);
	if (start != START_BOOT)
		add_socket_port("control", fds->control, arguments);
	if (machine->streams) {
		add_port("stdout", "file,id=stdout,path=stdout,append=on", arguments);
		add_port("stderr", "file,id=stderr,path=stderr,append=on", arguments);
		add_socket_port("stdin", fds->input, arguments);
	}
	add_memory(machine, start, fds, arguments);
	if (start == START_RESTORE)
		return;
	ADD("-kernel", "%s", machine->image);
	ADD("-initrd", "/dev/fd/%d", fds->initrd);
	ADD("-append", "%s", machine->cmdline);
}
