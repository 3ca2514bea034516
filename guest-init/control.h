/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The port through which settings and suite arrive in a warm start. */
#pragma once

int control_open(void); /* after that, the machine can be saved */
/* Wait for the next cpio archive (newc) and unpack it into the root. */
int control_unpack(void);
