#!/usr/bin/env bash
# check.sh DEB: what can be said of the package, and of its units, without installing it.
# Takes seconds, dpkg-deb, systemd-analyze and lintian where it is.
set -euo pipefail
deb=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb -x "$deb" "$work/root"
dpkg-deb -e "$deb" "$work/control"

fail() {
	echo "FAILED: $1" >&2
	exit 1
}

[ "$(cat "$work/control/conffiles")" = "$(printf '/etc/llm-proxy/application.yaml\n/etc/default/llm-proxy')" ] ||
	fail "conffiles: $(cat "$work/control/conffiles")"
[ "$(stat -c %a "$work/root/etc/llm-proxy/application.yaml")" = 640 ] || fail "application.yaml can be read by all"
for script in "$work"/control/p??????* "$work/root/usr/lib/llm-proxy/llm-proxy"; do
	[ -x "$script" ] && sh -n "$script" || fail "$script"
done

# Verified as it is, but for the command, which is not installed here.
units=$work/root/usr/lib/systemd/system
mkdir "$work/units"
for unit in service socket; do
	sed "s#/usr/lib/llm-proxy/llm-proxy#/bin/true#" "$units/llm-proxy.$unit" >"$work/units/llm-proxy.$unit"
done
said=$(systemd-analyze verify --man=no "$work/units/llm-proxy.service" "$work/units/llm-proxy.socket" 2>&1) ||
	fail "systemd-analyze verify: $said"
[ -z "$said" ] || fail "systemd-analyze verify: $said"
systemd-analyze security --offline=true --threshold=15 --no-pager "$units/llm-proxy.service" >"$work/security" ||
	fail "$(tail -1 "$work/security")"
tail -1 "$work/security"
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error --suppress-tags no-changelog,no-manual-page,embedded-javascript-library "$deb"
fi
echo "The package is well"
