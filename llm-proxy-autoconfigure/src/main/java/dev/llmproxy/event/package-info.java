/**
 * What happens in the gateway, told to whoever wants to hear it: an application, and by
 * sub-packages other systems. It depends on {@code observability} and what that depends
 * on. Start with {@link dev.llmproxy.event.EventBus}.
 */
@NullMarked
package dev.llmproxy.event;

import org.jspecify.annotations.NullMarked;
