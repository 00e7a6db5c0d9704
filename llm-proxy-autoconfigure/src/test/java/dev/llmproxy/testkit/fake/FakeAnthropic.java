package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmproxy.testkit.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's API: routes, keys and errors. */
final class FakeAnthropic implements FakeDialect {

	private static final List<String> VERSIONS = List.of("2023-01-01", "2023-06-01", AnthropicRequest.NEWEST_VERSION);

	private static final List<String> MODELS = List.of("claude-opus-4-8", "claude-sonnet-4-5", "claude-haiku-4-5");

	private static final int LARGEST_BODY = 32 * 1024 * 1024;

	private final FakeState state;

	FakeAnthropic(FakeState state) {
		this.state = state;
	}

	@Override
	public Reply answer(RecordedRequest request) {
		authenticate(request);
		String path = request.path();
		if (request.method().equals("GET") && path.equals("/v1/models")) {
			List<ObjectNode> models = MODELS.stream().map(FakeAnthropic::model).toList();
			return Reply.json(200, Json.object("data", Json.array(models), "has_more", false, "first_id", MODELS.get(0),
					"last_id", MODELS.get(MODELS.size() - 1)));
		}
		if (request.method().equals("GET") && path.startsWith("/v1/models/")) {
			return Reply.json(200, model(path.substring("/v1/models/".length())));
		}
		boolean counting = path.equals("/v1/messages/count_tokens");
		if (!counting && !path.equals("/v1/messages")) {
			throw new RejectedRequest(404, "not_found_error", null, null, "Not Found");
		}
		if (!request.method().equals("POST")) {
			throw new RejectedRequest(405, AnthropicWording.TYPE, null, null, "Method Not Allowed");
		}
		AnthropicRequest read = new AnthropicRequest(body(request), String.valueOf(request.header("anthropic-version")),
				request.header("anthropic-beta") != null);
		return counting ? count(read) : create(read);
	}

	/** Where both headers are sent, the API key decides. */
	private void authenticate(RecordedRequest request) {
		String key = request.header("x-api-key");
		boolean known = (key != null) ? key.equals(this.state.apiKey()) : this.state.hasBearer(request);
		if (!known) {
			boolean missing = key == null && request.header("Authorization") == null;
			throw new RejectedRequest(401, "authentication_error", null, null,
					missing ? "x-api-key header is required" : "invalid x-api-key");
		}
		String version = request.header("anthropic-version");
		if (version == null) {
			throw AnthropicWording.error("anthropic-version: header is required");
		}
		if (!VERSIONS.contains(version)) {
			throw AnthropicWording.error("anthropic-version: \"" + version + "\" is not a valid version");
		}
	}

	private static JsonNode body(RecordedRequest request) {
		if (request.body().length > LARGEST_BODY) {
			throw new RejectedRequest(413, "request_too_large", null, null, "Request exceeds the maximum size");
		}
		String type = String.valueOf(request.header("Content-Type")).toLowerCase(Locale.ROOT);
		JsonNode body = type.startsWith("application/json") ? FakeState.parse(request) : null;
		if (body == null) {
			throw AnthropicWording.error("The request body is not valid JSON");
		}
		return body;
	}

	private static ObjectNode model(String id) {
		String[] parts = id.split("-");
		return Json.object("type", "model", "id", id, "display_name", id, "created_at", "2026-01-01T00:00:00Z",
				"lifecycle", "active", "line", (parts.length > 1) ? parts[1] : null, "max_input_tokens", 1_000_000,
				"max_tokens", 64_000, "deprecated_at", null, "retires_at", null, "capabilities", null);
	}

	private static Reply count(AnthropicRequest request) {
		return Reply.json(200, Json.object("input_tokens", request.forCounting().inputTokens()));
	}

	private Reply create(AnthropicRequest request) {
		ConversationDraft draft = request.forMessages();
		int tokens = draft.inputTokens();
		if (tokens > this.state.contextWindow()) {
			throw AnthropicWording
				.error("prompt is too long: " + tokens + " tokens > " + this.state.contextWindow() + " maximum");
		}
		Conversation conversation = draft.build(this.state);
		Answer answer = this.state.behaviour().answer(conversation);
		AnthropicRendering rendering = new AnthropicRendering(this.state, conversation, answer, request.omitsThoughts(),
				request.redactsThoughts(conversation));
		return request.streams() ? Reply.events(rendering.events()) : Reply.json(200, rendering.whole());
	}

	@Override
	public Reply error(RejectedRequest rejection) {
		return new Reply.Whole(rejection.status(),
				Reply.with(Map.of("Content-Type", "application/json"), rejection.headers()),
				Json.bytes(envelope(rejection)));
	}

	private ObjectNode envelope(RejectedRequest rejection) {
		return Json.object("type", "error", "error",
				Json.object("type", rejection.type(), "message", rejection.message()), "request_id",
				this.state.id("req_"));
	}

	@Override
	public RejectedRequest failure(int status, String message) {
		String type = switch (status) {
			case 400 -> AnthropicWording.TYPE;
			case 401 -> "authentication_error";
			case 402 -> "billing_error";
			case 403 -> "permission_error";
			case 404 -> "not_found_error";
			case 413 -> "request_too_large";
			case 429 -> "rate_limit_error";
			case 504 -> "timeout_error";
			case 529 -> "overloaded_error";
			default -> "api_error";
		};
		return new RejectedRequest(status, type, null, null, message);
	}

	@Override
	public byte[] errorFrame(RejectedRequest rejection, RecordedRequest request) {
		return ("event: error\ndata: " + Json.write(envelope(rejection)) + "\n\n").getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public Map<String, String> responseHeaders() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("request-id", this.state.id("req_"));
		headers.put("anthropic-organization-id", "fake-organization");
		headers.put("anthropic-ratelimit-requests-limit", "4000");
		headers.put("anthropic-ratelimit-requests-remaining", "3999");
		headers.put("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:01Z");
		headers.put("anthropic-ratelimit-tokens-limit", "400000");
		headers.put("anthropic-ratelimit-tokens-remaining", "399000");
		headers.put("anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:01Z");
		return headers;
	}

}
