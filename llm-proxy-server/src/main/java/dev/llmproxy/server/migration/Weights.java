package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/** Shares as the smallest whole numbers: 0.75 and 0.25 are 3 and 1. */
final class Weights {

	private static final int DECIMALS = 4;

	private Weights() {
	}

	/** Nobody is left without any share, because a target has one. */
	static List<Long> whole(List<BigDecimal> weights) {
		List<BigInteger> large = weights.stream()
			.map((weight) -> weight.setScale(DECIMALS, RoundingMode.HALF_UP).unscaledValue().max(BigInteger.ONE))
			.toList();
		BigInteger divisor = large.stream().reduce(BigInteger.ZERO, BigInteger::gcd);
		return large.stream().map((weight) -> Math.min(weight.divide(divisor).longValue(), Integer.MAX_VALUE)).toList();
	}

}
