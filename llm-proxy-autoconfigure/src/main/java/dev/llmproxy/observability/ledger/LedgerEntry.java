package dev.llmproxy.observability.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.llmproxy.observability.cost.Charge;
import org.jspecify.annotations.Nullable;

/**
 * One charge as it is written down. Names that callers can choose are made harmless: no
 * control characters, no half characters, and not longer than {@value #LONGEST}, so that
 * no store can refuse an entry for what stands in it.
 *
 * @param id unique; of our own making, because callers may choose the ids of their
 * requests and use one twice
 * @param request the id of the request
 * @param attempt the number of the attempt within the request
 * @param kind why that attempt was made: first, retry, fallback, hedge or mirror
 * @param time when the attempt ended, to the millisecond
 * @param caller the id of who called
 * @param team whom the caller belongs to; {@code null} for nobody
 * @param provider the provider's name
 * @param vendor as {@code gen_ai.provider.name} says it
 * @param target the id of the target
 * @param model the name that the provider knows
 * @param cost in nano-USD; {@code null} if the price is not known
 * @param estimated whether the tokens, and with them the cost, are an estimate
 * @param first whether it is the first charge of its call, so that calls can be counted
 * by adding
 */
public record LedgerEntry(String id, String request, int attempt, String kind, Instant time, String caller,
		@Nullable String team, String operation, String route, String provider, String vendor, String target,
		String model, Tokens tokens, @Nullable Long cost, boolean estimated, boolean first) {

	/** Characters of a name that are kept. */
	public static final int LONGEST = 200;

	public LedgerEntry {
		time = time.truncatedTo(ChronoUnit.MILLIS);
		request = harmless(request);
		caller = harmless(caller);
		team = (team != null) ? harmless(team) : null;
		route = harmless(route);
		provider = harmless(provider);
		vendor = harmless(vendor);
		target = harmless(target);
		model = harmless(model);
	}

	static LedgerEntry of(Charge charge, String id) {
		return new LedgerEntry(id, charge.request(), charge.attempt(), charge.kind().label(), charge.time(),
				charge.caller().id(), charge.caller().team(), charge.operation().operationName(), charge.route(),
				charge.provider(), charge.vendor(), charge.target(), charge.model(), Tokens.of(charge.usage()),
				charge.cost(), charge.usage().estimated(), charge.first());
	}

	static String harmless(String name) {
		int length = Math.min(name.length(), LONGEST);
		for (int i = 0; i < length; i++) {
			char c = name.charAt(i);
			if (Character.isISOControl(c) || Character.isSurrogate(c)) {
				return replaced(name, length);
			}
		}
		return (length == name.length()) ? name : name.substring(0, length);
	}

	private static String replaced(String name, int length) {
		StringBuilder harmless = new StringBuilder(name.substring(0, length));
		for (int i = 0; i < length; i++) {
			char c = harmless.charAt(i);
			if (Character.isISOControl(c) || Character.isSurrogate(c)) {
				harmless.setCharAt(i, '?');
			}
		}
		return harmless.toString();
	}

}
