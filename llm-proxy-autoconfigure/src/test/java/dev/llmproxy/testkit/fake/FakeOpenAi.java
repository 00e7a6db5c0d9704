package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's API: routes, keys and errors. */
final class FakeOpenAi implements FakeDialect {

	static final String NO_SUCH_MODEL = "no-such-model";

	private static final String COUNT = "/v1/responses/input_tokens";

	private static final Pattern DEPLOYMENT = Pattern.compile("/openai/deployments/([^/]+)(/.*)");

	private final FakeState state;

	private final OpenAiChat chat;

	private final OpenAiResponses responses;

	private final OpenAiTexts texts;

	private final OpenAiMedia media = new OpenAiMedia();

	FakeOpenAi(FakeState state) {
		this.state = state;
		this.chat = new OpenAiChat(state);
		this.responses = new OpenAiResponses(state);
		this.texts = new OpenAiTexts(state);
	}

	@Override
	public Reply answer(RecordedRequest request) {
		Matcher azure = DEPLOYMENT.matcher(request.path());
		String deployment = null;
		String path = request.path();
		if (azure.matches()) {
			deployment = azure.group(1);
			path = "/v1" + azure.group(2);
			if (request.query("api-version") == null) {
				throw new RejectedRequest(404, "404", "404", null, "Resource not found");
			}
		}
		else if (path.startsWith("/openai/v1/")) {
			path = path.substring("/openai".length());
		}
		authenticate(request, request.path().startsWith("/openai/"));
		return route(request, path, deployment);
	}

	private void authenticate(RecordedRequest request, boolean azure) {
		if (this.state.hasBearer(request) || (azure && this.state.apiKey().equals(request.header("api-key")))) {
			return;
		}
		String given = request.header("Authorization");
		throw new RejectedRequest(401, OpenAiWording.TYPE, (given == null) ? null : "invalid_api_key", null,
				(given == null) ? "You didn't provide an API key. You need to provide your API key in an Authorization "
						+ "header using Bearer auth." : "Incorrect API key provided.");
	}

	private Reply route(RecordedRequest request, String path, @Nullable String deployment) {
		if (path.equals("/v1/models") || path.startsWith("/v1/models/")) {
			expect(request, "GET");
			return this.texts.models(path);
		}
		if (path.startsWith("/v1/responses/") && !path.equals(COUNT)) {
			return storedResponse(request, path.substring("/v1/responses/".length()));
		}
		expect(request, "POST");
		return switch (path) {
			case "/v1/chat/completions" -> this.chat.answer(body(request), deployment);
			case "/v1/responses" -> this.responses.create(body(request));
			case COUNT -> this.responses.count(body(request));
			case "/v1/completions" -> this.texts.completion(body(request), deployment);
			case "/v1/embeddings" -> this.texts.embeddings(body(request), deployment);
			case "/v1/moderations" -> this.texts.moderations(body(request));
			case "/v1/rerank", "/v2/rerank" -> new CohereRerank(this.state).answer(body(request), path);
			case "/v1/images/generations" -> this.media.generateImages(body(request), deployment);
			case "/v1/images/edits" -> this.media.editImages(Multipart.of(request), deployment);
			case "/v1/audio/speech" -> this.media.speech(body(request), deployment);
			case "/v1/audio/transcriptions", "/v1/audio/translations" ->
				this.media.transcription(Multipart.of(request), path.endsWith("transcriptions"), deployment);
			default -> throw new RejectedRequest(404, OpenAiWording.TYPE, null, null,
					"Invalid URL (" + request.method() + " " + request.path() + ")");
		};
	}

	private Reply storedResponse(RecordedRequest request, String id) {
		JsonNode stored = this.responses.stored(id);
		if (stored == null) {
			throw new RejectedRequest(404, OpenAiWording.TYPE, null, null, "Response with id '" + id + "' not found.");
		}
		if (request.method().equals("DELETE")) {
			this.responses.delete(id);
			return Reply.json(200, Json.object("id", id, "object", "response", "deleted", true));
		}
		expect(request, "GET");
		return Reply.json(200, stored);
	}

	private static void expect(RecordedRequest request, String method) {
		if (!request.method().equals(method)) {
			throw new RejectedRequest(405, OpenAiWording.TYPE, "method_not_supported", null,
					"Not allowed to " + request.method() + " on " + request.path()
							+ ". (HINT: Perhaps you meant to use a different HTTP method?)");
		}
	}

	private static JsonNode body(RecordedRequest request) {
		String type = String.valueOf(request.header("Content-Type"));
		if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
			throw new RejectedRequest(400, OpenAiWording.TYPE, "unsupported_content_type", null,
					"Unsupported content type: '" + type
							+ "'. This API method only accepts 'application/json' requests.");
		}
		JsonNode body = FakeState.parse(request);
		if (body == null) {
			throw new RejectedRequest(400, OpenAiWording.TYPE, null, null,
					"We could not parse the JSON body of your request.");
		}
		return body;
	}

	/** The model; on Azure the deployment in the path decides. */
	static String model(Fields request, @Nullable String deployment) {
		if (deployment != null) {
			request.optText("model");
			return checked(deployment);
		}
		if (!request.has("model")) {
			throw OpenAiWording.error(null, null, "you must provide a model parameter");
		}
		return checked(request.text("model"));
	}

	static String checked(String model) {
		if (model.equals(NO_SUCH_MODEL)) {
			throw new RejectedRequest(404, OpenAiWording.TYPE, "model_not_found", null,
					"The model `" + model + "` does not exist or you do not have access to it.");
		}
		return model;
	}

	static void checkWindow(ConversationDraft draft, FakeState state) {
		int tokens = draft.inputTokens();
		if (tokens > state.contextWindow()) {
			throw OpenAiWording.error("context_length_exceeded", Path.ROOT.field("messages"),
					"This model's maximum context length is " + state.contextWindow()
							+ " tokens. However, your messages resulted in " + tokens
							+ " tokens. Please reduce the length of the messages.");
		}
	}

	@Override
	public Reply error(RejectedRequest rejection) {
		ObjectNode body = CohereRerank.TYPE.equals(rejection.type())
				? Json.object("id", this.state.id("rerank-"), "message", rejection.message())
				: Json.object("error", error(rejection, false));
		return new Reply.Whole(rejection.status(),
				Reply.with(Map.of("Content-Type", "application/json"), rejection.headers()), Json.bytes(body));
	}

	private static ObjectNode error(RejectedRequest rejection, boolean event) {
		return event
				? Json.object("code", (rejection.code() != null) ? rejection.code() : rejection.type(), "message",
						rejection.message(), "param", rejection.param())
				: Json.object("message", rejection.message(), "type", rejection.type(), "param", rejection.param(),
						"code", rejection.code());
	}

	@Override
	public RejectedRequest failure(int status, String message) {
		if (status == 429) {
			boolean quota = message.contains("quota");
			return new RejectedRequest(status, quota ? "insufficient_quota" : "requests",
					quota ? "insufficient_quota" : "rate_limit_exceeded", null, message);
		}
		if (status == 401) {
			return new RejectedRequest(status, OpenAiWording.TYPE, "invalid_api_key", null, message);
		}
		return new RejectedRequest(status, (status >= 500) ? "server_error" : OpenAiWording.TYPE, null, null, message);
	}

	@Override
	public byte[] errorFrame(RejectedRequest rejection, RecordedRequest request) {
		String frame = "data: " + Json.write(Json.object("error", error(rejection, false))) + "\n\n";
		if (request.path().endsWith("/responses")) {
			ObjectNode event = Json.object("type", "error", "sequence_number", 0);
			event.setAll(error(rejection, true));
			frame = "event: error\ndata: " + Json.write(event) + "\n\n";
		}
		return frame.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public Map<String, String> responseHeaders() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("x-request-id", this.state.id("req_"));
		headers.put("openai-version", "2020-10-01");
		headers.put("openai-processing-ms", "12");
		headers.put("x-ratelimit-limit-requests", "10000");
		headers.put("x-ratelimit-remaining-requests", "9999");
		headers.put("x-ratelimit-reset-requests", "6ms");
		headers.put("x-ratelimit-limit-tokens", "2000000");
		headers.put("x-ratelimit-remaining-tokens", "1999000");
		headers.put("x-ratelimit-reset-tokens", "30ms");
		return headers;
	}

}
