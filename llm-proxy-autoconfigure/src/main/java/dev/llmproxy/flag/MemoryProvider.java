package dev.llmproxy.flag;

import java.util.function.Supplier;

import dev.llmproxy.gateway.Flags;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the flags that are configured here, as they are now. OpenFeature's own
 * provider in memory knows neither rules nor percentages. Thread-safe; never waits.
 */
public final class MemoryProvider implements FeatureProvider {

	private final Supplier<FlagSettings> settings;

	/**
	 * Creates one.
	 * @param settings those that hold now
	 */
	public MemoryProvider(Supplier<FlagSettings> settings) {
		this.settings = settings;
	}

	@Override
	public Metadata getMetadata() {
		return () -> "llm-proxy";
	}

	@Override
	public ProviderEvaluation<Boolean> getBooleanEvaluation(String flag, Boolean otherwise, EvaluationContext context) {
		return evaluate(flag, Flags.Kind.BOOLEAN, Boolean.class, otherwise, context);
	}

	@Override
	public ProviderEvaluation<String> getStringEvaluation(String flag, String otherwise, EvaluationContext context) {
		return evaluate(flag, Flags.Kind.TEXT, String.class, otherwise, context);
	}

	@Override
	public ProviderEvaluation<Double> getDoubleEvaluation(String flag, Double otherwise, EvaluationContext context) {
		return evaluate(flag, Flags.Kind.NUMBER, Double.class, otherwise, context);
	}

	@Override
	public ProviderEvaluation<Integer> getIntegerEvaluation(String flag, Integer otherwise, EvaluationContext context) {
		ProviderEvaluation<Double> number = getDoubleEvaluation(flag, otherwise.doubleValue(), context);
		return ProviderEvaluation.<Integer>builder()
			.value(number.getValue().intValue())
			.variant(number.getVariant())
			.reason(number.getReason())
			.errorCode(number.getErrorCode())
			.errorMessage(number.getErrorMessage())
			.build();
	}

	@Override
	public ProviderEvaluation<Value> getObjectEvaluation(String flag, Value otherwise, EvaluationContext context) {
		FlagDefinition definition = this.settings.get().values().get(flag);
		if (definition == null) {
			return missing(flag, otherwise);
		}
		String variant = definition.variant(flag, FlagContext.attributes(context));
		return found(Value.objectToValue(definition.value(variant)), variant);
	}

	private <T> ProviderEvaluation<T> evaluate(String flag, Flags.Kind kind, Class<T> type, T otherwise,
			EvaluationContext context) {
		FlagDefinition definition = this.settings.get().values().get(flag);
		if (definition == null) {
			return missing(flag, otherwise);
		}
		if (definition.kind() != kind) {
			return ProviderEvaluation.<T>builder()
				.value(otherwise)
				.reason(Reason.ERROR.name())
				.errorCode(ErrorCode.TYPE_MISMATCH)
				.errorMessage("'" + flag + "' is " + definition.kind() + " and not " + kind)
				.build();
		}
		String variant = definition.variant(flag, FlagContext.attributes(context));
		return found(type.cast(definition.value(variant)), variant);
	}

	/** What is configured here for a flag; {@code null} for nothing of that kind. */
	static @Nullable Object configured(FlagSettings settings, Flags.Asked asked, EvaluationContext context) {
		FlagDefinition definition = settings.values().get(asked.flag());
		return (definition != null && definition.kind() == asked.kind())
				? definition.value(definition.variant(asked.flag(), FlagContext.attributes(context))) : null;
	}

	private static <T> ProviderEvaluation<T> found(T value, String variant) {
		return ProviderEvaluation.<T>builder()
			.value(value)
			.variant(variant)
			.reason(Reason.TARGETING_MATCH.name())
			.build();
	}

	private static <T> ProviderEvaluation<T> missing(String flag, T otherwise) {
		return ProviderEvaluation.<T>builder()
			.value(otherwise)
			.reason(Reason.ERROR.name())
			.errorCode(ErrorCode.FLAG_NOT_FOUND)
			.errorMessage("There is no flag '" + flag + "'")
			.build();
	}

}
