package dev.llmproxy.provider.simulator;

/** A number within bounds; 1 where that is allowed. */
final class NumberSample {

	/** Beyond this not every double is a whole number of its own. */
	private static final double EXACT = 1L << 53;

	private NumberSample() {
	}

	static Number of(Schema schema, int index) {
		boolean whole = schema.type().equals("integer");
		double step = Math.abs(schema.number("multipleOf", whole ? 1 : 0));
		double least = Math.max(schema.number("minimum", Double.NEGATIVE_INFINITY),
				exclusive(schema, "exclusiveMinimum", "minimum", Double.NEGATIVE_INFINITY));
		double most = Math.min(schema.number("maximum", Double.POSITIVE_INFINITY),
				exclusive(schema, "exclusiveMaximum", "maximum", Double.POSITIVE_INFINITY));
		boolean open = least == exclusive(schema, "exclusiveMinimum", "minimum", Double.NEGATIVE_INFINITY);
		boolean openEnd = most == exclusive(schema, "exclusiveMaximum", "maximum", Double.POSITIVE_INFINITY);
		double number = (step > 0) ? multiple(least, open, most, openEnd, step, index)
				: between(least, open, most, openEnd, index);
		if (!Double.isFinite(number)) {
			return 1L;
		}
		return (number == Math.rint(number) && Math.abs(number) < EXACT) ? (Number) (long) number : (Number) number;
	}

	/** The exclusive bound: a number of its own, or draft 4's flag beside the other. */
	private static double exclusive(Schema schema, String keyword, String bound, double absent) {
		return Boolean.TRUE.equals(schema.get(keyword)) ? schema.number(bound, absent) : schema.number(keyword, absent);
	}

	private static double multiple(double least, boolean open, double most, boolean openEnd, double step, int index) {
		double number = (step <= 1) ? Math.ceil(1 / step) * step : step;
		if (number < least || (open && number == least)) {
			number = Math.ceil(least / step) * step;
			number += (open && number == least) ? step : 0;
		}
		if (number > most || (openEnd && number == most)) {
			number = Math.floor(most / step) * step;
			number -= (openEnd && number == most) ? step : 0;
			return number;
		}
		double later = number + index * step;
		return (later < most || (later == most && !openEnd)) ? later : number;
	}

	private static double between(double least, boolean open, double most, boolean openEnd, int index) {
		double number = 1 + index;
		if (number > least || (number == least && !open)) {
			if (number < most || (number == most && !openEnd)) {
				return number;
			}
		}
		if (Double.isInfinite(least)) {
			return openEnd ? most - 1 : most;
		}
		if (Double.isInfinite(most)) {
			return least + index + (open ? 1 : 0);
		}
		return least + (most - least) / (2 + index);
	}

}
