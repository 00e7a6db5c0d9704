package dev.llmproxy.client.springai;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.ToolChoice;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.tool.ToolCallback;

/**
 * What can be asked of any model behind the gateway, beside what Spring AI has for all
 * models. Immutable.
 */
public final class GatewayChatOptions extends DefaultToolCallingChatOptions implements StructuredOutputChatOptions {

	private final @Nullable String outputSchema;

	private final @Nullable ResponseFormat responseFormat;

	private final @Nullable ToolChoice toolChoice;

	private final @Nullable Boolean parallelToolCalls;

	private final @Nullable ReasoningConfig reasoning;

	private final @Nullable Long seed;

	private final @Nullable String user;

	private final Map<String, String> metadata;

	private GatewayChatOptions(AbstractBuilder<?> builder) {
		super(builder.toolCallbacks(), builder.toolContext(), builder.model(), builder.frequencyPenalty(),
				builder.maxTokens(), builder.presencePenalty(), builder.stopSequences(), builder.temperature(),
				builder.topK(), builder.topP());
		this.outputSchema = builder.outputSchema;
		this.responseFormat = builder.responseFormat;
		this.toolChoice = builder.toolChoice;
		this.parallelToolCalls = builder.parallelToolCalls;
		this.reasoning = builder.reasoning;
		this.seed = builder.seed;
		this.user = builder.user;
		this.metadata = Map.copyOf(builder.metadata);
	}

	public static Builder builder() {
		return new Builder();
	}

	/** A JSON Schema that the answer shall satisfy, as text. */
	@Override
	public @Nullable String getOutputSchema() {
		return this.outputSchema;
	}

	/** The form of the answer; {@link #getOutputSchema()} goes before it. */
	public @Nullable ResponseFormat getResponseFormat() {
		return this.responseFormat;
	}

	/** Whether the model must, may or must not call tools. */
	public @Nullable ToolChoice getToolChoice() {
		return this.toolChoice;
	}

	/** Whether it may call several at once. */
	public @Nullable Boolean getParallelToolCalls() {
		return this.parallelToolCalls;
	}

	/** How much it shall think. */
	public @Nullable ReasoningConfig getReasoning() {
		return this.reasoning;
	}

	public @Nullable Long getSeed() {
		return this.seed;
	}

	/** An identifier of the end user, for the provider's abuse detection. */
	public @Nullable String getUser() {
		return this.user;
	}

	/** Sent along to providers that keep it, and looked at by routes' conditions. */
	public Map<String, String> getMetadata() {
		return this.metadata;
	}

	@Override
	public Builder mutate() {
		return builder().model(getModel())
			.frequencyPenalty(getFrequencyPenalty())
			.maxTokens(getMaxTokens())
			.presencePenalty(getPresencePenalty())
			.stopSequences(getStopSequences())
			.temperature(getTemperature())
			.topK(getTopK())
			.topP(getTopP())
			.toolCallbacks(getToolCallbacks())
			.toolContext(getToolContext())
			.outputSchema(this.outputSchema)
			.responseFormat(this.responseFormat)
			.toolChoice(this.toolChoice)
			.parallelToolCalls(this.parallelToolCalls)
			.reasoning(this.reasoning)
			.seed(this.seed)
			.user(this.user)
			.metadata(this.metadata);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return super.equals(other) && other instanceof GatewayChatOptions that
				&& Objects.equals(this.outputSchema, that.outputSchema)
				&& Objects.equals(this.responseFormat, that.responseFormat)
				&& Objects.equals(this.toolChoice, that.toolChoice)
				&& Objects.equals(this.parallelToolCalls, that.parallelToolCalls)
				&& Objects.equals(this.reasoning, that.reasoning) && Objects.equals(this.seed, that.seed)
				&& Objects.equals(this.user, that.user) && this.metadata.equals(that.metadata);
	}

	@Override
	public int hashCode() {
		return Objects.hash(super.hashCode(), this.outputSchema, this.responseFormat, this.toolChoice,
				this.parallelToolCalls, this.reasoning, this.seed, this.user, this.metadata);
	}

	/** Collects options; not thread-safe. */
	public static final class Builder extends AbstractBuilder<Builder> {

		private Builder() {
		}

	}

	/**
	 * The options to collect. Spring AI's builders give back their own type by a
	 * parameter.
	 *
	 * @param <B> that type
	 */
	public abstract static sealed class AbstractBuilder<B extends AbstractBuilder<B>> extends
			DefaultToolCallingChatOptions.Builder<B> implements StructuredOutputChatOptions.Builder<B> permits Builder {

		private @Nullable String outputSchema;

		private @Nullable ResponseFormat responseFormat;

		private @Nullable ToolChoice toolChoice;

		private @Nullable Boolean parallelToolCalls;

		private @Nullable ReasoningConfig reasoning;

		private @Nullable Long seed;

		private @Nullable String user;

		private Map<String, String> metadata = Map.of();

		@Override
		public B outputSchema(@Nullable String outputSchema) {
			this.outputSchema = outputSchema;
			return self();
		}

		public B responseFormat(@Nullable ResponseFormat responseFormat) {
			this.responseFormat = responseFormat;
			return self();
		}

		public B toolChoice(@Nullable ToolChoice toolChoice) {
			this.toolChoice = toolChoice;
			return self();
		}

		public B parallelToolCalls(@Nullable Boolean parallelToolCalls) {
			this.parallelToolCalls = parallelToolCalls;
			return self();
		}

		public B reasoning(@Nullable ReasoningConfig reasoning) {
			this.reasoning = reasoning;
			return self();
		}

		public B seed(@Nullable Long seed) {
			this.seed = seed;
			return self();
		}

		public B user(@Nullable String user) {
			this.user = user;
			return self();
		}

		public B metadata(Map<String, String> metadata) {
			this.metadata = Map.copyOf(metadata);
			return self();
		}

		/** What the other says goes before what this one said. */
		@Override
		public B combineWith(ChatOptions.Builder<?> other) {
			super.combineWith(other);
			if (other instanceof AbstractBuilder<?> that) {
				this.outputSchema = or(that.outputSchema, this.outputSchema);
				this.responseFormat = or(that.responseFormat, this.responseFormat);
				this.toolChoice = or(that.toolChoice, this.toolChoice);
				this.parallelToolCalls = or(that.parallelToolCalls, this.parallelToolCalls);
				this.reasoning = or(that.reasoning, this.reasoning);
				this.seed = or(that.seed, this.seed);
				this.user = or(that.user, this.user);
				Map<String, String> both = new HashMap<>(this.metadata);
				both.putAll(that.metadata);
				this.metadata = Map.copyOf(both);
			}
			else if (other.build() instanceof StructuredOutputChatOptions structured) {
				this.outputSchema = or(structured.getOutputSchema(), this.outputSchema);
			}
			return self();
		}

		private static <T> @Nullable T or(@Nullable T value, @Nullable T fallback) {
			return (value != null) ? value : fallback;
		}

		@Override
		public GatewayChatOptions build() {
			return new GatewayChatOptions(this);
		}

		// The fields are inherited from another package, and protected.

		private @Nullable List<ToolCallback> toolCallbacks() {
			return this.toolCallbacks;
		}

		private @Nullable Map<String, Object> toolContext() {
			return this.toolContext;
		}

		private @Nullable String model() {
			return this.model;
		}

		private @Nullable Double frequencyPenalty() {
			return this.frequencyPenalty;
		}

		private @Nullable Integer maxTokens() {
			return this.maxTokens;
		}

		private @Nullable Double presencePenalty() {
			return this.presencePenalty;
		}

		private @Nullable List<String> stopSequences() {
			return this.stopSequences;
		}

		private @Nullable Double temperature() {
			return this.temperature;
		}

		private @Nullable Integer topK() {
			return this.topK;
		}

		private @Nullable Double topP() {
			return this.topP;
		}

	}

}
