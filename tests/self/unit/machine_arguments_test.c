// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* QEMU's argument list: which devices a machine has, by kernel, run and start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/machine/arguments.h"
#include "host/machine/message.h"

static const struct machine_fds fds = { 11, 12, 13, 14 };

static struct machine machine_make(void)
{
	return (struct machine){
		.arch = arch_find("x86_64"),
		.qemu = "qemu",
		.accel = ACCEL_TCG,
		.memory = 300,
		.cpus = 3,
		.image = "/kernels/a,b/vmlinux",
		.cmdline = "console=ttyS0 quiet",
		.console = YES,
		.share = NO,
	};
}

/* All of it in one line, each word between blanks. */
static const char *line(const struct machine *machine, enum start start)
{
	static char text[8192];
	struct texts arguments = { 0 };
	size_t len = 0;

	machine_arguments(machine, start, &fds, &arguments);
	assert_null(arguments.items[arguments.count]);
	for (size_t i = 0; i < arguments.count; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s ", arguments.items[i]);
	texts_free(&arguments);
	return text;
}

static void has(const char *line, const char *part)
{
	if (!strstr(line, part))
		fail_msg("%s: not in %s", part, line);
}

static void has_not(const char *line, const char *part)
{
	if (strstr(line, part))
		fail_msg("%s: in %s", part, line);
}

static void test_boot(void **state)
{
	struct machine machine = machine_make();
	const char *text = line(&machine, START_BOOT);

	(void)state;
	assert_int_equal(strncmp(text, "qemu -no-user-config -nodefaults ", 33), 0);
	has(text, " -accel tcg -cpu max,erms=off,fsrm=off -smp 3 -m 300 ");
	has(text, " -machine q35,sata=off,smbus=off,usb=off,hpet=off,i8042=off,vmport=off ");
	has(text, " -kernel /kernels/a,b/vmlinux -initrd /dev/fd/11 -append console=ttyS0 quiet ");
	has(text, " -chardev stdio,id=qmp,signal=off -qmp chardev:qmp ");
	has(text, " virtio-serial-pci,max_ports=4 ");
	has(text, " virtserialport,chardev=records,name=org.bpfcheck.records ");
	has_not(text, "chardev:serial");
	has_not(text, "9p");
	has_not(text, "control,");
	has_not(text, "-incoming");
	machine.accel = ACCEL_KVM;
	has(line(&machine, START_BOOT), " -accel kvm -cpu host ");
}

static void test_channels(void **state)
{
	struct machine machine = machine_make();

	(void)state;
	machine.console = NO;
	has(line(&machine, START_BOOT),
	    " -chardev file,id=serial,path=serial.ndjson -serial chardev:serial ");
	has_not(line(&machine, START_BOOT), "virtserialport");
	machine.console = UNKNOWN;
	machine.share = UNKNOWN;
	has(line(&machine, START_BOOT), "-serial chardev:serial");
	has(line(&machine, START_BOOT), "virtserialport");
	has(line(&machine, START_BOOT),
	    " -fsdev local,id=hostshare,path=share,security_model=none -device virtio-9p-pci,fsdev=hostshare,mount_tag=hostshare ");
}

static void test_save_and_restore(void **state)
{
	struct machine machine = machine_make();
	const char *text = line(&machine, START_SAVE);

	(void)state;
	has(text,
	    ",memory-backend=ram -object memory-backend-file,id=ram,size=300M,mem-path=ram,share=on ");
	has(text,
	    " -chardev socket,id=control,fd=12 -device virtserialport,chardev=control,id=control,name=org.bpfcheck.control ");
	has(text, " -kernel ");
	text = line(&machine, START_RESTORE);
	has(text, "mem-path=/dev/fd/14,share=off -incoming defer ");
	has_not(text, "-kernel");
	has_not(text, "-initrd");
}

static void test_streams(void **state)
{
	struct machine machine = machine_make();
	const char *text;

	(void)state;
	machine.streams = true;
	text = line(&machine, START_BOOT);
	has(text, " virtio-serial-pci,max_ports=8 ");
	has(text, " file,id=stdout,path=stdout,append=on ");
	has(text, " file,id=stderr,path=stderr,append=on ");
	has(text, " socket,id=stdin,fd=13 ");
}

static void test_root(void **state)
{
	struct machine machine = machine_make();

	(void)state;
	machine.root = ROOT_9P;
	has(line(&machine, START_BOOT), "local,id=root,path=root,security_model=none,readonly=on ");
	machine.root = ROOT_9P_WRITABLE;
	has(line(&machine, START_BOOT),
	    "local,id=root,path=root,security_model=none,readonly=off ");
	has(line(&machine, START_BOOT), "virtio-9p-pci,fsdev=root,mount_tag=bpfcheckroot ");
	machine.root = ROOT_BLOCK;
	machine.root_format = "qcow2";
	has(line(&machine, START_BOOT), " if=none,id=root,file=root,format=qcow2,snapshot=on ");
	machine.root_writable = true;
	has(line(&machine, START_BOOT), "format=qcow2,snapshot=off ");
	machine.root = ROOT_INITRAMFS;
	has_not(line(&machine, START_BOOT), "root,");
}

static void test_terminal(void **state)
{
	struct machine machine = machine_make();

	(void)state;
	machine.terminal = true;
	has(line(&machine, START_BOOT), " stdio,id=console,mux=on,signal=off,logfile=console.log ");
	has_not(line(&machine, START_BOOT), "qmp");
}

static void test_cmdline(void **state)
{
	const struct arch *arch = arch_find("x86_64");
	static const char cpuinfo[] = "flags\t: fpu constant_tsc nopl \nbogomips\t: 5000.21 \n";
	char text[256];

	(void)state;
	assert_null(arch_find("vax"));
	assert_int_equal(arch_cmdline(arch, ACCEL_TCG, cpuinfo, "a b", text, sizeof(text)), 0);
	assert_string_equal(text, "console=ttyS0 quiet panic=-1 cryptomgr.notests no_timer_check "
				  "noreplace-smp tsc_early_khz=2500000 tsc=reliable a b");
	assert_int_equal(arch_cmdline(arch, ACCEL_KVM, cpuinfo, "", text, sizeof(text)), 0);
	has_not(text, "tsc");
	assert_int_equal(text[strlen(text) - 1], 'p');
	assert_int_equal(arch_cmdline(arch, ACCEL_TCG, "flags\t: fpu \n", "", text, sizeof(text)),
			 0);
	has_not(text, "tsc");
	assert_int_equal(arch_cmdline(arch, ACCEL_KVM, "", "", text, 20), -E2BIG);
}

static void test_kernel_lists(void **state)
{
	static const char dep[] =
		"kernel/net/9p/9pnet.ko.xz:\nkernel/net/9p/9pnet_virtio.ko.xz: kernel/net/9p/9pnet.ko.xz\n"
		"virtio_blk.ko:\n";
	static const char config[] = "CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_AB=y\n";

	(void)state;
	assert_true(modules_list_has(dep, "9pnet_virtio"));
	assert_true(modules_list_has(dep, "virtio_blk"));
	assert_false(modules_list_has(dep, "virtio"));
	assert_false(modules_list_has(dep, "net"));
	assert_true(config_builds_in(config, "CONFIG_A"));
	assert_true(config_builds_in(config, "CONFIG_AB"));
	assert_false(config_builds_in(config, "CONFIG_B"));
	assert_false(config_builds_in(config, "CONFIG_C"));
	assert_false(config_builds_in(config, "FIG_A"));
}

static void test_kernel_names(void **state)
{
	static const char *const bad[][2] = { { "", "1" },   { "a", "" },    { "..", "1" },
					      { "a", ".." }, { "a/b", "1" }, { "a", "1/../2" },
					      { "a", "/1" }, { ".git", "1" } };

	(void)state;
	assert_true(kernel_name_valid("debian", "6.1.0-57-cloud-amd64"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(kernel_name_valid(bad[i][0], bad[i][1]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_save_and_restore),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_cmdline),
		cmocka_unit_test(test_kernel_lists),
		cmocka_unit_test(test_kernel_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
