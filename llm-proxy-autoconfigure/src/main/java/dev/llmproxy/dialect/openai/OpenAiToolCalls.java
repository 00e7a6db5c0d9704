package dev.llmproxy.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What requests, answers and streams have in common about calls of tools. */
final class OpenAiToolCalls {

	/** OpenAI refuses longer ones. */
	private static final int MAX_ID_LENGTH = 40;

	/** The member that carries the free text of a call of a custom tool. */
	private static final String INPUT = "input";

	private OpenAiToolCalls() {
	}

	/** Arguments as JSON text: most vendors send text, some the object itself. */
	static String arguments(JsonNode arguments) {
		if (arguments.isString()) {
			return arguments.asString().isBlank() ? "{}" : arguments.asString();
		}
		return arguments.isObject() ? OpenAiJson.text(arguments) : "{}";
	}

	/** A custom tool takes any text; in the canonical model a call's argument is JSON. */
	static String customArguments(String input) {
		return OpenAiJson.text(OpenAiJson.MAPPER.createObjectNode().put(INPUT, input));
	}

	/** The text that {@link #customArguments} wrapped. */
	static String customInput(String arguments) {
		try {
			JsonNode input = OpenAiJson.MAPPER.readTree(arguments).path(INPUT);
			return input.isString() ? input.asString() : arguments;
		}
		catch (JacksonException ex) {
			return arguments;
		}
	}

	/** Gemini's OpenAI-compatible API signs calls, and refuses them back unsigned. */
	static @Nullable Signature signature(JsonNode call) {
		String signature = OpenAiJson.nonEmpty(call.path("extra_content").path("google").path("thought_signature"));
		return (signature != null) ? Signature.parse(signature, Dialect.OPENAI.name()) : null;
	}

	/** Puts a signature where {@link #signature} finds it. */
	static void sign(ObjectNode call, @Nullable Signature signature) {
		if (signature != null) {
			call.putObject("extra_content")
				.putObject("google")
				.put("thought_signature", signature.in(Dialect.OPENAI.name()));
		}
	}

	/** An identifier for a call that has none, the same for the same answer. */
	static String inventedId(String answerId, int choice, int index, String name) {
		String place = answerId + ":" + choice + ":" + index + ":" + name;
		return "call_" + digest(place).substring(0, 24);
	}

	/**
	 * The identifier, or a stand-in for one that is too long, the same wherever it is.
	 */
	static String shortId(String id) {
		return (id.length() <= MAX_ID_LENGTH) ? id : "call_" + digest(id);
	}

	private static String digest(String text) {
		return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().replace("-", "");
	}

}
