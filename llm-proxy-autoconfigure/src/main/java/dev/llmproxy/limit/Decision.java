package dev.llmproxy.limit;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a call: it is admitted and something is set aside for it, or it is
 * refused and nothing is.
 *
 * @param refusal {@code null} if it is admitted
 * @param standings of all its demands, after they were met; if it is refused, of the one
 * that could not be
 */
public record Decision(@Nullable Refusal refusal, List<Standing> standings, Lease lease) {

	public static Decision refused(Refusal refusal) {
		return new Decision(refusal, List.of(refusal.standing()), Lease.NONE);
	}

}
