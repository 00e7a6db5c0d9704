package dev.llmproxy.dialect.gemini;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What whole answers and chunks say about themselves. */
final class GeminiAnswers {

	/** So many as the API's own identifiers have. */
	private static final int ID_BYTES = 16;

	private GeminiAnswers() {
	}

	static String id(JsonNode response) {
		return response.path("responseId").asString("");
	}

	static String model(JsonNode response) {
		return response.path("modelVersion").asString("");
	}

	/** Only Vertex AI tells when; otherwise it is now. */
	static long created(JsonNode response, InstantSource clock) {
		String time = response.path("createTime").asString("");
		try {
			return time.isEmpty() ? clock.instant().getEpochSecond() : Instant.parse(time).getEpochSecond();
		}
		catch (DateTimeException ex) {
			return clock.instant().getEpochSecond();
		}
	}

	/** An identifier to give out, where the provider's dialect has none; no secret. */
	static String idOrNew(String id) {
		if (!id.isEmpty()) {
			return id;
		}
		byte[] bytes = new byte[ID_BYTES];
		ThreadLocalRandom.current().nextBytes(bytes);
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	static void write(ObjectNode response, String id, String model, long created) {
		if (!model.isEmpty()) {
			response.put("modelVersion", model);
		}
		if (created > 0) {
			response.put("createTime", Instant.ofEpochSecond(created).toString());
		}
		response.put("responseId", id);
	}

}
