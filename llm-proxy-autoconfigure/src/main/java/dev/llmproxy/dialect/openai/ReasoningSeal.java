package dev.llmproxy.dialect.openai;

import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a vendor says of a block of thoughts besides their text, as a {@link Signature} of
 * this dialect. Its value is one of
 * <ul>
 * <li>the bare proof, where that is all;</li>
 * <li>the vendor's whole detail as JSON, without the text, where there is more: a format,
 * an identifier, another type;</li>
 * <li>nothing, for thoughts without a proof. That is a signature all the same, so that
 * the thoughts can be told from those of other dialects and go back to where they came
 * from: DeepSeek and Kimi refuse calls of tools whose thoughts are missing.</li>
 * </ul>
 */
final class ReasoningSeal {

	/** Of thoughts that came in {@code reasoning_content}. */
	static final Signature UNSIGNED = own("");

	/** Of thoughts that came in {@code reasoning}. */
	static final Signature UNSIGNED_PLAIN = own("{\"type\":\"reasoning\"}");

	private static final String TEXT = "reasoning.text";

	private static final String ENCRYPTED = "reasoning.encrypted";

	private static final Set<String> BARE_TYPES = Set.of(TEXT, ENCRYPTED);

	/** The type of a detail, and where it has its text. */
	private static final Map<String, String> TEXT_FIELDS = Map.of(TEXT, "text", "reasoning.summary", "summary",
			"thinking", "thinking");

	private static final Set<String> ENCRYPTED_TYPES = Set.of(ENCRYPTED, "redacted_thinking");

	private static final Set<String> BLOCK_TYPES = Set.of("thinking", "redacted_thinking");

	private ReasoningSeal() {
	}

	private static Signature own(String value) {
		return new Signature(Dialect.OPENAI.name(), value);
	}

	static boolean isOwn(@Nullable Signature seal) {
		return seal != null && seal.origin().equals(Dialect.OPENAI.name());
	}

	/** Whether it proves nothing, so that it is not worth being shown. */
	static boolean isUnsigned(Signature seal) {
		if (!isOwn(seal)) {
			return false;
		}
		ObjectNode detail = parsed(seal);
		return (detail != null) ? proof(detail) == null : seal.value().isEmpty();
	}

	static boolean isEncrypted(JsonNode detail) {
		return ENCRYPTED_TYPES.contains(type(detail));
	}

	/** Whether it is one of LiteLLM's, which have an array of their own. */
	static boolean isBlock(JsonNode detail) {
		return BLOCK_TYPES.contains(type(detail));
	}

	static String text(JsonNode detail) {
		return detail.path(textField(detail)).asString("");
	}

	/** The seal of a vendor's detail, or what another dialect's provider sealed. */
	static Signature of(JsonNode detail) {
		String proof = proof(detail);
		if (proof != null) {
			Signature signature = Signature.parse(proof, Dialect.OPENAI.name());
			if (!isOwn(signature) || isBare(detail)) {
				return signature;
			}
		}
		else if (isBare(detail)) {
			return UNSIGNED;
		}
		ObjectNode rest = OpenAiJson.MAPPER.createObjectNode();
		detail.properties().forEach((member) -> rest.set(member.getKey(), member.getValue()));
		rest.remove(textField(detail));
		return own(OpenAiJson.text(rest));
	}

	/** The detail that tells of a thought. */
	static ObjectNode detail(Part.Reasoning thought, int index) {
		Signature seal = (thought.redacted() != null) ? thought.redacted() : thought.signature();
		ObjectNode detail = (seal != null && isOwn(seal)) ? parsed(seal) : null;
		boolean encrypted = thought.redacted() != null;
		if (detail != null && isEncrypted(detail) == encrypted && !UNSIGNED_PLAIN.equals(seal)) {
			if (!encrypted) {
				detail.put(textField(detail), thought.text());
			}
			return detail;
		}
		detail = OpenAiJson.MAPPER.createObjectNode();
		detail.put("type", encrypted ? ENCRYPTED : TEXT);
		if (!encrypted) {
			detail.put("text", thought.text());
		}
		if (seal != null && !isUnsigned(seal)) {
			detail.put(encrypted ? "data" : "signature", seal.in(Dialect.OPENAI.name()));
		}
		detail.put("index", index);
		return detail;
	}

	/** Whether the text and the proof are all that the detail says. */
	private static boolean isBare(JsonNode detail) {
		if (!BARE_TYPES.contains(type(detail))) {
			return false;
		}
		for (Map.Entry<String, JsonNode> member : detail.properties()) {
			String name = member.getKey();
			boolean usual = name.equals("type") || name.equals("text") || name.equals("index")
					|| name.equals(proofField(detail));
			if (!usual && !member.getValue().isNull()) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable String proof(JsonNode detail) {
		return OpenAiJson.nonEmpty(detail.path(proofField(detail)));
	}

	private static String proofField(JsonNode detail) {
		return isEncrypted(detail) ? "data" : "signature";
	}

	private static String textField(JsonNode detail) {
		return TEXT_FIELDS.getOrDefault(type(detail), "text");
	}

	private static String type(JsonNode detail) {
		return detail.path("type").asString("");
	}

	private static @Nullable ObjectNode parsed(Signature seal) {
		if (!seal.value().startsWith("{")) {
			return null;
		}
		try {
			return (OpenAiJson.MAPPER.readTree(seal.value()) instanceof ObjectNode detail) ? detail : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
