#!/usr/bin/env bash
# install.sh DEB: installs the package in a fresh Debian, serves, upgrades, removes and
# purges it. Takes minutes, root, debootstrap and curl; the mirror is the one apt uses.
# There is no systemd in a chroot: the server is started as the unit does.
set -euo pipefail
deb=$(readlink -f "$1")
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $release" 'Component: main' \
	'Origin: Debian' | head -1)
work=$(mktemp -d)
root=$work/root
server=

finish() {
	local status=$?
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
	[ "$status" -eq 0 ] || tail -n 20 "$work"/*.log >&2 || true
	# Nothing that is still mounted is followed.
	rm -rf --one-file-system "$work"
	exit "$status"
}
trap finish EXIT

check() {
	local what=$1
	shift
	"$@" || { echo "FAILED: $what" >&2; exit 1; }
	echo "ok: $what"
}

in_root() {
	chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@"
}

port=$((20000 + RANDOM % 10000))
status() {
	curl -s -o /dev/null -w '%{http_code}' -H 'content-type: application/json' "$@" \
		-d '{"model":"named","messages":[{"role":"user","content":"hi"}]}' "http://127.0.0.1:$port/v1/chat/completions" || true
}

# serve: as the unit does, with a user that may do nothing.
serve() {
	mkdir -p "$root/run/credentials" "$root/var/cache/llm-proxy"
	printf 'sk-of-the-test-0123456789abcdef\n' >"$root/run/credentials/LLM_PROXY_API_KEY"
	chown -R 65534:65534 "$root/run/credentials" "$root/var/cache/llm-proxy"
	local group
	group=$(in_root getent group llm-proxy-config | cut -d: -f3)
	chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin CREDENTIALS_DIRECTORY=/run/credentials \
		CACHE_DIRECTORY=/var/cache/llm-proxy SERVER_PORT=$port MANAGEMENT_SERVER_PORT=0 \
		setpriv --reuid=65534 --regid=65534 --groups="$group" --no-new-privs --bounding-set=-all --inh-caps=-all \
		/usr/lib/llm-proxy/llm-proxy >"$work/server.log" 2>&1 &
	server=$!
	local tries=600
	until [ "$(status)" = 401 ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] && kill -0 $server || { echo "FAILED: it does not start" >&2; exit 1; }
		sleep 0.1
	done
}

stop() {
	kill $server
	wait $server || true
	server=
}

debootstrap --variant=minbase "$release" "$root" "$mirror" >"$work/debootstrap.log"
mount -t proc proc "$root/proc"
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$deb" "$root/first.deb"
dpkg-deb -R "$deb" "$work/next"
sed -i 's/^Version: .*/Version: 99.0/' "$work/next/DEBIAN/control"
dpkg-deb -b "$work/next" "$root/next.deb" >/dev/null

in_root apt-get -qq update >"$work/apt.log" 2>&1
in_root apt-get -qq install -y --no-install-recommends /first.deb >>"$work/apt.log" 2>&1
check "installed" in_root dpkg --verify llm-proxy
check "the configuration is root's and the group's" \
	test "$(in_root stat -c '%U:%G %a' /etc/llm-proxy/application.yaml)" = "root:llm-proxy-config 640"
check "the units are enabled" test -L "$root/etc/systemd/system/multi-user.target.wants/llm-proxy.service" -a \
	-L "$root/etc/systemd/system/sockets.target.wants/llm-proxy.socket"

printf 'llm-proxy:\n  aliases:\n    named: simulator/demo\n' >>"$root/etc/llm-proxy/application.yaml"
serve
check "serves with the key of a credential" test "$(status -H 'authorization: Bearer sk-of-the-test-0123456789abcdef')" = 200
stop
in_root env CACHE_DIRECTORY=/var/cache/llm-proxy /usr/bin/llm-proxy prepare >"$work/prepare.log" 2>&1
check "makes an archive of classes" compgen -G "$root/var/cache/llm-proxy/classes-*"
serve
check "serves with it" test "$(status -H 'authorization: Bearer sk-of-the-test-0123456789abcdef')" = 200
stop

in_root apt-get -qq install -y --no-install-recommends /next.deb >>"$work/apt.log" 2>&1
check "upgraded" test "$(in_root dpkg-query -W -f '${Version}' llm-proxy)" = 99.0
check "what was configured stays" grep -q 'named: simulator/demo' "$root/etc/llm-proxy/application.yaml"
check "and stays the group's" \
	test "$(in_root stat -c '%U:%G %a' /etc/llm-proxy/application.yaml)" = "root:llm-proxy-config 640"
check "the archive of the old jars is gone" test -z "$(compgen -G "$root/var/cache/llm-proxy/classes-*")"
serve
check "serves after the upgrade" test "$(status -H 'authorization: Bearer sk-of-the-test-0123456789abcdef')" = 200
stop

in_root dpkg --remove llm-proxy >>"$work/apt.log" 2>&1
check "removed" test ! -e "$root/usr/share/llm-proxy" -a ! -e "$root/usr/bin/llm-proxy"
check "but for its configuration" test -e "$root/etc/llm-proxy/application.yaml"
in_root dpkg --purge llm-proxy >>"$work/apt.log" 2>&1
check "purged" test ! -e "$root/etc/llm-proxy" -a ! -e "$root/etc/default/llm-proxy" -a ! -e "$root/var/cache/llm-proxy" -a \
	! -L "$root/etc/systemd/system/multi-user.target.wants/llm-proxy.service"
check "with its group" test -z "$(in_root getent group llm-proxy-config || true)"
