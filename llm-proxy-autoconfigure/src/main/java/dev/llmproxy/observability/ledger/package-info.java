/**
 * What was spent: an append-only ledger of charges, written beside the calls and not
 * within them, and reports of it. It depends on {@code observability.cost} and what that
 * depends on. Start with {@link dev.llmproxy.observability.ledger.LedgerWriter}.
 */
@NullMarked
package dev.llmproxy.observability.ledger;

import org.jspecify.annotations.NullMarked;
