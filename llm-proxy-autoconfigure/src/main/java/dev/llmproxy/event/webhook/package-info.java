/**
 * Events for other systems, by HTTP. It depends on {@code event}. Start with
 * {@link dev.llmproxy.event.webhook.Webhook}.
 */
@NullMarked
package dev.llmproxy.event.webhook;

import org.jspecify.annotations.NullMarked;
