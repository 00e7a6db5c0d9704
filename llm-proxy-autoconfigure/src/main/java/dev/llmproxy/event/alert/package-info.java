/**
 * Alerts: rules about events and meters, and who is told when one holds. It depends on
 * {@code event}, {@code event.webhook} and {@code observability}. Start with
 * {@link dev.llmproxy.event.alert.AlertWatch}.
 */
@NullMarked
package dev.llmproxy.event.alert;

import org.jspecify.annotations.NullMarked;
