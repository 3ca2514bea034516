// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* See program_fuzz.h. */
#define FORMAT PROGRAM_TAP

#include "program_fuzz.h"
