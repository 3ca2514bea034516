# shellcheck shell=sh disable=SC2154,SC2034 # variables are shared with the script
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The virtual machine of a run: its devices, its start, its deadline, its end.
#
# Needs lib/common.sh, lib/kernel.sh and lib/kvm.sh, and these variables: accel, cpus, memory, share (1: what the guest
# runs may use the shared folder; or empty), streams (1: it is a command, with an input and an output of its own; or empty),
# root_how, root_disk and root_path (lib/root.sh; or none), and scratch, a folder for what is not kept; kernel_args, if set,
# begins with a blank and goes to the end of the kernel's command line. QEMU runs in the folder of the results, so that its
# options, where a comma has a meaning, need no paths.
#
#   machine_start HOW KERNEL_FOLDER FOLDER INITRD
#       Starts QEMU in FOLDER, in the background, with QMP commands from descriptor 8. HOW:
#           boot     from INITRD, which has all that the run needs
#           save     from INITRD, with the memory in FOLDER/ram, so that the machine can be saved
#           restore  a saved one, from descriptors 5 (its memory, which stays as it is) and 6 (the rest of it)
#       FOLDER/share, if share is 1 or records may need it, and the kernel may have 9p, is what the guest shares with us.
#   machine_command HOW KERNEL_FOLDER
#       Prints QEMU's command line.
#   machine_send FILE...
#       Writes the files to the guest's control port, in the background.
#   machine_watch BOOT_SECONDS RUN_SECONDS FOLDER
#       Sets the deadlines: for the first record, and from then on for the rest.
#   machine_wait
#       Waits for the end. Sets machine_status, and machine_expired to true or false.
#   machine_shell KERNEL_FOLDER FOLDER INITRD
#       Runs QEMU in the foreground, with the console on this terminal.
#   machine_end
#       Ends what still runs; for cleanup().
#   machine_function FOLDER
#       Prints the kernel's function that the first processor was in when the deadline had passed, if that can be told.
#   machine_records FOLDER
#       Puts records that came over another channel than virtio where they belong.

machine_pid=
machine_before=
machine_watch_pid=
machine_send_pid=
machine_kernel=
machine_dry=
machine_control=
kernel_args=

# machine_know KERNEL_FOLDER: what its machine depends on; asked once.
machine_know() {
	[ "$machine_kernel" != "$1" ] || return 0
	machine_kernel=$1
	machine_image=$1/vmlinuz
	[ ! -f "$1/vmlinux" ] || machine_image=$1/vmlinux
	machine_console=$(kernel_has "$1" virtio_console CONFIG_VIRTIO_CONSOLE)
	machine_share=no
	[ "$machine_console$share" = yes ] || machine_share=$(kernel_has "$1" 9pnet_virtio CONFIG_NET_9P_VIRTIO)
	machine_host_cpu=$(sed -n '/^\(model name\|microcode\|flags\|bogomips\)/p; /^$/q' /proc/cpuinfo)
	# README.md, "The machine", has what each of these saves.
	machine_cmdline='console=ttyS0 quiet panic=-1 cryptomgr.notests no_timer_check noreplace-smp'
	machine_cpu=host
	[ "$accel" != kvm ] || return 0
	# Where a processor says that it copies bytes fast (erms, fsrm), the kernel copies and clears memory byte by byte: the
	# slowest way to do it on an emulated one.
	machine_cpu=max,erms=off,fsrm=off
	# The guest's time stamp counter is the host's, of which bogomips tells the speed: twice its MHz. A busy host loses
	# timer interrupts, after which the kernel would no longer trust that counter.
	case $machine_host_cpu in
		*' constant_tsc '*bogomips*)
			bogomips=${machine_host_cpu##*bogomips*: }
			machine_cmdline="$machine_cmdline tsc_early_khz=$((${bogomips%%.*} * 500)) tsc=reliable"
			;;
	esac
}

# machine_exec HOW KERNEL_FOLDER FOLDER INITRD OPTION...: becomes QEMU. No device that a run does not use: each costs the
# kernel time. OPTIONs say where console and monitor are.
machine_exec() {
	how=$1
	cd "$3" || exit
	initrd=$4
	shift 4
	ports=4
	[ -z "$streams" ] || ports=8
	[ "$machine_console" = no ] || set -- "$@" -device "virtio-serial-pci,max_ports=$ports" \
		-chardev file,id=records,path=records.ndjson -device virtserialport,chardev=records,name=org.bpfcheck.records
	# A second serial port, for kernels without virtio console, and those of which nothing is known.
	[ "$machine_console" = yes ] || set -- "$@" -chardev file,id=serial,path=serial.ndjson -serial chardev:serial
	[ "$machine_share" = no ] || set -- "$@" -fsdev local,id=hostshare,path=share,security_model=none \
		-device virtio-9p-pci,fsdev=hostshare,mount_tag=hostshare
	# Its name may have a comma, which means something to QEMU.
	[ -z "${root_how:-}" ] || ln -sfn "$root_path" root
	case ${root_how:-} in
		9p*)
			set -- "$@" -fsdev "local,id=root,path=root,security_model=none,readonly=$([ "$root_how" = 9p ] && echo on || echo off)" \
				-device virtio-9p-pci,fsdev=root,mount_tag=bpfcheckroot
			;;
		block)
			# Nothing of what is written is kept, or all.
			set -- "$@" -drive "if=none,id=root,file=root,format=$root_disk,snapshot=$([ -n "$root_rw" ] && echo off || echo on)" \
				-device virtio-blk-pci,drive=root
			;;
	esac
	[ "$how" = boot ] || set -- "$@" -chardev pipe,id=control,path=control \
		-device virtserialport,chardev=control,id=control,name=org.bpfcheck.control
	if [ -n "$streams" ]; then
		for port in stdout stderr; do
			set -- "$@" -chardev "file,id=$port,path=$port,append=on" \
				-device "virtserialport,chardev=$port,name=org.bpfcheck.$port"
		done
		set -- "$@" -chardev pipe,id=stdin,path=stdin -device virtserialport,chardev=stdin,name=org.bpfcheck.stdin
	fi
	machine=q35,sata=off,smbus=off,usb=off,hpet=off,i8042=off,vmport=off
	# What is in shared memory is not saved: it is in its file already. A restored machine has a private view of that, and
	# what it does not write to is in the host's memory once for all that are restored from it.
	backend=memory-backend-file,id=ram,size=${memory}M
	case $how in
		save) set -- "$@" -machine "$machine,memory-backend=ram" -object "$backend,mem-path=ram,share=on" ;;
		restore)
			set -- "$@" -machine "$machine,memory-backend=ram" -object "$backend,mem-path=/dev/fd/5,share=off" \
				-incoming defer
			;;
		boot) set -- "$@" -machine "$machine" ;;
	esac
	[ "$how" = restore ] || set -- "$@" -kernel "$machine_image" -initrd "$initrd" -append "$machine_cmdline$kernel_args"
	set -- "$QEMU" -no-user-config -nodefaults -display none -no-reboot -accel "$accel" -cpu "$machine_cpu" -smp "$cpus" \
		-m "$memory" "$@"
	if [ -n "$machine_dry" ]; then
		printf '%s\n' "$*"
		exit
	fi
	# QEMU dies with us, even if we are killed.
	exec setpriv --pdeathsig KILL "$@"
}

machine_command() {
	machine_know "$2"
	(
		machine_dry=1
		machine_exec "$1" "$2" / initrd
	)
}

machine_start() {
	machine_know "$2"
	[ "$machine_share" = no ] || mkdir -p "$3/share"
	machine_control=$3/control
	[ "$1" != boot ] || machine_control=
	# Not the first time.
	[ ! -e "$scratch/qmp" ] || rm -f "$scratch/qmp" "$scratch/expired" "$3/control"
	mkfifo "$scratch/qmp" ${machine_control:+"$machine_control"}
	[ -z "$streams" ] || [ -p "$3/stdin" ] || mkfifo "$3/stdin"
	# For reading and writing: QEMU must not see the end of it, and opening does not wait for the other side.
	exec 8<>"$scratch/qmp"
	echo '{"execute":"qmp_capabilities"}' >&8
	[ "$1" = boot ] || echo '{"execute":"migrate-set-capabilities","arguments":{"capabilities":[
		{"capability":"x-ignore-shared","state":true},{"capability":"events","state":true}]}}' >&8
	[ "$1" != restore ] || echo '{"execute":"migrate-incoming","arguments":{"uri":"fd:6"}}' >&8
	machine_before=${!:-none}
	(
		machine_exec "$@" -chardev file,id=console,path=console.log,append=on -serial chardev:console \
			-chardev stdio,id=qmp,signal=off -qmp chardev:qmp
	) <&8 >"$3/machine.ndjson" 2>"$scratch/qemu.err" 8>&- &
	machine_pid=$!
	machine_before=
}

machine_watch() {
	setpriv --pdeathsig KILL sh "$here/lib/watchdog.sh" "$1" "$2" "$machine_pid" "$scratch/expired" \
		"$3/records.ndjson" "$3/serial.ndjson" "$3/share/records.ndjson" 9>&- &
	machine_watch_pid=$!
}

machine_send() {
	# It may wait for QEMU for ever, from opening the pipe on, and is ended with it.
	# shellcheck disable=SC2016 # for that shell
	setpriv --pdeathsig KILL sh -c 'exec cat "$@" >"$0"' "$machine_control" "$@" 2>/dev/null 8>&- 9>&- &
	machine_send_pid=$!
}

machine_wait() {
	wait "$machine_pid" && machine_status=0 || machine_status=$?
	machine_pid=
	machine_end
	# shellcheck disable=SC2034 # for run-kernel
	machine_expired=false
	[ ! -e "$scratch/expired" ] || machine_expired=true
}

machine_shell() {
	machine_know "$1"
	machine_terminal=$(stty -g 2>/dev/null) || machine_terminal=
	(
		machine_exec boot "$@" -chardev stdio,id=console,mux=on,signal=off,logfile=console.log \
			-serial chardev:console -monitor chardev:console
	) && machine_status=0 || machine_status=$?
}

machine_end() {
	[ -z "${machine_terminal:-}" ] || stty "$machine_terminal" || :
	# A signal may come between the start of it and the line below.
	[ -z "$machine_before" ] || [ "${!:-none}" = "$machine_before" ] || machine_pid=$!
	if [ -n "$machine_pid" ]; then
		kill -KILL "$machine_pid" 2>/dev/null || :
		wait "$machine_pid" 2>/dev/null || :
		machine_pid=
	fi
	# Not TERM: a shell that has just been forked for it still has our trap, and loses it.
	for pid in $machine_watch_pid $machine_send_pid; do
		kill -KILL "$pid" 2>/dev/null || :
		wait "$pid" 2>/dev/null || :
	done
	machine_watch_pid=
	machine_send_pid=
}

machine_function() {
	address=$(grep -o 'RIP=[0-9a-f]*' "$1/machine.ndjson" | sed -n '1s/RIP=//p')
	# What unpacks itself may be anywhere.
	[ -n "$address" ] && [ "${machine_image##*/}" = vmlinux ] || return 0
	symbols=$("$BPFCHECK_BUILD/bin/bpfcheck" vmlinux --symbols "$machine_image" 2>/dev/null) || return 0
	# Behind the kernel's end are modules and BPF programs.
	awk -v address="$address" '
		($1 "") > address { exit }
		$2 ~ /[tT]/ { name = $3 }
		$3 == "_end" { name = "" }
		END { print name }' "$symbols"
}

machine_records() {
	for file in "$1/serial.ndjson" "$1/share/records.ndjson"; do
		# What the guest can make in the share is not to be trusted: no links.
		if [ ! -s "$1/records.ndjson" ] && [ -f "$file" ] && [ ! -h "$file" ]; then
			mv -f "$file" "$1/records.ndjson"
		fi
	done
	rm -f "$1/serial.ndjson" "$1/control" "$1/root" "$1/stdin"
	# An empty share tells nothing.
	[ ! -d "$1/share" ] || rmdir "$1/share" 2>/dev/null || :
}
