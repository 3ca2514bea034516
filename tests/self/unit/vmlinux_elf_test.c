/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A vmlinux: its notes, sections and symbols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/elf.h"

/* The smallest that has all. */
static struct file {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	struct {
		Elf64_Nhdr header;
		char name[4];
		unsigned char desc[4];
	} notes[2];
	Elf64_Sym symbols[6];
	char names[128], btf[8], debug[8];
	Elf64_Shdr sections[6];
} file;

enum { NAMES = 1, SYMTAB, NOTES, BTF, DEBUG };

static const char names[] =
	"\0.strtab\0.symtab\0.notes\0.BTF\0.debug_info\0start_kernel\0init_task\0"
	"a_file.c\0local\0_text\0undefined";

static unsigned int name_of(const char *name)
{
	for (unsigned int i = 0; i < sizeof(names); i++) {
		if (i && !names[i - 1] && strcmp(names + i, name) == 0)
			return i;
	}
	fail_msg("no name %s", name);
	return 0;
}

static void add_section(int index, const char *name, unsigned int type, const void *data,
			size_t size)
{
	file.sections[index] = (Elf64_Shdr){
		.sh_name = name_of(name),
		.sh_type = type,
		.sh_offset = (size_t)((const char *)data - (const char *)&file),
		.sh_size = size,
		.sh_link = type == SHT_SYMTAB ? NAMES : 0,
		.sh_entsize = type == SHT_SYMTAB ? sizeof(Elf64_Sym) : 0,
		.sh_addralign = type == SHT_SYMTAB ? 8 : 4,
	};
}

static void add_symbol(int index, const char *name, int bind, int type, unsigned int section,
		       uint64_t value)
{
	file.symbols[index] = (Elf64_Sym){
		.st_name = name_of(name),
		.st_info = (unsigned char)ELF64_ST_INFO(bind, type),
		.st_shndx = (uint16_t)section,
		.st_value = value,
	};
}

static int make_file(void **state)
{
	(void)state;
	memset(&file, 0, sizeof(file));
	memcpy(file.header.e_ident, ELFMAG "\2\1\1", 7);
	file.header.e_type = ET_EXEC;
	file.header.e_machine = EM_X86_64;
	file.header.e_version = EV_CURRENT;
	file.header.e_ehsize = sizeof(Elf64_Ehdr);
	file.header.e_phoff = offsetof(struct file, segment);
	file.header.e_phentsize = sizeof(Elf64_Phdr);
	file.header.e_phnum = 1;
	file.header.e_shoff = offsetof(struct file, sections);
	file.header.e_shentsize = sizeof(Elf64_Shdr);
	file.header.e_shnum = 6;
	file.header.e_shstrndx = NAMES;
	file.segment = (Elf64_Phdr){ .p_type = PT_NOTE,
				     .p_offset = offsetof(struct file, notes),
				     .p_filesz = sizeof(file.notes),
				     .p_align = 4 };
	file.notes[0].header = (Elf64_Nhdr){ 4, 4, 18 };
	memcpy(file.notes[0].name, "Xen", 4);
	file.notes[1].header = (Elf64_Nhdr){ 4, 4, NT_GNU_BUILD_ID };
	memcpy(file.notes[1].name, "GNU", 4);
	memcpy(file.notes[1].desc, "\x01\x23\xab\xcd", 4);
	memcpy(file.names, names, sizeof(names));
	memcpy(file.btf, "the BTF", 8);
	add_section(NAMES, ".strtab", SHT_STRTAB, file.names, sizeof(file.names));
	add_section(SYMTAB, ".symtab", SHT_SYMTAB, file.symbols, sizeof(file.symbols));
	add_section(NOTES, ".notes", SHT_NOTE, file.notes, sizeof(file.notes));
	add_section(BTF, ".BTF", SHT_PROGBITS, file.btf, sizeof(file.btf));
	add_section(DEBUG, ".debug_info", SHT_PROGBITS, file.debug, sizeof(file.debug));
	add_symbol(1, "start_kernel", STB_GLOBAL, STT_FUNC, NAMES, 0xffffffff81000200);
	add_symbol(2, "init_task", STB_GLOBAL, STT_OBJECT, NAMES, 0xffffffff82000000);
	add_symbol(3, "a_file.c", STB_LOCAL, STT_FILE, SHN_ABS, 0);
	add_symbol(4, "local", STB_LOCAL, STT_FUNC, NAMES, 0xffffffff81000100);
	add_symbol(5, "undefined", STB_GLOBAL, STT_FUNC, SHN_UNDEF, 0);
	return 0;
}

static struct vmlinux read_file(size_t len)
{
	char *copy = malloc(len);
	struct vmlinux vmlinux;

	memcpy(copy, &file, len);
	assert_int_equal(vmlinux_read(copy, len, &vmlinux), 0);
	free(copy);
	return vmlinux;
}

static void what_it_has(void **state)
{
	char digits[BUILD_ID_MAX * 2 + 1];
	struct vmlinux vmlinux = read_file(sizeof(file));

	(void)state;
	assert_true(vmlinux.pvh && vmlinux.symbols && vmlinux.dwarf);
	build_id_format(&vmlinux, digits);
	assert_string_equal(digits, "0123abcd");
	assert_int_equal(vmlinux_read(&file, sizeof(file), &vmlinux), 0);
	assert_ptr_equal(vmlinux.btf, file.btf);
	assert_int_equal(vmlinux.btf_len, 8);
}

static void what_it_lacks(void **state)
{
	struct vmlinux vmlinux;

	(void)state;
	file.notes[0].header.n_type = 17;
	file.notes[1].name[0] = 'X';
	file.sections[SYMTAB].sh_type = SHT_NULL;
	/* objcopy --strip-debug of a debug file leaves such sections. */
	file.sections[DEBUG].sh_type = SHT_NOBITS;
	file.sections[BTF].sh_offset = sizeof(file) - 7;
	vmlinux = read_file(sizeof(file));
	assert_false(vmlinux.pvh || vmlinux.symbols || vmlinux.dwarf || vmlinux.btf);
	assert_int_equal(vmlinux.build_id_len, 0);
}

static void notes_of_segments_or_sections(void **state)
{
	struct vmlinux vmlinux;

	(void)state;
	file.sections[NOTES].sh_type = SHT_NULL;
	vmlinux = read_file(sizeof(file));
	assert_true(vmlinux.pvh && vmlinux.build_id_len == 4);
	file.sections[NOTES].sh_type = SHT_NOTE;
	file.header.e_phnum = 0;
	vmlinux = read_file(sizeof(file));
	assert_true(vmlinux.pvh && vmlinux.build_id_len == 4);
	/* A build id that is too long for us. */
	file.notes[1].header.n_descsz = 65;
	assert_int_equal(read_file(sizeof(file)).build_id_len, 0);
}

static void no_elf_file(void **state)
{
	struct vmlinux vmlinux;

	(void)state;
	file.header.e_ident[1] = 'x';
	assert_int_equal(vmlinux_read(&file, sizeof(file), &vmlinux), -EINVAL);
	assert_int_equal(vmlinux_symbols(&file, sizeof(file), stdout), -EINVAL);
	assert_int_equal(vmlinux_read("ab", 2, &vmlinux), -EINVAL);
}

static char *symbols(int want)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_int_equal(vmlinux_symbols(&file, sizeof(file), to), want);
	fclose(to);
	return text;
}

static void symbols_by_address(void **state)
{
	char *text = symbols(0);

	(void)state;
	assert_string_equal(text, "ffffffff81000100 t local\n"
				  "ffffffff81000200 T start_kernel\n"
				  "ffffffff82000000 D init_task\n");
	free(text);
	file.sections[SYMTAB].sh_type = SHT_NULL;
	free(symbols(-ENOENT));
}

static void a_build_id_in_other_bytes(void **state)
{
	struct vmlinux vmlinux = read_file(sizeof(file));
	unsigned char *bytes = (unsigned char *)&file;

	(void)state;
	assert_true(build_id_within(&vmlinux, bytes, sizeof(file)));
	assert_false(build_id_within(&vmlinux, bytes, offsetof(struct file, symbols) - 1));
	file.notes[1].desc[3]++;
	assert_false(build_id_within(&vmlinux, bytes, sizeof(file)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_it_has, make_file),
		cmocka_unit_test_setup(what_it_lacks, make_file),
		cmocka_unit_test_setup(notes_of_segments_or_sections, make_file),
		cmocka_unit_test_setup(no_elf_file, make_file),
		cmocka_unit_test_setup(symbols_by_address, make_file),
		cmocka_unit_test_setup(a_build_id_in_other_bytes, make_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
