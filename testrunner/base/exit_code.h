/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Exit codes of both programs and of the host scripts: a worse result has a larger one. */
#ifndef BASE_EXIT_CODE_H
#define BASE_EXIT_CODE_H

enum exit_code {
	EXIT_PASSED = 0,
	EXIT_FAILED =
		1, /* a test failed, nothing ran, nothing was found, or a kernel became worse */
	EXIT_USAGE = 2,	 /* bad arguments, or a suite that cannot be read */
	EXIT_KERNEL = 3, /* the kernel complained, panicked, ran out of memory or hung */
	EXIT_LOST = 4,	 /* no boot, a deadline passed, or records are missing */
	EXIT_INFRA = 5,	 /* the host could not do its part */
};

#endif
