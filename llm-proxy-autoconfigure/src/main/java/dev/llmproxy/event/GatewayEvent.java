package dev.llmproxy.event;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened. An event tells times, ids, names and numbers: never what was
 * said, nor a key, nor a provider's own words. Names that callers choose are cut.
 */
public sealed interface GatewayEvent {

	Instant time();

	EventType type();

	/**
	 * A call came in.
	 *
	 * @param request the id of the request
	 * @param caller the id of the caller's key
	 * @param model as the caller named it
	 */
	record CallStarted(Instant time, String request, String caller, @Nullable String team, String operation,
			String model, boolean stream) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.CALL_STARTED;
		}

	}

	/**
	 * An answer began.
	 *
	 * @param millis since the call came in
	 */
	record CallFirstToken(Instant time, String request, String caller, String model, @Nullable String route,
			long millis) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.CALL_FIRST_TOKEN;
		}

	}

	/**
	 * A call is over.
	 *
	 * @param attempts how many were made
	 * @param outcome {@code succeeded}, {@code failed}, {@code broken} or
	 * {@code cancelled}
	 * @param status of HTTP; 499 if the caller left before there was one
	 * @param error the kind of error; {@code null} if nothing went wrong
	 * @param millis until its end
	 * @param firstTokenMillis until its answer began; {@code null} if none did
	 * @param costNanoUsd of all attempts; {@code null} if it is not known
	 * @param estimated whether some of the cost is an estimate
	 * @param cache what the cache did; {@code null} for nothing
	 * @param context what was done with a long conversation; {@code null} for nothing
	 */
	record CallEnded(Instant time, String request, String caller, @Nullable String team, String operation, String model,
			boolean stream, @Nullable String route, @Nullable String provider, @Nullable String target, int attempts,
			String outcome, int status, @Nullable String error, long millis, @Nullable Long firstTokenMillis,
			@Nullable Long inputTokens, @Nullable Long outputTokens, @Nullable Long costNanoUsd, boolean estimated,
			@Nullable String cache, @Nullable String context) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.CALL_ENDED;
		}

	}

	/**
	 * An attempt failed, or its answer broke off. The call may have succeeded all the
	 * same.
	 *
	 * @param attempt its number
	 * @param kind why it was made, such as {@code fallback}
	 * @param outcome {@code failed} or {@code broken}
	 * @param error the kind of error
	 * @param status that a caller would be answered with
	 * @param millis until it was over
	 */
	record AttemptFailed(Instant time, String request, int attempt, String kind, String route, String provider,
			String target, String model, String outcome, @Nullable String error, @Nullable Integer status,
			long millis) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.ATTEMPT_FAILED;
		}

	}

	/**
	 * The breaker of a target has another state.
	 *
	 * @param from such as {@code closed}
	 * @param to such as {@code open}
	 */
	record BreakerChanged(Instant time, String target, String from, String to) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.BREAKER_CHANGED;
		}

	}

	/**
	 * A limit refused a call.
	 *
	 * @param limit its name
	 * @param limited such as {@code tokens}
	 */
	record LimitHit(Instant time, String limit, String limited) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.LIMIT_HIT;
		}

	}

	/**
	 * So much of a budget is spent.
	 *
	 * @param budget its name
	 * @param subject whose it is: the id of a key, a team, a route, or {@code all}
	 * @param percent of it that is spent at least
	 */
	record BudgetCrossed(Instant time, String budget, String subject, int percent, long spentNanoUsd,
			long limitNanoUsd) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.BUDGET_CROSSED;
		}

	}

	/**
	 * Another configuration holds.
	 *
	 * @param parts what changed, such as {@code routes}
	 * @param properties the names of changed properties, never their values
	 */
	record ConfigurationChanged(Instant time, long generation, List<String> parts,
			List<String> properties) implements GatewayEvent {

		public ConfigurationChanged {
			parts = List.copyOf(parts);
			properties = List.copyOf(properties);
		}

		@Override
		public EventType type() {
			return EventType.CONFIGURATION_CHANGED;
		}

	}

	/**
	 * A cached answer had to make room.
	 *
	 * @param cause such as {@code size}
	 */
	record CacheEvicted(Instant time, String cause) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.CACHE_EVICTED;
		}

	}

	/**
	 * A conversation was shortened.
	 *
	 * @param action such as {@code trimmed}
	 * @param tokensBefore of the prompt as it came
	 * @param tokensAfter of the prompt that is sent
	 */
	record ConversationCondensed(Instant time, String action, long tokensBefore,
			long tokensAfter) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.CONVERSATION_CONDENSED;
		}

	}

	/**
	 * An alert began or ended.
	 *
	 * @param rule its name
	 * @param state {@code firing} or {@code resolved}
	 * @param value that was seen last; {@code null} if there was none
	 * @param summary one line for a person
	 */
	record AlertChanged(Instant time, String rule, String severity, String state, @Nullable Double value,
			double threshold, String summary) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.ALERT_CHANGED;
		}

	}

	/**
	 * An operator did something by the actuator, here or on another node.
	 *
	 * @param action such as {@code disable}
	 * @param subject the provider or the target; {@code null} where there is none
	 * @param actor who it was
	 * @param node where, if not here
	 */
	record OperatorActed(Instant time, String action, @Nullable String subject, String actor,
			@Nullable String node) implements GatewayEvent {

		@Override
		public EventType type() {
			return EventType.OPERATOR_ACTED;
		}

	}

}
