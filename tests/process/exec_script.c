// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A child execs a script, so that the kernel execs the script's interpreter, which is do_nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

int main(void)
{
	char *argv[] = { "what argv[0] says is lost", NULL }, *env[] = { NULL };
	struct program program = { .path = "script", .argv = argv, .env = env };
	char *source = realpath("do_nothing", NULL);
	struct held held;
	FILE *script;

	if (!source)
		die("realpath do_nothing: %m");
	private_tmp();
	copy_file(source, "interpreter", 0755);
	script = fopen("script", "wxe");
	if (!script || fprintf(script, "#!/tmp/interpreter 0\n") < 0 || fclose(script) ||
	    chmod("script", 0755))
		die("write script: %m");
	held = exec_held(&program);
	truth_task("task", held.pid, held.pid);
	truth_strings("argv", held.pid, "cmdline");
	held_release(&held);
	truth_print();
	return 0;
}
