# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Machines that were saved when init had finished its mounts and modules, and waited for settings and a suite. Each is a
# folder of build/snapshots:
#     ram          the guest's memory, as a file with holes
#     vmstate      processor and devices
#     console.log  what it had said until then
#     stamp        what the first two looked like when they were last verified, and their checksum
# Its name is a hash of everything that it depends on; the time of its stamp is that of its last use.
#
# Needs lib/common.sh, lib/kernel.sh, lib/machine.sh and lib/segments.sh, and boot_timeout.
#
#   snapshot_open KERNEL_FOLDER
#       Boots and saves a machine, unless there is one. Opens its memory as descriptor 5 and the rest as 6, for
#       machine_start restore. Sets snapshot to its folder, which stays as long as this process lives. Returns 1 when
#       that cannot be, with the reason in snapshot_reason.
#   snapshot_drop
#       Removes that one, which proved to be of no use.
#
# BPFCHECK_SNAPSHOT_MB  what all may take together (default: 4096); those not used for the longest time go first. 0: none

: "${BPFCHECK_SNAPSHOT_MB:=4096}"
snapshots=$BPFCHECK_BUILD/snapshots
snapshot_part=

# snapshot_key KERNEL_FOLDER: sets it, by what says that a file has changed; the change time cannot be set back.
snapshot_key() {
	snapshot_key=$({
		machine_command save "$1"
		stat -L -c '%n %s %y %z' "$machine_image" "$1/modules.cpio" "$base" "$(command -v "$QEMU")"
		printf '%s\n' "$machine_host_cpu"
	} | sha256sum)
	snapshot_key=${snapshot_key%"${snapshot_key#????????????????}"}
}

snapshot_looks() {
	read -r boot_id </proc/sys/kernel/random/boot_id
	echo "$boot_id"
	stat -c '%n %i %s %y %z' "$1/ram" "$1/vmstate"
}

# tar knows holes, and does not read them.
snapshot_checksum() {
	tar -C "$1" --sparse --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=0 -cf - ram vmstate | cksum
}

snapshot_stamp() {
	{
		snapshot_looks "$1"
		echo "$2"
	} >"$1/stamp.$$" && mv "$1/stamp.$$" "$1/stamp"
}

# snapshot_valid: whether $snapshot is as it was made. Reading it all takes longer than to restore it, and is only done
# when it may have been touched: after a start of the host, or when it was copied.
snapshot_valid() {
	[ -f "$snapshot/stamp" ] || return 1
	snapshot_now=$(snapshot_looks "$snapshot" 2>/dev/null) || return 1
	{
		read -r boot_id && read -r ram && read -r vmstate && read -r stamp_sum
	} <"$snapshot/stamp" || return 1
	if [ "$snapshot_now" != "$boot_id
$ram
$vmstate" ]; then
		snapshot_sum=$(snapshot_checksum "$snapshot")
		if [ "$snapshot_sum" != "$stamp_sum" ]; then
			say "$snapshot: damaged; making it again"
			return 1
		fi
		snapshot_stamp "$snapshot" "$snapshot_sum"
	fi
	# Nothing waits for this.
	touch -c "$snapshot/stamp" &
}

# snapshot_save: what QEMU says is acted upon, until it has ended. That init opens the control port means that it waits.
# The machine has to be running when it is saved, or it would not run when it is restored.
snapshot_save() {
	snapshot_saved=
	while IFS= read -r line; do
		case $line in
			*VSERPORT_CHANGE*'"open": true'*)
				echo '{"execute":"migrate","arguments":{"uri":"exec:cat >vmstate"}}' >&8
				;;
			*'"MIGRATION"'*'"completed"'*)
				snapshot_saved=1
				echo '{"execute":"quit"}' >&8
				;;
			*'"MIGRATION"'*'"failed"'* | *'{"error"'*)
				snapshot_reason="QEMU cannot save the machine: $line"
				echo '{"execute":"quit"}' >&8
				;;
		esac
	done <"$1/machine.ndjson"
}

# snapshot_make KERNEL_FOLDER
snapshot_make() {
	need_space "$snapshots" $((memory + 64))
	[ -n "$brief" ] || say "$distro/$version: booting a machine to start from, now and later"
	snapshot_part=$snapshot.part
	rm -rf "$snapshot" "$snapshot_part"
	mkdir "$snapshot_part"
	mkfifo "$snapshot_part/machine.ndjson"
	cat "$base" "$1/modules.cpio" >"$scratch/initrd" || die 5 "$scratch/initrd: cannot be written"
	machine_start save "$1" "$snapshot_part" "$scratch/initrd"
	machine_watch "$boot_timeout" 0 "$snapshot_part"
	snapshot_reason='the guest ended, or was ended, before it was ready'
	snapshot_save "$snapshot_part"
	machine_wait
	if [ -n "$snapshot_saved" ] && [ "$machine_status" -eq 0 ]; then
		rm -rf "$snapshot_part/share" "$snapshot_part/control" "$snapshot_part"/*.ndjson "$snapshot_part"/std*
		snapshot_stamp "$snapshot_part" "$(snapshot_checksum "$snapshot_part")"
		mv "$snapshot_part" "$snapshot"
		snapshot_part=
		snapshot_evict
	else
		rm -rf "$snapshot_part"
		snapshot_part=
		[ "$machine_status" -eq 0 ] || snapshot_reason="QEMU ended with status $machine_status: $(head -n 3 "$scratch/qemu.err")"
		say "$distro/$version: no machine to start from: $snapshot_reason"
		return 1
	fi
}

# snapshot_evict: a snapshot that is in use is locked.
snapshot_evict() {
	snapshot_kb=0
	find "$snapshots" -mindepth 2 -name stamp -printf '%T@ %h\n' | sort -rn | while read -r _ folder; do
		size=$(du -sk "$folder") || continue
		snapshot_kb=$((snapshot_kb + ${size%%[!0-9]*}))
		[ "$snapshot_kb" -le $((BPFCHECK_SNAPSHOT_MB * 1024)) ] ||
			flock -n "$folder.lock" rm -rf "$folder" "$folder.lock" || :
	done
}

snapshot_open() {
	snapshot_reason=
	machine_know "$1"
	if [ "$machine_console" != yes ]; then
		snapshot_reason='the kernel has no virtio console'
	elif [ "$BPFCHECK_SNAPSHOT_MB" -eq 0 ]; then
		snapshot_reason='BPFCHECK_SNAPSHOT_MB is 0'
	fi
	[ -z "$snapshot_reason" ] || return 1
	snapshot_key "$1"
	snapshot=$snapshots/$snapshot_key
	[ -d "$snapshots" ] || mkdir -p "$snapshots"
	exec 7>>"$snapshot.lock"
	flock -s 7
	if ! snapshot_valid; then
		flock 7
		snapshot_valid || snapshot_make "$1" || return 1
		flock -s 7
	fi
	# Through a pipe: QEMU 11 reads the state of a machine from no file that it is handed open.
	rm -f "$scratch/vmstate"
	mkfifo "$scratch/vmstate"
	setpriv --pdeathsig KILL cat "$snapshot/vmstate" >"$scratch/vmstate" 8>&- 9>&- &
	exec 5<>"$snapshot/ram" 6<"$scratch/vmstate"
}

snapshot_drop() {
	exec 5<&- 6<&- 7<&-
	flock -n "$snapshot.lock" rm -rf "$snapshot" || :
}
