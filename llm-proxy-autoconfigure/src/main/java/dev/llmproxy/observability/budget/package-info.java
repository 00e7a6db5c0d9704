/**
 * What callers may spend. It depends on {@code observability.cost} and what that depends
 * on. Start with {@link dev.llmproxy.observability.budget.BudgetGate}.
 */
@NullMarked
package dev.llmproxy.observability.budget;

import org.jspecify.annotations.NullMarked;
