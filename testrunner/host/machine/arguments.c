// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Builds QEMU's argument list. */
#include "host/machine/arguments.h"

/* Guests without virtio console, or of which it is not known, send their records over a serial port. */
static void add_records(const struct machine *machine, struct words *words)
{
	if (machine->console != NO) {
		words_add(words, "-device");
		words_add(words, "virtio-serial-pci,max_ports=%d", machine->streams ? 8 : 4);
		words_add(words, "-chardev");
		words_add(words, "file,id=records,path=records.ndjson");
		words_add(words, "-device");
		words_add(words, "virtserialport,chardev=records,name=org.bpfcheck.records");
	}
	if (machine->console != YES) {
		words_add(words, "-chardev");
		words_add(words, "file,id=serial,path=serial.ndjson");
		words_add(words, "-serial");
		words_add(words, "chardev:serial");
	}
}

static void add_share(const char *id, const char *tag, const char *more, struct words *words)
{
	words_add(words, "-fsdev");
	words_add(words, "local,id=%s,path=%s,security_model=none%s", id, *more ? "root" : "share",
		  more);
	words_add(words, "-device");
	words_add(words, "virtio-9p-pci,fsdev=%s,mount_tag=%s", id, tag);
}

static void add_root(const struct machine *machine, struct words *words)
{
	switch (machine->root) {
	case ROOT_9P:
	case ROOT_9P_WRITABLE:
		add_share("root", "bpfcheckroot",
			  machine->root == ROOT_9P ? ",readonly=on" : ",readonly=off", words);
		break;
	case ROOT_BLOCK:
		words_add(words, "-drive");
		/* snapshot: QEMU keeps to itself what is written. */
		words_add(words, "if=none,id=root,file=root,format=%s,snapshot=%s",
			  machine->root_format, machine->root_writable ? "off" : "on");
		words_add(words, "-device");
		words_add(words, "virtio-blk-pci,drive=root");
		break;
	case ROOT_NONE:
	case ROOT_INITRAMFS:
		break;
	}
}

static void add_socket_port(const char *name, int fd, struct words *words)
{
	words_add(words, "-chardev");
	words_add(words, "socket,id=%s,fd=%d", name, fd);
	words_add(words, "-device");
	words_add(words, "virtserialport,chardev=%s,id=%s,name=org.bpfcheck.%s", name, name, name);
}

static void add_streams(const struct machine_fds *fds, struct words *words)
{
	static const char *const outputs[] = { "stdout", "stderr" };

	for (size_t i = 0; i < 2; i++) {
		words_add(words, "-chardev");
		words_add(words, "file,id=%s,path=%s,append=on", outputs[i], outputs[i]);
		words_add(words, "-device");
		words_add(words, "virtserialport,chardev=%s,name=org.bpfcheck.%s", outputs[i],
			  outputs[i]);
	}
	add_socket_port("stdin", fds->input, words);
}

/*
 * Shared memory is not saved: it is in its file already. A restored machine has a private view of that
 * file, so all that are restored from it have in common what none of them writes to.
 */
static void add_memory(const struct machine *machine, enum start start,
		       const struct machine_fds *fds, struct words *words)
{
	words_add(words, "-machine");
	if (start == START_BOOT) {
		words_add(words, "%s", machine->arch->machine);
		return;
	}
	words_add(words, "%s,memory-backend=ram", machine->arch->machine);
	words_add(words, "-object");
	if (start == START_SAVE) {
		words_add(words, "memory-backend-file,id=ram,size=%ldM,mem-path=ram,share=on",
			  machine->memory);
		return;
	}
	words_add(words, "memory-backend-file,id=ram,size=%ldM,mem-path=/dev/fd/%d,share=off",
		  machine->memory, fds->memory);
	words_add(words, "-incoming");
	words_add(words, "defer");
}

static void add_kernel(const struct machine *machine, const struct machine_fds *fds,
		       struct words *words)
{
	words_add(words, "-kernel");
	words_add(words, "%s", machine->image);
	words_add(words, "-initrd");
	words_add(words, "/dev/fd/%d", fds->initrd);
	words_add(words, "-append");
	words_add(words, "%s", machine->cmdline);
}

static void add_base(const struct machine *machine, struct words *words)
{
	static const char *const fixed[] = { "-no-user-config", "-nodefaults", "-display", "none",
					     "-no-reboot",	NULL };

	words_add(words, "%s", machine->qemu);
	words_add_all(words, fixed);
	words_add(words, "-accel");
	words_add(words, "%s", machine->accel == ACCEL_KVM ? "kvm" : "tcg");
	words_add(words, "-cpu");
	words_add(words, "%s", machine->arch->cpu[machine->accel]);
	words_add(words, "-smp");
	words_add(words, "%ld", machine->cpus);
	words_add(words, "-m");
	words_add(words, "%ld", machine->memory);
}

static void add_console(bool terminal, struct words *words)
{
	static const char *const ours[] = {
		"-chardev", "stdio,id=console,mux=on,signal=off,logfile=console.log",
		"-serial",  "chardev:console",
		"-mon",	    "chardev=console",
		NULL,
	};
	static const char *const apart[] = {
		"-chardev", "file,id=console,path=console.log,append=on",
		"-serial",  "chardev:console",
		"-chardev", "stdio,id=qmp,signal=off",
		"-mon",	    "chardev=qmp,mode=control",
		NULL,
	};

	words_add_all(words, terminal ? ours : apart);
}

void machine_arguments(const struct machine *machine, enum start start,
		       const struct machine_fds *fds, struct words *words)
{
	add_base(machine, words);
	/* The first serial port is the console. */
	add_console(machine->terminal, words);
	add_records(machine, words);
	if (machine->share != NO)
		add_share("hostshare", "hostshare", "", words);
	add_root(machine, words);
	if (start != START_BOOT)
		add_socket_port("control", fds->control, words);
	if (machine->streams)
		add_streams(fds, words);
	add_memory(machine, start, fds, words);
	if (start != START_RESTORE)
		add_kernel(machine, fds, words);
}
