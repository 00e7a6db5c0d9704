/**
 * What became of a call as a whole, for whoever wants to hear of it. It depends on
 * {@code gateway}. Start with {@link dev.llmproxy.observability.call.CallListener}.
 */
@NullMarked
package dev.llmproxy.observability.call;

import org.jspecify.annotations.NullMarked;
