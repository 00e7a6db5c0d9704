package dev.llmproxy.event.alert;

import java.time.Instant;
import java.util.Locale;

import dev.llmproxy.event.GatewayEvent.AlertChanged;
import org.jspecify.annotations.Nullable;

/**
 * How things are with one rule. It begins when its value was alarming for long enough,
 * and ends when it is not any more. Of both is told once; of one that begins again within
 * the cooldown not before that is over. Thread-safe.
 */
final class Alert {

	static final String FIRING = "firing";

	static final String RESOLVED = "resolved";

	private final AlertRule rule;

	/** Since when the value is alarming; {@code null} if it is not. */
	private @Nullable Instant alarming;

	private @Nullable Instant firing;

	private @Nullable Instant told;

	/** Whether somebody was told that it began, and not that it ended. */
	private boolean open;

	private @Nullable Double value;

	Alert(AlertRule rule) {
		this.rule = rule;
	}

	AlertRule rule() {
		return this.rule;
	}

	/**
	 * Looks at the value.
	 * @return what is to be told; {@code null} for nothing
	 */
	synchronized @Nullable AlertChanged look(Instant now) {
		Double value = this.rule.signal().read(now);
		this.value = value;
		if (value == null || !this.rule.comparison().holds(value, this.rule.threshold())) {
			this.alarming = null;
			this.firing = null;
			if (this.open) {
				this.open = false;
				return message(now, RESOLVED);
			}
			return null;
		}
		if (this.alarming == null) {
			this.alarming = now;
		}
		if (this.firing == null && !now.isBefore(this.alarming.plus(this.rule.holding()))) {
			this.firing = now;
		}
		if (this.firing != null && !this.open
				&& (this.told == null || !now.isBefore(this.told.plus(this.rule.cooldown())))) {
			this.open = true;
			this.told = now;
			return message(now, FIRING);
		}
		return null;
	}

	private AlertChanged message(Instant now, String state) {
		return new AlertChanged(now, this.rule.name(), this.rule.severity(), state, this.value, this.rule.threshold(),
				"[" + this.rule.severity() + "] " + this.rule.name() + " " + state + ": " + this.rule.subject() + " is "
						+ shown(this.value) + (state.equals(FIRING) ? ", " : ", not ") + this.rule.comparison().label()
						+ " " + shown(this.rule.threshold()));
	}

	private static String shown(@Nullable Double value) {
		if (value == null) {
			return "unknown";
		}
		return (value == Math.rint(value) && Math.abs(value) < 1e15) ? Long.toString(value.longValue())
				: String.format(Locale.ROOT, "%.4g", value);
	}

	synchronized AlertWatch.State state() {
		String state = (this.firing != null) ? FIRING : (this.alarming != null) ? "pending" : "inactive";
		return new AlertWatch.State(this.rule.name(), state, this.rule.severity(), this.rule.subject(), this.value,
				this.rule.comparison().label(), this.rule.threshold(),
				(this.firing != null) ? this.firing : this.alarming, this.told);
	}

}
