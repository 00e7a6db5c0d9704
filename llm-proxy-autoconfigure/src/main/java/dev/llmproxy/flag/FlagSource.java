package dev.llmproxy.flag;

import dev.llmproxy.gateway.Flags;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import org.jspecify.annotations.Nullable;

/**
 * A flag as OpenFeature's client tells it. May wait, if the provider asks a server.
 */
final class FlagSource {

	private final Client client;

	FlagSource(Client client) {
		this.client = client;
	}

	/**
	 * Asks.
	 * @param otherwise what the provider may answer without being sure; {@code null} for
	 * nothing
	 * @return {@code null} if the provider can't tell
	 */
	@Nullable Object ask(Flags.Asked asked, @Nullable Object otherwise, EvaluationContext context) {
		return switch (asked.kind()) {
			case BOOLEAN -> value(this.client.getBooleanDetails(asked.flag(), Boolean.TRUE.equals(otherwise), context));
			case NUMBER -> number(value(this.client.getDoubleDetails(asked.flag(),
					(otherwise instanceof Double number) ? number : Double.NaN, context)));
			case TEXT -> text(value(this.client.getStringDetails(asked.flag(),
					(otherwise instanceof String text) ? text : "", context)));
		};
	}

	private static @Nullable Object value(FlagEvaluationDetails<?> details) {
		return (details.getErrorCode() == null) ? details.getValue() : null;
	}

	private static @Nullable Object number(@Nullable Object value) {
		return (value instanceof Double number && !number.isNaN()) ? number : null;
	}

	private static @Nullable Object text(@Nullable Object value) {
		return (value instanceof String text && !text.isEmpty()) ? text : null;
	}

}
