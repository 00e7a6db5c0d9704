package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Google's API for Gemini, on the Gemini API and on Vertex AI: routes, keys and errors.
 */
final class FakeGemini implements FakeDialect {

	private static final Pattern GEMINI = Pattern.compile("/v1(?:beta|alpha)?/models/([^/:]+):(\\w+)");

	private static final Pattern VERTEX = Pattern
		.compile("/v1(?:beta1)?/(?:projects/[^/]+/locations/[^/]+/)?publishers/google/models/([^/:]+):(\\w+)");

	private static final Pattern MODELS = Pattern.compile("/v1(?:beta)?/models(?:/([^/:]+))?");

	private static final List<String> NAMES = List.of("gemini-2.5-flash", "gemini-3-pro-preview",
			"gemini-embedding-001");

	private final FakeState state;

	FakeGemini(FakeState state) {
		this.state = state;
	}

	@Override
	public Reply answer(RecordedRequest request) {
		Matcher models = MODELS.matcher(request.path());
		Matcher gemini = GEMINI.matcher(request.path());
		Matcher vertex = VERTEX.matcher(request.path());
		boolean onVertex = vertex.matches();
		if (models.matches() && request.method().equals("GET")) {
			authenticate(request, false);
			return models(models.group(1));
		}
		if ((!onVertex && !gemini.matches()) || !request.method().equals("POST")) {
			throw new RejectedRequest(404, "NOT_FOUND", null, null, "Requested entity was not found.");
		}
		authenticate(request, onVertex);
		String model = onVertex ? vertex.group(1) : gemini.group(1);
		String method = onVertex ? vertex.group(2) : gemini.group(2);
		if (model.equals(FakeOpenAi.NO_SUCH_MODEL)) {
			throw new RejectedRequest(404, "NOT_FOUND", null, null,
					"models/" + model + " is not found for API version v1beta, or is not supported for " + method
							+ ". Call ListModels to see the list of available models and their supported methods.");
		}
		Fields body = body(request);
		return switch (method) {
			case "generateContent" -> Reply.json(200, generate(body, model, onVertex).whole());
			case "streamGenerateContent" -> generate(body, model, onVertex).stream("sse".equals(request.query("alt")));
			case "countTokens" -> count(body, model, onVertex);
			case "embedContent" -> GeminiEmbeddings.one(body);
			case "batchEmbedContents" -> GeminiEmbeddings.batch(body, model);
			case "predict" -> GeminiEmbeddings.predict(body);
			default -> throw new RejectedRequest(404, "NOT_FOUND", null, null, "Unknown method " + method);
		};
	}

	private void authenticate(RecordedRequest request, boolean vertex) {
		String header = request.header("x-goog-api-key");
		String key = (header != null) ? header : request.query("key");
		if (this.state.hasBearer(request) || this.state.apiKey().equals(key)) {
			return;
		}
		if (vertex) {
			throw new RejectedRequest(401, "UNAUTHENTICATED", null, null,
					"Request had invalid authentication "
							+ "credentials. Expected OAuth 2 access token, login cookie or other valid authentication "
							+ "credential.");
		}
		if (key != null) {
			throw GeminiWording.error("API key not valid. Please pass a valid API key.");
		}
		throw new RejectedRequest(403, "PERMISSION_DENIED", null, null, "Method doesn't allow unregistered callers "
				+ "(callers without established identity). Please use API Key or other form of API consumer identity "
				+ "to call this API.");
	}

	private static Fields body(RecordedRequest request) {
		JsonNode body = FakeState.parse(request);
		if (body == null) {
			throw GeminiWording.error("Invalid JSON payload received. Unexpected token.");
		}
		return Fields.of(body, Path.ROOT, new GeminiWording());
	}

	private GeminiRendering generate(Fields body, String model, boolean vertex) {
		ConversationDraft draft = GeminiRequest.read(body, model, vertex);
		int tokens = draft.inputTokens();
		if (tokens > this.state.contextWindow()) {
			throw GeminiWording.error("The input token count (" + tokens
					+ ") exceeds the maximum number of tokens allowed (" + this.state.contextWindow() + ").");
		}
		Conversation conversation = draft.build(this.state);
		return new GeminiRendering(this.state, conversation, this.state.behaviour().answer(conversation));
	}

	/** The Gemini API counts contents, or a whole request that is wrapped. */
	private static Reply count(Fields raw, String model, boolean vertex) {
		Fields body = Proto.message(raw);
		Fields counted = body;
		if (!vertex) {
			body.allow("contents", "generateContentRequest");
			Fields wrapped = body.optObject("generateContentRequest");
			if (wrapped != null) {
				if (body.has("contents")) {
					throw GeminiWording.error("Only one of contents and generate_content_request may be set.");
				}
				wrapped.text("model");
				counted = wrapped;
			}
		}
		int tokens = GeminiRequest.read(counted, model, vertex).inputTokens();
		ObjectNode answer = Json.object("totalTokens", tokens, "promptTokensDetails",
				Json.array(Json.object("modality", "TEXT", "tokenCount", tokens)));
		if (vertex) {
			answer.put("totalBillableCharacters", tokens * 4);
		}
		return Reply.json(200, answer);
	}

	private static Reply models(@Nullable String name) {
		if (name != null) {
			return Reply.json(200, model(name));
		}
		return Reply.json(200, Json.object("models", Json.array(NAMES.stream().map(FakeGemini::model).toList())));
	}

	private static ObjectNode model(String name) {
		return Json.object("name", "models/" + name, "version", "001", "displayName", name, "inputTokenLimit",
				1_048_576, "outputTokenLimit", 65_536, "supportedGenerationMethods",
				Json.array("generateContent", "countTokens"));
	}

	@Override
	public Reply error(RejectedRequest rejection) {
		return new Reply.Whole(rejection.status(),
				Reply.with(Map.of("Content-Type", "application/json; charset=UTF-8"), rejection.headers()),
				Json.bytes(envelope(rejection)));
	}

	private static ObjectNode envelope(RejectedRequest rejection) {
		ObjectNode error = Json.object("code", rejection.status(), "message", rejection.message(), "status",
				rejection.type());
		ArrayNode details = Json.array();
		if (rejection.param() != null) {
			details.add(Json.object("@type", "type.googleapis.com/google.rpc.BadRequest", "fieldViolations",
					Json.array(Json.object("field", rejection.param(), "description", rejection.message()))));
		}
		if (rejection.status() == 429) {
			details.add(Json.object("@type", "type.googleapis.com/google.rpc.RetryInfo", "retryDelay", "7s"));
		}
		if (!details.isEmpty()) {
			error.set("details", details);
		}
		return Json.object("error", error);
	}

	@Override
	public RejectedRequest failure(int status, String message) {
		String name = switch (status) {
			case 400 -> GeminiWording.INVALID;
			case 401 -> "UNAUTHENTICATED";
			case 403 -> "PERMISSION_DENIED";
			case 404 -> "NOT_FOUND";
			case 429 -> "RESOURCE_EXHAUSTED";
			case 499 -> "CANCELLED";
			case 503 -> "UNAVAILABLE";
			case 504 -> "DEADLINE_EXCEEDED";
			default -> "INTERNAL";
		};
		return new RejectedRequest(status, name, null, null, message);
	}

	@Override
	public byte[] errorFrame(RejectedRequest rejection, RecordedRequest request) {
		String json = Json.write(envelope(rejection));
		boolean events = "sse".equals(request.query("alt"));
		return (events ? "data: " + json + "\r\n\r\n" : ",\r\n" + json + "]").getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public Map<String, String> responseHeaders() {
		return Map.of("server-timing", "gfet4t7; dur=12", "x-content-type-options", "nosniff");
	}

}
