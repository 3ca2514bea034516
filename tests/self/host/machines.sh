# shellcheck shell=sh disable=SC2154,SC2034 # variables of tap.sh; and for the test
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# Other hosts: each is a network namespace with an sshd, a home folder, and programs of its own, on a network that none
# but them and the test sees. The test itself runs in namespaces that end with it, in whichever way it ends, and with
# them all that is in them: pgrep sees every host's processes, and nobody else's.
#
# Usage, at the top of a test, before tap.sh:
#     . "$(dirname "$0")/machines.sh"
# and `machines_up COUNT` after fakes.sh. The test then has
#     $work/hN/home, $work/hN/bin   of host N: where its user begins; all programs that there are, QEMU is a stand-in
#     $work/kernel N                six stand-ins for kernels
#     $cache                        where in its home a host keeps what it was sent
#     $results                      of the last run
#
#   machine_start N, machine_stop N   sshd; all that runs on that host
#   program N NAME                    what host N has for it from now on is the script on stdin; what it had is NAME.was
#   program_back N NAME               ... until now
#   hosts N...                        only those are named in $work/hosts, for a kernel at a time each, with $host_options
#   run_tests KERNELS OPTION...       run-tests --hosts with the first so many kernels; see run() in tap.sh
#   wait_for COMMAND...               waits until it succeeds, but not for ever

# Where it is not installed it is only unpacked: installed, it would start to listen on this machine.
sshd=/usr/sbin/sshd
if [ ! -x "$sshd" ]; then
	sshd=$(readlink -f "$(dirname "$0")/../../../build")/openssh-server
	[ -d "$sshd" ] || (
		mkdir "$sshd.new" && cd "$sshd.new" && apt-get download openssh-server && dpkg-deb -x ./*.deb . &&
			mv "$sshd.new" "$sshd"
	) >/dev/null 2>&1 || rm -rf "$sshd.new"
	sshd=$sshd/usr/sbin/sshd
fi

if [ -z "${BPFCHECK_TEST_MACHINES:-}" ]; then
	set -- unshare --mount --net --pid --fork --kill-child=TERM --mount-proc
	if ! "$@" true 2>/dev/null || ! "$sshd" -V 2>&1 | grep -q OpenSSH; then
		echo 'ok 1 - other hosts # SKIP needs root, who may make namespaces, and sshd'
		echo '1..1'
		exit 0
	fi
	BPFCHECK_TEST_MACHINES=1 exec "$@" sh "$0"
fi

# The tools that lib/remote.sh and run-kernel need, except QEMU.
machine_programs='awk base64 basename cat chmod cksum cp cpio cut date dd df dirname du env find flock grep head id ln ls mkdir
	mkfifo mktemp mv nproc od perl prlimit readlink rm rmdir rsync sed setpriv sh sha256sum sleep sort stat tail tar tee timeout touch
	tr uname wc'
cache=home/.cache/bpfcheck
host_options=

machines_up() {
	results="$work/the results"
	fake_elf "$work/elf"
	for number in 1 2 3 4 5 6; do
		fake_image "$work/kernel $number" "1.2.$number" gzip "$work/elf"
	done
	mount -t tmpfs none /run
	mkdir /run/sshd
	# It wants a user of its own, whom its installation would have made.
	{
		cat /etc/passwd
		echo 'sshd:x:65533:65534::/run/sshd:/usr/sbin/nologin'
	} >"$work/passwd"
	mount --bind "$work/passwd" /etc/passwd
	ip link set lo up
	ip link add hosts type bridge
	ip addr add 192.0.2.254/24 dev hosts
	ip link set hosts up
	ssh-keygen -q -t ed25519 -N '' -f "$work/id"
	for number in $(seq "$1"); do
		machine_make "$number"
	done
}

# machine_make N
machine_make() {
	machine=$work/h$1
	mkdir -p "$machine/home" "$machine/bin"
	for program in $machine_programs; do
		ln -s "$(command -v "$program")" "$machine/bin/$program"
	done
	fake_qemu "$machine/bin/qemu-system-x86_64"
	ip netns add "h$1"
	ip link add "to-h$1" type veth peer name eth0 netns "h$1"
	ip link set "to-h$1" master hosts up
	ip -n "h$1" addr add "192.0.2.$1/24" dev eth0
	ip -n "h$1" link set eth0 up
	ssh-keygen -q -t ed25519 -N '' -f "$machine/key"
	printf '[192.0.2.%s]:220%s %s\n' "$1" "$1" "$(cut -d ' ' -f 1-2 "$machine/key.pub")" >>"$work/known"
	cat >"$machine/sshd_config" <<-END
		ListenAddress 192.0.2.$1:220$1
		HostKey "$machine/key"
		AuthorizedKeysFile "$work/id.pub"
		SetEnv "HOME=$machine/home" "PATH=$machine/bin"
		ForceCommand cd && exec sh -c "\$SSH_ORIGINAL_COMMAND"
		PermitRootLogin yes
		StrictModes no
		UsePAM no
		PidFile none
	END
	machine_start "$1"
}

machine_start() {
	: >"$work/h$1/log"
	ip netns exec "h$1" "$sshd" -D -e -f "$work/h$1/sshd_config" 2>>"$work/h$1/log" &
	wait_for grep -q 'Server listening' "$work/h$1/log"
}

# machine_kill N: true when nothing is left.
machine_kill() {
	ip netns pids "h$1" | xargs -r kill -KILL 2>/dev/null || :
	[ -z "$(ip netns pids "h$1")" ]
}

machine_stop() {
	wait_for machine_kill "$1"
}

program() {
	mv "$work/h$1/bin/$2" "$work/h$1/bin/$2.was"
	cat >"$work/h$1/bin/$2"
	chmod +x "$work/h$1/bin/$2"
}

program_back() {
	mv "$work/h$1/bin/$2.was" "$work/h$1/bin/$2"
}

hosts() {
	for number; do
		echo "1/ssh -p 220$number -i '$work/id' -o UserKnownHostsFile='\"$work/known\"'" \
			"$host_options root@192.0.2.$number"
	done >"$work/hosts"
}

run_tests() {
	rm -rf "$results"
	kernels=$1
	shift
	for number in $(seq "$kernels"); do
		set -- "$@" "$work/kernel $number"
	done
	run "$scripts/run-tests" --hosts "$work/hosts" --accel tcg --results "$results" "$@"
}

wait_for() {
	wait_end=$(($(date +%s) + 30))
	until "$@"; do
		[ "$(date +%s)" -lt "$wait_end" ] || return 1
		sleep 0.05
	done
}
