package dev.llmproxy.observability.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.provider.Attempt.Kind;

/**
 * Tells the first charge of a call from the others, by the ids of the last requests. For
 * one thread.
 */
final class RecentCalls {

	private static final int MOST = 20_000;

	/** Whether the first attempt of a request has been charged. */
	private final Map<String, Boolean> firstCharged = new LinkedHashMap<>();

	/**
	 * Whether a call is charged for the first time. A second first attempt is another
	 * call, whose caller uses an id twice.
	 */
	boolean isFirst(Charge charge) {
		if (charge.kind() == Kind.MIRROR) {
			return false;
		}
		boolean first = charge.kind() == Kind.FIRST;
		Boolean known = this.firstCharged.put(charge.request(), first || isTrue(charge));
		if (this.firstCharged.size() > MOST) {
			Iterator<String> oldest = this.firstCharged.keySet().iterator();
			oldest.next();
			oldest.remove();
		}
		return known == null || (first && known);
	}

	private boolean isTrue(Charge charge) {
		return this.firstCharged.getOrDefault(charge.request(), false);
	}

}
