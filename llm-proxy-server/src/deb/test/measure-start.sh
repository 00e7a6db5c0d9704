#!/usr/bin/env bash
# measure-start.sh DIRECTORY [RUNS]: how long it takes from the start of the process to the
# first answer that came through the proxy, in ms, with every JRE of 17 or later in
# /usr/lib/jvm, without and with the archive of classes. DIRECTORY is where the package was
# unpacked: dpkg-deb -x llm-proxy_all.deb DIRECTORY. Needs curl and perl.
set -euo pipefail
root=$(readlink -f "$1") runs=${2:-7}
work=$(mktemp -d)
upstream=
trap 'kill $upstream 2>/dev/null; rm -rf "$work"' EXIT

cat >"$work/upstream.pl" <<'P'
use strict;
use Socket;
$| = 1;
socket(my $l, PF_INET, SOCK_STREAM, 0) or die; bind($l, sockaddr_in(0, INADDR_LOOPBACK)) or die; listen($l, 64) or die;
print((sockaddr_in(getsockname($l)))[0] . "\n");
my $body = '{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]}';
while (accept(my $c, $l)) {
	sysread($c, my $in, 65536);
	syswrite($c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body");
	close $c;
}
P
perl "$work/upstream.pl" >"$work/port" &
upstream=$!
until [ -s "$work/port" ]; do sleep 0.05; done

port=18080
# once JAVA_HOME CACHE: one start, and its milliseconds.
once() {
	local began ended server
	port=$((port + 1))
	began=$(date +%s%N)
	env -i PATH="$PATH" LLM_PROXY_HOME="$root/usr/share/llm-proxy" JAVA_HOME="$1" ${2:+CACHE_DIRECTORY="$2"} \
		SPRING_CONFIG_ADDITIONAL_LOCATION= "$root/usr/lib/llm-proxy/llm-proxy" --server.port=$port \
		--management.server.port=0 --llm-proxy.detect-providers=false --llm-proxy.providers.up.type=openai-compatible \
		--llm-proxy.providers.up.base-url="http://127.0.0.1:$(cat "$work/port")/v1" \
		--llm-proxy.providers.up.api-key=none >"$work/log" 2>&1 &
	server=$!
	until curl -sf -o /dev/null -H 'content-type: application/json' \
		-d '{"model":"up/m","messages":[{"role":"user","content":"hi"}]}' "http://127.0.0.1:$port/v1/chat/completions"; do
		kill -0 $server 2>/dev/null || { cat "$work/log" >&2; exit 1; }
		sleep 0.02
	done
	ended=$(date +%s%N)
	kill -9 $server
	wait $server 2>/dev/null || true
	echo $(((ended - began) / 1000000))
}

for jre in /usr/lib/jvm/*; do
	[ -L "$jre" ] && continue
	[ -x "$jre/bin/java" ] && [ -r "$jre/release" ] || continue
	mkdir -p "$work/cache"
	CACHE_DIRECTORY=$work/cache LLM_PROXY_HOME=$root/usr/share/llm-proxy JAVA_HOME=$jre \
		"$root/usr/lib/llm-proxy/llm-proxy" prepare >/dev/null 2>&1
	for cache in '' "$work/cache"; do
		once "$jre" "$cache" >/dev/null
		times=$(for _ in $(seq "$runs"); do once "$jre" "$cache"; done | sort -n)
		echo "$(basename "$jre") ${cache:+with archive }median $(sed -n "$(((runs + 1) / 2))p" <<<"$times") ms" \
			"($(head -1 <<<"$times")–$(tail -1 <<<"$times"))"
	done
	rm -rf "$work/cache"
done
