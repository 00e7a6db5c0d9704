/**
 * Who may call, and which models. It depends on {@code gateway}. Start with
 * {@link dev.llmproxy.access.ClientKeys}.
 */
@NullMarked
package dev.llmproxy.access;

import org.jspecify.annotations.NullMarked;
