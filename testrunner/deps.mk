# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# The static toolchain in build/deps: a libc and the libraries that go into the guest, from pinned sources.
#
# To move to another release, change its row here: what depends on it is built again.

deps_libraries := musl zlib elfutils libbpf jansson

# Debian package, its upstream version (a shell pattern), the project's own release, accepted SHA-256.
musl_version := 1.2.5
musl_debian := musl 1.2.5
musl_release := https://musl.libc.org/releases/musl-1.2.5.tar.gz
musl_sha256 := a9a118bbe84d8764da0ea0d28b3ab3fae8477fc7e4085d90102b8596fc7c75e4

# Debian leaves files out of the tarball: its checksum comes first, the project's second.
zlib_version := 1.3.1
zlib_debian := zlib '*really1.3.1'
zlib_release := https://github.com/madler/zlib/releases/download/v1.3.1/zlib-1.3.1.tar.gz
zlib_sha256 := 60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb \
	9a93b2b7dfdac77ceba5a558a580e74667dd6fede4585b91eefb60f03b72df23

elfutils_version := 0.192
elfutils_debian := elfutils 0.192
elfutils_release := https://sourceware.org/elfutils/ftp/0.192/elfutils-0.192.tar.bz2
elfutils_sha256 := 616099beae24aba11f9b63d86ca6cc8d566d968b802391334c91df54eab416b4

libbpf_version := 1.5.0
libbpf_debian := libbpf 1.5.0
libbpf_release := https://github.com/libbpf/libbpf/archive/refs/tags/v1.5.0.tar.gz
libbpf_sha256 := 53492aff6dd47e4da04ef5e672d753b9743848bdb38e9d90eafbe190b7983c44

jansson_version := 2.14
jansson_debian := jansson 2.14
jansson_release := https://github.com/akheron/jansson/archive/refs/tags/v2.14.tar.gz
jansson_sha256 := c739578bf6b764aa0752db9a2fdadcfe921c78f1228c7ec0bb47fa804c55d17b

deps := build/deps
deps_stamp := $(deps)/.stamp
MUSL_CC := REALGCC="$(CC)" $(deps)/bin/musl-gcc

# A file's name carries its pin: with another pin it is another file, which is not there yet.
deps_pin = $(1)-$($(1)_version)-$(shell echo '$($(1)_sha256)' | cut -c 1-8)
$(foreach library,$(deps_libraries),$(eval $(library)_pin := $(call deps_pin,$(library))))
deps_built = $(foreach library,$(1),$(deps)/.built/$($(library)_pin))

define deps_rules
$(deps)/source/$($(1)_pin).tar: | tools
	$$(call msg,FETCH,$(1) $($(1)_version))
	$$(Q)testrunner/deps/fetch-source $$@ $($(1)_debian) $($(1)_release) $($(1)_sha256)

$(deps)/.built/$($(1)_pin): $(deps)/source/$($(1)_pin).tar testrunner/deps/build-library
	$$(call msg,LIBRARY,$(1) $($(1)_version))
	$$(Q)REALGCC="$$(CC)" testrunner/deps/build-library $(1) $$< "$(CURDIR)/$(deps)" $$@
endef
$(foreach library,$(deps_libraries),$(eval $(call deps_rules,$(library))))

$(call deps_built,zlib elfutils libbpf jansson): $(call deps_built,musl)
$(call deps_built,elfutils): $(call deps_built,zlib)
$(call deps_built,libbpf): $(call deps_built,zlib elfutils)

$(deps_stamp): $(call deps_built,$(deps_libraries))
	$(Q)touch $@

.PHONY: deps
deps: $(deps_stamp) ## the static toolchain: musl, zlib, libelf, libbpf, jansson
