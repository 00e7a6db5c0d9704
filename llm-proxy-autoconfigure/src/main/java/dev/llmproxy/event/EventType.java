package dev.llmproxy.event;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.llmproxy.gateway.NamePattern;

/** The kinds of events. */
public enum EventType {

	CALL_STARTED("call.started", GatewayEvent.CallStarted.class),

	CALL_FIRST_TOKEN("call.first-token", GatewayEvent.CallFirstToken.class),

	CALL_ENDED("call.ended", GatewayEvent.CallEnded.class),

	ATTEMPT_FAILED("attempt.failed", GatewayEvent.AttemptFailed.class),

	BREAKER_CHANGED("breaker.changed", GatewayEvent.BreakerChanged.class),

	LIMIT_HIT("limit.hit", GatewayEvent.LimitHit.class),

	BUDGET_CROSSED("budget.crossed", GatewayEvent.BudgetCrossed.class),

	CONFIGURATION_CHANGED("configuration.changed", GatewayEvent.ConfigurationChanged.class),

	CACHE_EVICTED("cache.evicted", GatewayEvent.CacheEvicted.class),

	CONVERSATION_CONDENSED("conversation.condensed", GatewayEvent.ConversationCondensed.class),

	ALERT_CHANGED("alert.changed", GatewayEvent.AlertChanged.class),

	OPERATOR_ACTED("operator.acted", GatewayEvent.OperatorActed.class);

	private final String label;

	private final Class<? extends GatewayEvent> event;

	EventType(String label, Class<? extends GatewayEvent> event) {
		this.label = label;
		this.event = event;
	}

	/** Its name in messages and in configuration. */
	public String label() {
		return this.label;
	}

	/**
	 * The type of a label.
	 * @throws IllegalArgumentException if there is none
	 */
	public static EventType of(String label) {
		return matching(List.of(label)).iterator().next();
	}

	/**
	 * The types whose labels fit one of these patterns, with {@code *} for any run of
	 * characters.
	 * @throws IllegalArgumentException if a pattern fits none
	 */
	public static Set<EventType> matching(Collection<String> patterns) {
		Set<EventType> types = EnumSet.noneOf(EventType.class);
		for (String pattern : patterns) {
			String wanted = pattern.trim().toLowerCase(Locale.ROOT);
			Set<EventType> fitting = matching((type) -> NamePattern.matches(wanted, type.label));
			if (fitting.isEmpty()) {
				throw new IllegalArgumentException("there is no such type of events; there are "
						+ Arrays.stream(values()).map(EventType::label).collect(Collectors.joining(", ")));
			}
			types.addAll(fitting);
		}
		return types;
	}

	/** The types of what a listener to this class hears; none if it is no event's. */
	public static Set<EventType> heardAs(Class<?> event) {
		return GatewayEvent.class.isAssignableFrom(event) ? matching((type) -> event.isAssignableFrom(type.event))
				: Set.of();
	}

	private static Set<EventType> matching(Predicate<EventType> which) {
		return Arrays.stream(values()).filter(which).collect(Collectors.toUnmodifiableSet());
	}

}
