package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.observability.budget.BudgetAccount;
import dev.llmproxy.observability.budget.BudgetGate;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows budgets, and whose is closest to its end. */
@Endpoint(id = "llmbudgets")
final class BudgetsEndpoint {

	private static final int MOST = 1000;

	private final BudgetGate gate;

	BudgetsEndpoint(BudgetGate gate) {
		this.gate = gate;
	}

	@ReadOperation
	Descriptor budgets() {
		Instant now = Instant.now();
		return new Descriptor(this.gate.accounts()
			.stream()
			.map((account) -> Account.of(account, now))
			.sorted(Comparator.comparingDouble(Account::used).reversed())
			.limit(MOST)
			.toList());
	}

	/** All of it. */
	record Descriptor(List<Account> accounts) {
	}

	/**
	 * Amounts in US dollars.
	 *
	 * @param used the share of the amount
	 * @param reserved for calls under way
	 * @param until when it begins anew; {@code null} for never
	 */
	record Account(String budget, String subject, String period, BigDecimal amount, BigDecimal spent,
			BigDecimal reserved, double used, boolean refuses, @Nullable Instant until) {

		static Account of(BudgetAccount account, Instant now) {
			BudgetAccount.Standing standing = account.standing(now);
			long amount = account.budget().amount();
			return new Account(account.budget().name(), account.subject(),
					account.budget().period().name().toLowerCase(Locale.ROOT), NanoUsd.dollars(amount),
					NanoUsd.dollars(standing.spent()), NanoUsd.dollars(standing.reserved()),
					(double) standing.spent() / amount, account.budget().refuses(),
					standing.until().equals(Instant.MAX) ? null : standing.until());
		}

	}

}
