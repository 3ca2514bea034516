// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Is never run: the probes of its tests do not load. */
int main(void)
{
	return 1;
}
