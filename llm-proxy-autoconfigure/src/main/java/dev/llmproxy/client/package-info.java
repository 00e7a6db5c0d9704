/**
 * The gateway for what other libraries call a model: in-process, without HTTP. It depends
 * on {@code gateway} and what is above that, on {@code cache} and {@code context} for the
 * headers that they set, and on Reactor and Jackson; each library has a package of its
 * own below. Start with {@link dev.llmproxy.client.GatewayCalls}.
 */
@NullMarked
package dev.llmproxy.client;

import org.jspecify.annotations.NullMarked;
