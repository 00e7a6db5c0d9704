package dev.llmproxy.dialect.openai;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The frames of one stream, which all begin the same. */
final class OpenAiChunks {

	private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

	/** Callers who want the usage get the member in every chunk. */
	private static final byte[] TAIL_WITH_USAGE = "],\"usage\":null}".getBytes(StandardCharsets.US_ASCII);

	private final String object;

	private final String idPrefix;

	private final boolean includeUsage;

	private String id = "";

	private String model;

	private long created;

	private byte @Nullable [] head;

	OpenAiChunks(String object, String idPrefix, ChatRequest request) {
		this.object = object;
		this.idPrefix = idPrefix;
		this.includeUsage = request.includeUsage();
		this.model = request.model();
	}

	void start(ChatEvent.Started started) {
		this.head = null;
		this.id = started.id();
		this.created = started.created();
		this.model = started.model().isEmpty() ? this.model : started.model();
	}

	/** The frame that carries a delta of one choice of a chat completion. */
	byte[] delta(int choice, ObjectNode delta, @Nullable String finishReason) {
		ObjectNode encoded = OpenAiJson.MAPPER.createObjectNode().put("index", choice);
		encoded.set("delta", delta);
		return choice(encoded, finishReason);
	}

	/** The frame that carries a piece of one choice of a completion. */
	byte[] text(int choice, String text, @Nullable String finishReason) {
		return choice(OpenAiJson.MAPPER.createObjectNode().put("text", text).put("index", choice), finishReason);
	}

	private byte[] choice(ObjectNode choice, @Nullable String finishReason) {
		choice.putNull("logprobs");
		choice.put("finish_reason", finishReason);
		byte[] head = head();
		byte[] json = OpenAiJson.bytes(choice);
		byte[] tail = this.includeUsage ? TAIL_WITH_USAGE : TAIL;
		return SseWriter
			.data(ByteBuffer.allocate(head.length + json.length + tail.length).put(head).put(json).put(tail).array());
	}

	/** What all chunks with a choice begin with: the same bytes, so made once. */
	private byte[] head() {
		byte[] made = this.head;
		if (made == null) {
			ObjectNode chunk = chunk();
			chunk.putArray("choices");
			byte[] json = OpenAiJson.bytes(chunk);
			// Without the two brackets that the tail brings.
			made = Arrays.copyOf(json, json.length - 2);
			this.head = made;
		}
		return made;
	}

	/** The last frames. */
	byte[] end(@Nullable Usage usage) {
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		if (usage != null && this.includeUsage) {
			ObjectNode chunk = chunk();
			chunk.putArray("choices");
			chunk.set("usage", OpenAiUsage.write(usage));
			frames.writeBytes(SseWriter.data(OpenAiJson.bytes(chunk)));
		}
		frames.writeBytes(SseWriter.done());
		return frames.toByteArray();
	}

	private ObjectNode chunk() {
		this.id = OpenAiIds.orNew(this.id, this.idPrefix);
		this.created = OpenAiIds.orNow(this.created);
		return OpenAiJson.MAPPER.createObjectNode()
			.put("id", this.id)
			.put("object", this.object)
			.put("created", this.created)
			.put("model", this.model);
	}

}
