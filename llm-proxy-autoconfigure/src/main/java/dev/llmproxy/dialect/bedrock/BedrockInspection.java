package dev.llmproxy.dialect.bedrock;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.dialect.WholeInspection;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.node.MissingNode;

/**
 * Finds the usage of a whole answer, or the error that it is. Members that tell neither
 * are skipped: guardrails have a {@code usage} of their own further down.
 */
final class BedrockInspection {

	/** Reads one value and leaves what follows it. */
	private static final ObjectReader ONE_VALUE = BedrockJson.MAPPER.readerFor(JsonNode.class)
		.without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	static {
		// Jackson makes its reader behind a lock when it is first asked.
		ONE_VALUE.readTree("{}");
	}

	private BedrockInspection() {
	}

	static WholeInspection inspect(byte[] body) {
		boolean answer = false;
		JsonNode usage = MissingNode.getInstance();
		JsonNode tier = usage;
		FinishReason finish = null;
		try (JsonParser json = BedrockJson.MAPPER.createParser(body)) {
			if (json.nextToken() == JsonToken.START_OBJECT) {
				for (String name = json.nextName(); name != null; name = json.nextName()) {
					json.nextToken();
					answer |= name.equals("output");
					if (name.equals("usage")) {
						usage = ONE_VALUE.readValue(json);
					}
					else if (name.equals("stopReason")) {
						finish = BedrockStopReasons.decode(ONE_VALUE.readValue(json), true);
					}
					else if (name.equals("serviceTier")) {
						tier = ONE_VALUE.readValue(json);
					}
					else {
						json.skipChildren();
					}
				}
			}
		}
		catch (JacksonException ex) {
			return WholeInspection.NOTHING;
		}
		return new WholeInspection(BedrockUsage.decode(usage, tier), finish,
				answer ? null : BedrockErrors.decode(502, body));
	}

}
