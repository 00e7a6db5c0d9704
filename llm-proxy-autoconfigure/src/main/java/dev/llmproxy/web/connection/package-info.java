/**
 * What a connection to the server may do before there is a request that the rest of
 * {@code web} would see: a strict reading of HTTP/1.1, limits of size and time, and
 * refusals that close the connection. It depends on Netty and {@code chat}. Start with
 * {@link dev.llmproxy.web.connection.ConnectionGuard}.
 */
@NullMarked
package dev.llmproxy.web.connection;

import org.jspecify.annotations.NullMarked;
