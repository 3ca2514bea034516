/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The state of the machine, apart from files. */
#pragma once
#include "settings.h"

void machine_prepare(void); /* network, limits, kernel settings */
/* Set what differs between runs from one snapshot: clock and randomness. */
void machine_personalize(const struct settings *settings);
