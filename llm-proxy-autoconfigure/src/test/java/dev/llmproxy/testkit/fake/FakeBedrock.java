package dev.llmproxy.testkit.fake;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.EventStreamMessage;
import dev.llmproxy.testkit.RecordedRequest;
import tools.jackson.databind.JsonNode;

/** Bedrock's Converse API: routes, signatures and errors. */
final class FakeBedrock implements FakeDialect {

	private static final Pattern PATH = Pattern.compile("/model/([^/]+)/(converse|converse-stream)");

	private static final String MODEL_ID = "(arn:aws(-[^:]+)?:bedrock:.*)|([a-zA-Z0-9-:._/]+)";

	private final FakeState state;

	FakeBedrock(FakeState state) {
		this.state = state;
	}

	@Override
	public Reply answer(RecordedRequest request) {
		Matcher path = PATH.matcher(request.path());
		if (!path.matches() || !request.method().equals("POST")) {
			throw new RejectedRequest(404, "UnknownOperationException", null, null, "Unknown operation");
		}
		authenticate(request);
		String model = URLDecoder.decode(path.group(1), StandardCharsets.UTF_8);
		if (model.equals(FakeOpenAi.NO_SUCH_MODEL) || !model.matches(MODEL_ID)) {
			throw BedrockWording.error("The provided model identifier is invalid.");
		}
		JsonNode body = FakeState.parse(request);
		if (body == null) {
			throw new RejectedRequest(400, "SerializationException", null, null, "Unable to parse the request body");
		}
		boolean stream = path.group(2).equals("converse-stream");
		ConversationDraft draft = BedrockRequest.read(body, model, stream);
		if (draft.inputTokens() > this.state.contextWindow()) {
			throw BedrockWording.error("Input is too long for requested model.");
		}
		Conversation conversation = draft.build(this.state);
		Answer answer = this.state.behaviour().answer(conversation);
		BedrockRendering rendering = new BedrockRendering(this.state, body, conversation, answer);
		return stream ? rendering.stream() : Reply.json(200, rendering.whole());
	}

	private void authenticate(RecordedRequest request) {
		String authorization = request.header("Authorization");
		if (authorization == null) {
			throw new RejectedRequest(403, "MissingAuthenticationTokenException", null, null,
					"Missing Authentication Token");
		}
		if (this.state.hasBearer(request)) {
			return;
		}
		if (authorization.startsWith("Bearer ")) {
			throw new RejectedRequest(403, "AccessDeniedException", null, null,
					"Authentication failed: Please make sure your API Key is valid.");
		}
		String complaint = SigV4.complaint(request, "bedrock", Instant.now());
		if (complaint != null) {
			throw new RejectedRequest(403, "InvalidSignatureException", null, null, complaint);
		}
	}

	@Override
	public Reply error(RejectedRequest rejection) {
		return new Reply.Whole(rejection.status(),
				Reply.with(Map.of("Content-Type", "application/json", "x-amzn-ErrorType", rejection.type()),
						rejection.headers()),
				Json.bytes(Json.object("message", rejection.message())));
	}

	@Override
	public RejectedRequest failure(int status, String message) {
		String type = switch (status) {
			case 400 -> BedrockWording.TYPE;
			case 403 -> "AccessDeniedException";
			case 404 -> "ResourceNotFoundException";
			case 408 -> "ModelTimeoutException";
			case 424 -> "ModelErrorException";
			case 429 -> "ThrottlingException";
			case 503 -> "ServiceUnavailableException";
			default -> "InternalServerException";
		};
		return new RejectedRequest(status, type, null, null, message);
	}

	@Override
	public byte[] errorFrame(RejectedRequest rejection, RecordedRequest request) {
		String type = Character.toLowerCase(rejection.type().charAt(0)) + rejection.type().substring(1);
		return EventStreamMessage.exception(type, Json.write(Json.object("message", rejection.message())));
	}

	@Override
	public Map<String, String> responseHeaders() {
		return Map.of("x-amzn-RequestId", this.state.id("request-"));
	}

}
