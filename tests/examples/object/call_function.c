// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Calls a function with 1, 2 and 3, and passes a USDT probe with the same number each time. */
#include "generator.h"

/*
 * As <sys/sdt.h> of systemtap has them (its wiki, "UserSpaceProbeImplementation"): a nop, and a note
 * about where it is and where its argument, 8 signed bytes, is found.
 */
#define USDT(provider, name, argument)                                  \
	__asm__ volatile("990: nop\n"                                   \
			 ".pushsection .note.stapsdt, \"\", \"note\"\n" \
			 ".balign 4\n"                                  \
			 ".4byte 992f - 991f, 994f - 993f, 3\n"         \
			 "991: .asciz \"stapsdt\"\n"                    \
			 "992: .balign 4\n"                             \
			 "993: .8byte 990b, 0, 0\n"                     \
			 ".asciz \"" #provider "\"\n"                   \
			 ".asciz \"" #name "\"\n"                       \
			 ".asciz \"-8@%0\"\n"                           \
			 "994: .balign 4\n"                             \
			 ".popsection\n"                                \
			 :                                              \
			 : "r"(argument))

long double_it(long number);

__attribute__((noinline)) long double_it(long number)
{
	/* So that no call of it is left out. */
	__asm__ volatile("" : "+r"(number));
	return 2 * number;
}

int main(void)
{
	long sum = 0;

	for (long number = 1; number <= 3; number++) {
		sum += double_it(number);
		USDT(bpfcheck, called, number);
	}
	truth_number("sum", (uint64_t)sum);
	truth_print();
	return 0;
}
