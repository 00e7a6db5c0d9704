package dev.llmproxy.dialect.bedrock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EncodedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a request; one instance writes one request. The model and whether to stream are
 * in the path. The conversation stands last, so that a longer one begins with the bytes
 * of a shorter one.
 */
final class BedrockRequestEncoder {

	/** What the API allows as a key and as a value of {@code requestMetadata}. */
	private static final Pattern METADATA = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,.-]{0,256}");

	private static final int MOST_METADATA = 16;

	/** Marks what the dialect of a request's leftovers is. */
	private static final String ORIGIN = "$dialect";

	private static final String BETA = "anthropic_beta";

	private final ChatRequest request;

	private final BedrockModel model;

	private final List<String> dropped = new ArrayList<>();

	private final ObjectNode body = BedrockJson.object();

	/** Fields of the model's own API. */
	private final ObjectNode additional = BedrockJson.object();

	BedrockRequestEncoder(ChatRequest request) {
		this.request = request;
		this.model = BedrockModel.of(request.model());
	}

	EncodedRequest encode() {
		BedrockConversation conversation = new BedrockConversation(this.request, this.model, this.dropped);
		BedrockThinking thinking = BedrockThinking.of(this.request, this.model, conversation.goesOnWithoutThoughts(),
				this.dropped);
		BedrockAnswerFormat format = BedrockAnswerFormat.of(this.request, this.model, thinking.on(), this.dropped);
		conversation.encodeSystem(this.body);
		thinking.encode(this.additional);
		new BedrockToolEncoder(this.request, this.model, this.dropped).encode(this.body, this.additional, conversation,
				format.tool(), thinking.on());
		new BedrockSampling(this.request, this.model, thinking, this.dropped).encode(this.body, this.additional);
		if (format.textFormat() != null) {
			this.body.set("outputConfig", BedrockJson.object("textFormat", format.textFormat()));
		}
		serviceTier();
		metadata();
		rest();
		if (!this.additional.isEmpty()) {
			this.body.set("additionalModelRequestFields", this.additional);
		}
		if (this.model.isClaude() && this.body.path("inferenceConfig").has("stopSequences")) {
			// Claude tells which sequence it met, but only if asked.
			this.body.putArray("additionalModelResponseFieldPaths").add(BedrockStopReasons.STOP_SEQUENCE_PATH);
		}
		conversation.encodeMessages(this.body);
		unsupported();
		return new EncodedRequest(BedrockJson.bytes(this.body), this.dropped);
	}

	private void serviceTier() {
		String tier = this.request.serviceTier();
		if (tier == null) {
			return;
		}
		switch (tier) {
			case "auto" -> {
				// That is what happens unless told otherwise.
			}
			case "default", "flex", "priority", "reserved" -> this.body.putObject("serviceTier").put("type", tier);
			case "standard_only" -> this.body.putObject("serviceTier").put("type", "default");
			default -> this.dropped.add("service_tier");
		}
	}

	/** Pairs to find the call by in the operator's log of calls. */
	private void metadata() {
		ObjectNode pairs = BedrockJson.object();
		this.request.metadata().forEach((key, value) -> {
			if (pairs.size() < MOST_METADATA && !key.isEmpty() && METADATA.matcher(key).matches()
					&& METADATA.matcher(value).matches()) {
				pairs.put(key, value);
			}
			else {
				this.dropped.add("metadata." + key);
			}
		});
		if (!pairs.isEmpty()) {
			this.body.set("requestMetadata", pairs);
		}
	}

	/** Only what a caller of Anthropic's API may say of Claude has a place here. */
	private void rest() {
		boolean anthropic = Dialect.ANTHROPIC.name().equals(this.request.rest().get(ORIGIN));
		for (Map.Entry<String, @Nullable Object> other : this.request.rest().entrySet()) {
			String path = other.getKey();
			if (anthropic && this.model.isClaude() && path.equals(BETA)) {
				this.additional.set(BETA, BedrockJson.tree(other.getValue()));
			}
			else if (!path.equals(ORIGIN)) {
				this.dropped.add(path);
			}
		}
	}

	private void unsupported() {
		drop(this.request.n() > 1, "n");
		drop(this.request.seed() != null, "seed");
		drop(isSet(this.request.frequencyPenalty()), "frequency_penalty");
		drop(isSet(this.request.presencePenalty()), "presence_penalty");
		drop(this.request.user() != null, "user");
	}

	private static boolean isSet(@Nullable Double penalty) {
		return penalty != null && penalty != 0;
	}

	private void drop(boolean given, String name) {
		if (given) {
			this.dropped.add(name);
		}
	}

}
