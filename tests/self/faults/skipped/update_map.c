// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes to an array map. */
#include <linux/bpf.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

int main(void)
{
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1
	};
	uint32_t key = 0;
	uint64_t value = 1;
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map));
	union bpf_attr update = {
		.map_fd = (uint32_t)fd,
		.key = (uintptr_t)&key,
		.value = (uintptr_t)&value,
	};

	if (fd < 0 || syscall(SYS_bpf, BPF_MAP_UPDATE_ELEM, &update, sizeof(update)))
		die("write to a map: %m");
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
