package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of one frame, in place. */
record FrameData(ByteBuffer bytes, int from, int to) {

	private static final byte[] TYPE = "\"type\"".getBytes(StandardCharsets.US_ASCII);

	private static final JsonFactory JSON = new JsonFactory();

	/** Takes the data of a frame; several data lines are joined. */
	static FrameData of(ByteBuffer frame, long range) {
		if (range >= 0) {
			return new FrameData(frame, SseFrames.start(range), SseFrames.end(range));
		}
		byte[] data = SseDecoder.dataOf(frame);
		return new FrameData(ByteBuffer.wrap(data), 0, data.length);
	}

	/** The event's type; empty if it is no JSON object with one. */
	String type() {
		int brace = JsonBytes.skipSpace(this.bytes, this.from, this.to);
		if (brace == this.to || this.bytes.get(brace) != '{') {
			return "";
		}
		int name = JsonBytes.skipSpace(this.bytes, brace + 1, this.to);
		if (JsonBytes.isAt(this.bytes, name, this.to, TYPE)) {
			int value = JsonBytes.value(this.bytes, name + TYPE.length, this.to);
			if (value >= 0 && this.bytes.get(value) == '"') {
				return word(value + 1);
			}
		}
		return searchedType();
	}

	private String word(int start) {
		int end = start;
		while (end < this.to && this.bytes.get(end) != '"') {
			end++;
		}
		byte[] word = new byte[end - start];
		this.bytes.get(start, word);
		return new String(word, StandardCharsets.UTF_8);
	}

	/** Servers may put the type anywhere; OpenAI puts it first. */
	private String searchedType() {
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), copy())) {
			parser.nextToken();
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean type = parser.currentName().equals("type");
				JsonToken value = parser.nextToken();
				if (type) {
					return (value == JsonToken.VALUE_STRING) ? parser.getString() : "";
				}
				parser.skipChildren();
			}
			return "";
		}
		catch (JacksonException ex) {
			throw new DecodingException("an event that is not JSON");
		}
	}

	ObjectNode json() {
		return ResponsesJson.parseObject(copy(), "an event");
	}

	@Nullable Usage usage() {
		return ResponsesUsage.findPriced(this.bytes, this.from, this.to);
	}

	boolean contains(byte[] mark) {
		return SseFrames.contains(this.bytes, this.from, this.to, mark);
	}

	private byte[] copy() {
		byte[] copy = new byte[this.to - this.from];
		this.bytes.get(this.from, copy);
		return copy;
	}

}
