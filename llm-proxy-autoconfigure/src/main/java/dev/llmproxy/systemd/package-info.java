/**
 * The server as a service of systemd: what it tells its supervisor, and the socket that
 * it gets from there. Uses Netty's native transport, which has what the JDK lacks for
 * both, and nothing of the gateway. Start reading at
 * {@link dev.llmproxy.systemd.NotifySocket} and
 * {@link dev.llmproxy.systemd.InheritedSocket}.
 */
@NullMarked
package dev.llmproxy.systemd;

import org.jspecify.annotations.NullMarked;
