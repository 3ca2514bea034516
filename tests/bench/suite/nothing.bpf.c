// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Holds no program, only the type of an event that nobody sends: a test has to name a probe. */
enum event_type {
	EVENT_NEVER = 1,
};

struct never_event {
	enum event_type type;
	unsigned int tid;
};

/* Keeps the struct in the object's BTF. */
const struct never_event *unused_never_event __attribute__((unused));
