# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Loads all that makes a kernel's folder, in the order in which the files need each other. Reads: repo (common.sh).

# shellcheck source=kernels/lib/archive.sh
. "${repo:?}/kernels/lib/archive.sh"
# shellcheck source=kernels/lib/download.sh
. "${repo:?}/kernels/lib/download.sh"
# shellcheck source=kernels/lib/image.sh
. "${repo:?}/kernels/lib/image.sh"
# shellcheck source=kernels/lib/kernel.sh
. "${repo:?}/kernels/lib/kernel.sh"
# shellcheck source=kernels/lib/fill.sh
. "${repo:?}/kernels/lib/fill.sh"
# shellcheck source=kernels/lib/meta.sh
. "${repo:?}/kernels/lib/meta.sh"
# shellcheck source=kernels/lib/btf.sh
. "${repo:?}/kernels/lib/btf.sh"
# shellcheck source=kernels/lib/folder.sh
. "${repo:?}/kernels/lib/folder.sh"
