package dev.llmproxy.event.alert;

import java.util.Locale;

/** When a value is alarming. */
public enum Comparison {

	ABOVE, AT_LEAST, BELOW, AT_MOST;

	boolean holds(double value, double threshold) {
		return switch (this) {
			case ABOVE -> value > threshold;
			case AT_LEAST -> value >= threshold;
			case BELOW -> value < threshold;
			case AT_MOST -> value <= threshold;
		};
	}

	/** Whether large values are the alarming ones. */
	boolean upwards() {
		return this == ABOVE || this == AT_LEAST;
	}

	/** In words. */
	String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

}
