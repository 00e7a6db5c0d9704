package dev.llmproxy.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of a chat model, in no dialect. Fields that were not given are
 * {@code null} (or empty), so that an encoder sends only what the caller said.
 *
 * @param model the model as the caller, or the route, names it
 * @param messages the conversation in order, system messages included
 * @param tools in the caller's order, which providers' prompt caches depend on
 * @param maxTokens upper bound of generated tokens
 * @param temperature as given; ranges differ between providers
 * @param stop sequences that end the answer
 * @param n how many answers; at least 1
 * @param stream whether the answer shall be streamed
 * @param includeUsage whether a streamed answer shall end with its usage (OpenAI
 * {@code stream_options.include_usage}; dialects that always do set it)
 * @param user an identifier of the end user, for the provider's abuse detection
 * @param rest fields of the source dialect that have no place here, by their path; an
 * encoder of another dialect names them as dropped
 */
public record ChatRequest(String model, List<Message> messages, List<Tool> tools, @Nullable ToolChoice toolChoice,
		@Nullable Boolean parallelToolCalls, @Nullable Integer maxTokens, @Nullable Double temperature,
		@Nullable Double topP, @Nullable Integer topK, @Nullable Double frequencyPenalty,
		@Nullable Double presencePenalty, @Nullable Long seed, List<String> stop, int n,
		@Nullable ResponseFormat responseFormat, @Nullable ReasoningConfig reasoning, boolean stream,
		boolean includeUsage, @Nullable String user, Map<String, String> metadata, @Nullable String serviceTier,
		Map<String, @Nullable Object> rest) {

	public ChatRequest {
		messages = List.copyOf(messages);
		tools = List.copyOf(tools);
		stop = List.copyOf(stop);
		metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
		rest = Collections.unmodifiableMap(new LinkedHashMap<>(rest));
		if (n < 1) {
			throw new IllegalArgumentException("n must be at least 1");
		}
	}

	public static Builder builder(String model) {
		return new Builder(model);
	}

	public Builder mutate() {
		return new Builder(this);
	}

	public ChatRequest withModel(String model) {
		return mutate().model(model).build();
	}

	/** Collects the fields; not thread-safe. */
	public static final class Builder {

		private String model;

		private List<Message> messages = new ArrayList<>();

		private List<Tool> tools = new ArrayList<>();

		private @Nullable ToolChoice toolChoice;

		private @Nullable Boolean parallelToolCalls;

		private @Nullable Integer maxTokens;

		private @Nullable Double temperature;

		private @Nullable Double topP;

		private @Nullable Integer topK;

		private @Nullable Double frequencyPenalty;

		private @Nullable Double presencePenalty;

		private @Nullable Long seed;

		private List<String> stop = List.of();

		private int n = 1;

		private @Nullable ResponseFormat responseFormat;

		private @Nullable ReasoningConfig reasoning;

		private boolean stream;

		private boolean includeUsage;

		private @Nullable String user;

		private Map<String, String> metadata = Map.of();

		private @Nullable String serviceTier;

		private Map<String, @Nullable Object> rest = new LinkedHashMap<>();

		private Builder(String model) {
			this.model = model;
		}

		private Builder(ChatRequest request) {
			this.model = request.model;
			this.messages = new ArrayList<>(request.messages);
			this.tools = new ArrayList<>(request.tools);
			this.toolChoice = request.toolChoice;
			this.parallelToolCalls = request.parallelToolCalls;
			this.maxTokens = request.maxTokens;
			this.temperature = request.temperature;
			this.topP = request.topP;
			this.topK = request.topK;
			this.frequencyPenalty = request.frequencyPenalty;
			this.presencePenalty = request.presencePenalty;
			this.seed = request.seed;
			this.stop = request.stop;
			this.n = request.n;
			this.responseFormat = request.responseFormat;
			this.reasoning = request.reasoning;
			this.stream = request.stream;
			this.includeUsage = request.includeUsage;
			this.user = request.user;
			this.metadata = request.metadata;
			this.serviceTier = request.serviceTier;
			this.rest = new LinkedHashMap<>(request.rest);
		}

		public Builder model(String model) {
			this.model = model;
			return this;
		}

		public Builder messages(List<Message> messages) {
			this.messages = new ArrayList<>(messages);
			return this;
		}

		public Builder message(Message message) {
			this.messages.add(message);
			return this;
		}

		public Builder tools(List<Tool> tools) {
			this.tools = new ArrayList<>(tools);
			return this;
		}

		public Builder tool(Tool tool) {
			this.tools.add(tool);
			return this;
		}

		public Builder toolChoice(@Nullable ToolChoice toolChoice) {
			this.toolChoice = toolChoice;
			return this;
		}

		public Builder parallelToolCalls(@Nullable Boolean parallelToolCalls) {
			this.parallelToolCalls = parallelToolCalls;
			return this;
		}

		public Builder maxTokens(@Nullable Integer maxTokens) {
			this.maxTokens = maxTokens;
			return this;
		}

		public Builder temperature(@Nullable Double temperature) {
			this.temperature = temperature;
			return this;
		}

		public Builder topP(@Nullable Double topP) {
			this.topP = topP;
			return this;
		}

		public Builder topK(@Nullable Integer topK) {
			this.topK = topK;
			return this;
		}

		public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
			this.frequencyPenalty = frequencyPenalty;
			return this;
		}

		public Builder presencePenalty(@Nullable Double presencePenalty) {
			this.presencePenalty = presencePenalty;
			return this;
		}

		public Builder seed(@Nullable Long seed) {
			this.seed = seed;
			return this;
		}

		public Builder stop(List<String> stop) {
			this.stop = stop;
			return this;
		}

		public Builder n(int n) {
			this.n = n;
			return this;
		}

		public Builder responseFormat(@Nullable ResponseFormat responseFormat) {
			this.responseFormat = responseFormat;
			return this;
		}

		public Builder reasoning(@Nullable ReasoningConfig reasoning) {
			this.reasoning = reasoning;
			return this;
		}

		public Builder stream(boolean stream) {
			this.stream = stream;
			return this;
		}

		public Builder includeUsage(boolean includeUsage) {
			this.includeUsage = includeUsage;
			return this;
		}

		public Builder user(@Nullable String user) {
			this.user = user;
			return this;
		}

		public Builder metadata(Map<String, String> metadata) {
			this.metadata = metadata;
			return this;
		}

		public Builder serviceTier(@Nullable String serviceTier) {
			this.serviceTier = serviceTier;
			return this;
		}

		public Builder rest(String path, @Nullable Object value) {
			this.rest.put(path, value);
			return this;
		}

		public ChatRequest build() {
			return new ChatRequest(this.model, this.messages, this.tools, this.toolChoice, this.parallelToolCalls,
					this.maxTokens, this.temperature, this.topP, this.topK, this.frequencyPenalty, this.presencePenalty,
					this.seed, this.stop, this.n, this.responseFormat, this.reasoning, this.stream, this.includeUsage,
					this.user, this.metadata, this.serviceTier, this.rest);
		}

	}

}
