// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads notes, sections and symbols of a vmlinux. */
#include "host/image/elf.h"

#include <errno.h>
#include <gelf.h>
#include <inttypes.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

/* XEN_ELFNOTE_PHYS32_ENTRY of the kernel's include/xen/interface/elfnote.h. */
#define NOTE_PVH 18

static void read_notes(Elf_Data *data, struct vmlinux *vmlinux)
{
	size_t at = 0, name, desc;
	GElf_Nhdr note;

	while (data && (at = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const char *bytes = data->d_buf;

		if (note.n_type == NOTE_PVH && note.n_namesz == 4 &&
		    memcmp(bytes + name, "Xen", 4) == 0)
			vmlinux->pvh = true;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz &&
		    note.n_descsz <= BUILD_ID_MAX && memcmp(bytes + name, "GNU", 4) == 0) {
			vmlinux->build_id_len = note.n_descsz;
			memcpy(vmlinux->build_id, bytes + desc, note.n_descsz);
		}
	}
}

static void read_segments(Elf *elf, struct vmlinux *vmlinux)
{
	size_t count = 0;
	GElf_Phdr segment;

	elf_getphdrnum(elf, &count);
	for (size_t i = 0; i < count; i++) {
		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_NOTE)
			read_notes(elf_getdata_rawchunk(elf, (int64_t)segment.p_offset,
							segment.p_filesz,
							segment.p_align == 8 ? ELF_T_NHDR8 :
									       ELF_T_NHDR),
				   vmlinux);
	}
}

static void read_section(Elf_Scn *section, const GElf_Shdr *header, const char *name,
			 const unsigned char *bytes, size_t len, struct vmlinux *vmlinux)
{
	if (header->sh_type == SHT_SYMTAB && header->sh_size)
		vmlinux->symbols = true;
	if (header->sh_type == SHT_NOTE)
		read_notes(elf_getdata(section, NULL), vmlinux);
	if (header->sh_type != SHT_PROGBITS || !name)
		return;
	if (strcmp(name, ".debug_info") == 0 || strcmp(name, ".zdebug_info") == 0)
		vmlinux->dwarf = header->sh_size > 0;
	if (strcmp(name, ".BTF") == 0 && header->sh_offset <= len &&
	    header->sh_size <= len - header->sh_offset) {
		vmlinux->btf = bytes + header->sh_offset;
		vmlinux->btf_len = header->sh_size;
	}
}

static Elf *open_elf(void *bytes, size_t len)
{
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_memory(bytes, len);
	if (elf && elf_kind(elf) != ELF_K_ELF) {
		elf_end(elf);
		elf = NULL;
	}
	return elf;
}

int vmlinux_read(void *bytes, size_t len, struct vmlinux *vmlinux)
{
	Elf *elf = open_elf(bytes, len);
	Elf_Scn *section = NULL;
	size_t names = 0;

	*vmlinux = (struct vmlinux){ 0 };
	if (!elf)
		return -EINVAL;
	read_segments(elf, vmlinux);
	elf_getshdrstrndx(elf, &names);
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header))
			read_section(section, &header, elf_strptr(elf, names, header.sh_name),
				     bytes, len, vmlinux);
	}
	elf_end(elf);
	return 0;
}

struct symbol {
	uint64_t address;
	const char *name;
	char type;
};

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* As nm(1) has it, but for data: whether that is written to is not asked. */
static char symbol_type(const GElf_Sym *symbol)
{
	char type = GELF_ST_TYPE(symbol->st_info) == STT_FUNC ? 't' : 'd';

	if (symbol->st_shndx == SHN_ABS)
		type = 'a';
	return GELF_ST_BIND(symbol->st_info) == STB_LOCAL ? type : (char)(type - 'a' + 'A');
}

static int write_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, FILE *to)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t size = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	size_t total = data && size ? data->d_size / size : 0, count = 0;
	struct symbol *symbols = calloc(total + 1, sizeof(*symbols));

	if (!symbols)
		return -ENOMEM;
	for (size_t i = 0; i < total; i++) {
		GElf_Sym symbol;
		const char *name;

		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF ||
		    GELF_ST_TYPE(symbol.st_info) == STT_FILE ||
		    GELF_ST_TYPE(symbol.st_info) == STT_SECTION)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name && *name)
			symbols[count++] =
				(struct symbol){ symbol.st_value, name, symbol_type(&symbol) };
	}
	qsort(symbols, count, sizeof(*symbols), by_address);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%016" PRIx64 " %c %s\n", symbols[i].address, symbols[i].type,
			symbols[i].name);
	free(symbols);
	return count ? 0 : -ENOENT;
}

int vmlinux_symbols(void *bytes, size_t len, FILE *to)
{
	Elf *elf = open_elf(bytes, len);
	Elf_Scn *section = NULL;
	int err = elf ? -ENOENT : -EINVAL;
	GElf_Shdr header;

	while (err == -ENOENT && (section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			err = write_symbols(elf, section, &header, to);
	}
	elf_end(elf);
	return err;
}

bool build_id_within(const struct vmlinux *vmlinux, const unsigned char *kernel, size_t len)
{
	const uint32_t header[] = { 4, (uint32_t)vmlinux->build_id_len, NT_GNU_BUILD_ID };
	unsigned char note[sizeof(header) + 4 + BUILD_ID_MAX];

	memcpy(note, header, sizeof(header));
	memcpy(note + sizeof(header), "GNU", 4);
	memcpy(note + sizeof(header) + 4, vmlinux->build_id, vmlinux->build_id_len);
	return memmem(kernel, len, note, sizeof(header) + 4 + vmlinux->build_id_len);
}

void build_id_format(const struct vmlinux *vmlinux, char text[BUILD_ID_MAX * 2 + 1])
{
	*text = '\0';
	for (size_t i = 0; i < vmlinux->build_id_len; i++)
		sprintf(text + 2 * i, "%02x", vmlinux->build_id[i]);
}
