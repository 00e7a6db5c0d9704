package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

import dev.llmproxy.dialect.DecodingException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * Vectors as numbers, or as the Base64 of their 32-bit floats, lowest byte first.
 */
final class Vectors {

	private Vectors() {
	}

	static float[] read(JsonNode vector) {
		if (vector.isString()) {
			return fromBase64(vector.asString());
		}
		if (!vector.isArray()) {
			throw new DecodingException("an embedding that is no vector");
		}
		float[] floats = new float[vector.size()];
		int at = 0;
		for (JsonNode number : vector) {
			if (!number.isNumber()) {
				throw new DecodingException("an embedding that is not of numbers");
			}
			floats[at++] = number.floatValue();
		}
		return floats;
	}

	private static float[] fromBase64(String text) {
		ByteBuffer bytes;
		try {
			bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
		}
		catch (IllegalArgumentException ex) {
			throw new DecodingException("an embedding that is not Base64");
		}
		if (bytes.remaining() % Float.BYTES != 0) {
			throw new DecodingException("an embedding that is cut off");
		}
		float[] floats = new float[bytes.remaining() / Float.BYTES];
		bytes.asFloatBuffer().get(floats);
		return floats;
	}

	static JsonNode write(float[] vector, boolean base64) {
		ArrayNode numbers = OpenAiJson.MAPPER.createArrayNode();
		if (base64) {
			ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
			bytes.asFloatBuffer().put(vector);
			return numbers.stringNode(Base64.getEncoder().encodeToString(bytes.array()));
		}
		for (float number : vector) {
			numbers.add(number);
		}
		return numbers;
	}

}
