/**
 * Providers of models and the way to them: targets, attempts, credentials and the HTTP
 * transport. It depends on {@code gateway} and what that depends on, and on Reactor
 * Netty. Start with {@link dev.llmproxy.provider.Provider}, then
 * {@link dev.llmproxy.provider.HttpProvider}.
 */
@NullMarked
package dev.llmproxy.provider;

import org.jspecify.annotations.NullMarked;
