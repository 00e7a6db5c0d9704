package dev.llmproxy.observability.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Listeners;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.observability.budget.BudgetAccount.Crossing;
import dev.llmproxy.observability.cost.Pricing;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.GateOrder;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.provider.UsageSettlement;

/**
 * Refuses attempts of callers that have nothing left, and books what the others cost.
 * What an attempt is expected to cost is set aside while it is under way, so that many at
 * once overdraw a budget by no more than one. Thread-safe.
 */
public final class BudgetGate implements AttemptGate {

	/** Accounts of routes that callers name, beyond which all share one. */
	private static final int MOST_ACCOUNTS = 10_000;

	private static final String OTHERS = "others";

	private final List<Budget> budgets;

	private final Pricing pricing;

	private final long expectedOutput;

	private final Listeners<BudgetListener> listeners;

	private final InstantSource clock;

	private final Map<Key, BudgetAccount> accounts = new ConcurrentHashMap<>();

	/**
	 * Creates the gate.
	 * @param expectedOutput tokens of an answer whose length the request does not limit
	 */
	public BudgetGate(List<Budget> budgets, Pricing pricing, long expectedOutput,
			List<? extends BudgetListener> listeners, InstantSource clock) {
		this.budgets = List.copyOf(budgets);
		this.pricing = pricing;
		this.expectedOutput = expectedOutput;
		this.listeners = new Listeners<>(listeners);
		this.clock = clock;
	}

	/** Those that something was spent of; a live view. */
	public Collection<BudgetAccount> accounts() {
		return this.accounts.values();
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		List<BudgetAccount> accounts = accounts(attempt.request().caller(), attempt.route());
		if (accounts.isEmpty()) {
			return AttemptListener.NONE;
		}
		if (attempt.kind() == Attempt.Kind.MIRROR) {
			// Has to be paid as well, but nobody asked for it who could be refused.
			return (end) -> ended(attempt, accounts, 0, end);
		}
		Instant now = this.clock.instant();
		long expected = expected(attempt);
		for (int i = 0; i < accounts.size(); i++) {
			if (!accounts.get(i).reserve(expected, now)) {
				accounts.subList(0, i).forEach((account) -> account.release(expected));
				throw exhausted(accounts.get(i), now);
			}
		}
		return (end) -> ended(attempt, accounts, expected, end);
	}

	private List<BudgetAccount> accounts(Caller caller, String route) {
		List<BudgetAccount> accounts = new ArrayList<>(this.budgets.size());
		for (Budget budget : this.budgets) {
			String subject = budget.subject(caller, route);
			if (subject != null) {
				accounts.add(account(budget, subject));
			}
		}
		return accounts;
	}

	private BudgetAccount account(Budget budget, String subject) {
		Key key = new Key(budget.name(), subject);
		BudgetAccount known = this.accounts.get(key);
		if (known != null) {
			return known;
		}
		Key bounded = (this.accounts.size() < MOST_ACCOUNTS) ? key : new Key(budget.name(), OTHERS);
		return this.accounts.computeIfAbsent(bounded,
				(added) -> new BudgetAccount(budget, added.subject(), this.clock.instant()));
	}

	/**
	 * The prompt and the longest answer to be expected; nothing if the price is not
	 * known.
	 */
	private long expected(Attempt attempt) {
		Usage usage = UsageSettlement.expectedUsage(attempt.request(), this.expectedOutput, TokenEstimate.COUNTER);
		Long cost = this.pricing.cost(attempt.target(), usage);
		return (cost != null) ? cost : 0;
	}

	private static LlmException exhausted(BudgetAccount account, Instant now) {
		Instant until = account.standing(now).until();
		boolean ever = until.equals(Instant.MAX);
		return LlmException.refusal(
				new LlmError(ErrorKind.UNPROCESSABLE,
						"The budget '" + account.budget().name() + "' is spent"
								+ (ever ? "." : "; it begins anew at " + until + "."),
						"budget_exceeded", null),
				ever ? null : Duration.between(now, until));
	}

	private void ended(Attempt attempt, List<BudgetAccount> accounts, long expected, AttemptEnd end) {
		Usage usage = end.usage();
		Long cost = (usage != null) ? this.pricing.cost(attempt.target(), usage) : null;
		Instant now = this.clock.instant();
		for (BudgetAccount account : accounts) {
			account.release(expected);
			if (cost != null) {
				tell(account, account.spend(cost, now), now);
			}
		}
	}

	private void tell(BudgetAccount account, Crossing crossing, Instant now) {
		if (crossing != Crossing.NONE) {
			long spent = account.standing(now).spent();
			this.listeners.tell((listener) -> listener.crossed(account.budget(), account.subject(), crossing, spent));
		}
	}

	/**
	 * Takes up what is known of this period: after a start, and from time to time where
	 * other nodes spend too. May block.
	 */
	public void rebuild(SpendHistory history) {
		Instant now = this.clock.instant();
		Map<Instant, List<SpendHistory.Spent>> read = new HashMap<>();
		for (Budget budget : this.budgets) {
			Instant from = budget.period().at(now, budget.zone()).from();
			Map<String, Long> sums = new HashMap<>();
			for (SpendHistory.Spent spent : read.computeIfAbsent(from, history::since)) {
				String subject = budget.subject(spent.caller(), spent.route());
				if (subject != null) {
					sums.merge(subject, spent.cost(), Long::sum);
				}
			}
			sums.forEach((subject, sum) -> {
				BudgetAccount account = account(budget, subject);
				tell(account, account.atLeast(sum, now), now);
			});
		}
	}

	@Override
	public int getOrder() {
		return GateOrder.LIMIT.order();
	}

	private record Key(String budget, String subject) {
	}

}
