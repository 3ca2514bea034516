// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Knows the architectures. */
#include "host/machine/arch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const x86_proof_arguments[] = {
	"-machine", "q35", "-m", "16", "-device", "isa-debug-exit,iobase=0xf4,iosize=1", NULL,
};

/*
 * The processor begins at the last 16 bytes below 4 GB, where the BIOS ends:
 *     mov ecx, 1 << 24; again: dec ecx; jnz again; mov al, 0x2a; out 0xf4, al; hlt
 * isa-debug-exit then ends QEMU with status 0x2a * 2 + 1.
 */
static const unsigned char x86_proof_code[] = {
	0x66, 0xb9, 0, 0, 0, 1, 0x66, 0x49, 0x75, 0xfc, 0xb0, 0x2a, 0xe6, 0xf4, 0xf4, 0,
};

/* host-scripts/README.md, "The machine", has the time that each option saves. */
static const struct arch rows[] = {
	{
		.name = "x86_64",
		.qemu = "qemu-system-x86_64",
		.machine = "q35,sata=off,smbus=off,usb=off,hpet=off,i8042=off,vmport=off",
		/*
		 * A kernel whose processor says that it copies bytes fast (erms, fsrm) copies and clears
		 * memory byte by byte: the slowest way on an emulated one.
		 */
		.cpu = { [ACCEL_KVM] = "host", [ACCEL_TCG] = "max,erms=off,fsrm=off" },
		.cmdline = "console=ttyS0 quiet panic=-1 cryptomgr.notests no_timer_check "
			   "noreplace-smp",
		.tsc_from_host = true,
		/* A vmlinux is there only if it can be booted through PVH. */
		.images = { "vmlinux", "vmlinuz" },
		.program_counter = "RIP=",
		.proof = {
			.arguments = x86_proof_arguments,
			.bios_size = 65536,
			.code = x86_proof_code,
			.code_size = sizeof(x86_proof_code),
			.answer = 0x2a * 2 + 1,
		},
	},
};

const struct arch *arch_find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

/*
 * The host's counter in kHz, or 0. bogomips is twice its MHz. A busy host loses timer interrupts; a
 * kernel that measured the counter itself would stop trusting it.
 */
static long tsc_khz(const char *cpuinfo)
{
	const char *bogomips = strstr(cpuinfo, "bogomips");
	const char *value = bogomips ? strchr(bogomips, ':') : NULL;

	if (!value || !strstr(cpuinfo, " constant_tsc "))
		return 0;
	return strtol(value + 1, NULL, 10) * 500;
}

int arch_cmdline(const struct arch *arch, enum accel accel, const char *cpuinfo, const char *extra,
		 char *text, size_t size)
{
	long khz = accel == ACCEL_TCG && arch->tsc_from_host ? tsc_khz(cpuinfo) : 0;
	char tsc[64] = "";
	int len;

	if (khz > 0)
		snprintf(tsc, sizeof(tsc), " tsc_early_khz=%ld tsc=reliable", khz);
	len = snprintf(text, size, "%s%s%s%s", arch->cmdline, tsc, *extra ? " " : "", extra);
	return len < 0 || (size_t)len >= size ? -E2BIG : 0;
}
