// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads how a machine ended out of QMP events. */
#include "host/report/machine.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* QEMU's ShutdownCause (qapi/run-state.json) */
static const struct {
	const char *reason;
	enum machine_end end;
} reasons[] = {
	{ "guest-shutdown", MACHINE_OFF },  { "guest-reset", MACHINE_RESET },
	{ "guest-panic", MACHINE_PANIC },   { "host-error", MACHINE_HOST_ERROR },
	{ "host-signal", MACHINE_STOPPED }, { "host-qmp-quit", MACHINE_STOPPED },
	{ "host-ui", MACHINE_STOPPED },
};

static void machine_set(struct machine *machine, enum machine_end end, const char *reason)
{
	machine->end = end;
	snprintf(machine->reason, sizeof(machine->reason), "%s", reason);
}

static void event_take(struct machine *machine, const char *event, const char *reason)
{
	/* The first end is the cause: a panic is followed by a shutdown, a reset by the signal that
	 * ends QEMU. */
	if (machine->end != MACHINE_UNKNOWN)
		return;
	if (!strcmp(event, "GUEST_PANICKED")) {
		machine_set(machine, MACHINE_PANIC, "guest-panic");
		return;
	}
	/* The firmware may reset the machine by itself on the way up; that is no guest-reset. */
	if (strcmp(event, "SHUTDOWN") && strcmp(event, "RESET"))
		return;
	for (size_t i = 0; reason && i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(reasons[i].reason, reason))
			machine_set(machine, reasons[i].end, reason);
}

void machine_parse(const char *data, size_t len, struct machine *machine)
{
	const char *end = data + len, *next;

	memset(machine, 0, sizeof(*machine));
	for (const char *at = data; at < end; at = next) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *event;
		json_t *line;

		next = newline ? newline + 1 : end;
		line = json_loadb(at, (size_t)(next - at), 0, NULL);
		event = json_string_value(json_object_get(line, "event"));
		if (event)
			event_take(machine, event,
				   json_string_value(json_object_get(json_object_get(line, "data"),
								     "reason")));
		json_decref(line);
	}
}
