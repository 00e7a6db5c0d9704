/**
 * Parts of the gateway out of jars that somebody else wrote: what a plugin implements,
 * how it is checked and loaded, and what happens while it is slow or broken. It depends
 * on {@code observability} and what that depends on. Start with
 * {@link dev.llmproxy.plugin.LlmProxyPlugin}; what loads one is
 * {@link dev.llmproxy.plugin.Plugins}.
 */
@NullMarked
package dev.llmproxy.plugin;

import org.jspecify.annotations.NullMarked;
