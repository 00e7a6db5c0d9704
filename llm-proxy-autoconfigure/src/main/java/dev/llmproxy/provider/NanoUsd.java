package dev.llmproxy.provider;

import java.math.BigDecimal;

/** Money in whole billionths of a US dollar, and in dollars. */
public final class NanoUsd {

	private static final int DIGITS = 9;

	private NanoUsd() {
	}

	/** As many dollars, without zeros at the end. */
	public static BigDecimal dollars(long nanos) {
		return BigDecimal.valueOf(nanos, DIGITS).stripTrailingZeros();
	}

	/**
	 * So many dollars.
	 * @throws IllegalArgumentException if they are negative, too many, or too exact
	 */
	public static long of(BigDecimal dollars) {
		try {
			long nanos = dollars.movePointRight(DIGITS).longValueExact();
			if (nanos >= 0) {
				return nanos;
			}
		}
		catch (ArithmeticException ex) {
			// Said below.
		}
		throw new IllegalArgumentException(
				"'" + dollars + "' is not an amount of US dollars with at most " + DIGITS + " decimals");
	}

}
