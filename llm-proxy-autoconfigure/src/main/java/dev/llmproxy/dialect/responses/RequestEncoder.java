package dev.llmproxy.dialect.responses;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.dialect.EncodedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes requests that leave nothing behind: {@code store} is off, and thoughts travel
 * encrypted. What grows from turn to turn stands last, so that bodies of one conversation
 * share their beginning.
 */
final class RequestEncoder {

	/** OpenAI refuses smaller limits. */
	private static final int LEAST_TOKENS = 16;

	private static final String ENCRYPTED = "reasoning.encrypted_content";

	private final ChatRequest request;

	private final boolean home;

	private final Dropped dropped = new Dropped();

	private final ObjectNode body = ResponsesJson.object();

	private final InputEncoder input;

	private RequestEncoder(ChatRequest request) {
		this.request = request;
		this.home = Seal.HOME.equals(request.rest().get(RequestDecoder.ORIGIN));
		this.input = new InputEncoder(this.dropped, this.home);
	}

	static EncodedRequest encode(ChatRequest request) {
		RequestEncoder encoder = new RequestEncoder(request);
		encoder.generation();
		encoder.prompt();
		return new EncodedRequest(ResponsesJson.write(encoder.body), encoder.dropped.paths());
	}

	/** The part that {@code /responses/input_tokens} takes. */
	static byte[] encodeCount(ChatRequest request) {
		RequestEncoder encoder = new RequestEncoder(request);
		encoder.body.put("model", request.model());
		encoder.input.encode(request);
		encoder.prompt();
		return ResponsesJson.write(encoder.body);
	}

	private void generation() {
		this.input.encode(this.request);
		this.body.put("model", this.request.model());
		if (this.request.stream()) {
			this.body.put("stream", true);
		}
		this.body.put("store", this.home && Boolean.TRUE.equals(this.request.rest().get("store")));
		include();
		limits();
		sampling();
		if (this.request.serviceTier() != null) {
			this.body.put("service_tier", this.request.serviceTier());
		}
		if (this.request.user() != null) {
			this.body.put("user", this.request.user());
		}
		if (!this.request.metadata().isEmpty()) {
			ObjectNode metadata = this.body.putObject("metadata");
			this.request.metadata().forEach(metadata::put);
		}
		rest();
	}

	/** Models that don't think refuse to be asked for encrypted thoughts. */
	private void include() {
		ReasoningConfig reasoning = this.request.reasoning();
		ArrayNode include = ResponsesJson.array();
		if ((reasoning != null && !reasoning.disabled()) || this.input.thoughts()) {
			include.add(ENCRYPTED);
		}
		if (this.home && this.request.rest().get("include") instanceof List<?> others) {
			others.forEach((other) -> include.add(String.valueOf(other)));
		}
		if (!include.isEmpty()) {
			this.body.set("include", include);
		}
	}

	private void limits() {
		Integer limit = this.request.maxTokens();
		if (limit != null) {
			this.body.put("max_output_tokens", Math.max(limit, LEAST_TOKENS));
			this.dropped.pathIf(limit < LEAST_TOKENS, "max_tokens (raised to " + LEAST_TOKENS + ")");
		}
	}

	private void sampling() {
		if (this.request.temperature() != null) {
			this.body.put("temperature", this.request.temperature());
		}
		if (this.request.topP() != null) {
			this.body.put("top_p", this.request.topP());
		}
		this.dropped.pathIf(this.request.topK() != null, "top_k");
		this.dropped.pathIf(this.request.frequencyPenalty() != null, "frequency_penalty");
		this.dropped.pathIf(this.request.presencePenalty() != null, "presence_penalty");
		this.dropped.pathIf(this.request.seed() != null, "seed");
		this.dropped.pathIf(!this.request.stop().isEmpty(), "stop");
		this.dropped.pathIf(this.request.n() > 1, "n");
	}

	/** Own words go back where they stood, unless that was below an array. */
	private void rest() {
		for (Map.Entry<String, @Nullable Object> entry : this.request.rest().entrySet()) {
			String name = entry.getKey();
			if (name.equals(RequestDecoder.ORIGIN)) {
				continue;
			}
			if (!this.home || name.indexOf('[') >= 0) {
				this.dropped.path(name);
			}
			else if (!isPlaced(name)) {
				this.body.set(name, ResponsesJson.tree(entry.getValue()));
			}
		}
	}

	private static boolean isPlaced(String name) {
		return name.equals("store") || name.equals("include") || name.equals("tool_choice") || name.startsWith("text.")
				|| name.startsWith("reasoning.");
	}

	/** What the model reads, and what else bears on the number of its tokens. */
	private void prompt() {
		setUnlessEmpty("reasoning", reasoning());
		setUnlessEmpty("text", text());
		ArrayNode tools = ToolsEncoder.tools(this.request.tools(), this.home, this.dropped);
		if (this.request.parallelToolCalls() != null && !tools.isEmpty()) {
			this.body.put("parallel_tool_calls", this.request.parallelToolCalls());
		}
		JsonNode choice = ToolsEncoder.choice(this.request, tools, this.dropped);
		if (this.home && this.request.rest().get("tool_choice") != null) {
			choice = ResponsesJson.tree(this.request.rest().get("tool_choice"));
		}
		if (choice != null) {
			this.body.set("tool_choice", choice);
		}
		if (!tools.isEmpty()) {
			this.body.set("tools", tools);
		}
		if (this.input.instructions() != null) {
			this.body.put("instructions", this.input.instructions());
		}
		this.body.set("input", this.input.input());
	}

	private void setUnlessEmpty(String name, ObjectNode value) {
		if (!value.isEmpty()) {
			this.body.set(name, value);
		}
	}

	private ObjectNode reasoning() {
		ObjectNode node = ResponsesJson.object();
		ReasoningConfig reasoning = this.request.reasoning();
		if (reasoning != null) {
			encode(reasoning, node);
		}
		own("reasoning.", node);
		return node;
	}

	private void encode(ReasoningConfig reasoning, ObjectNode node) {
		if (reasoning.disabled() && !"none".equals(reasoning.effort())) {
			// Not turned into 'none': models that can't think, and some that must,
			// refuse it.
			this.dropped.path("reasoning (disabled)");
			return;
		}
		boolean budget = reasoning.budgetTokens() != null && reasoning.budgetTokens() > 0;
		if (reasoning.effort() != null || budget) {
			node.put("effort", reasoning.effortOrDerived());
		}
		if (reasoning.summary() != null && !reasoning.disabled()) {
			node.put("summary", reasoning.summary());
		}
	}

	private ObjectNode text() {
		ObjectNode node = ResponsesJson.object();
		if (this.request.responseFormat() != null) {
			node.set("format", TextConfig.format(this.request.responseFormat()));
		}
		own("text.", node);
		return node;
	}

	private void own(String prefix, ObjectNode node) {
		if (this.home) {
			this.request.rest().forEach((name, value) -> {
				if (name.startsWith(prefix)) {
					node.set(name.substring(prefix.length()), ResponsesJson.tree(value));
				}
			});
		}
	}

}
