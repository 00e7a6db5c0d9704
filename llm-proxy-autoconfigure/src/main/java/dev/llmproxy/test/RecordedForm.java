package dev.llmproxy.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.observability.call.PrivateText;
import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Requests and answers as they stand on a cassette. Bodies are there as people can read
 * them: JSON as JSON, events one by one, anything else in Base64. Thread-safe.
 */
final class RecordedForm {

	private static final String FRAME_END = "\n\n";

	private static final String DATA = "data: ";

	private final Codecs codecs;

	RecordedForm(Codecs codecs) {
		this.codecs = codecs;
	}

	/** What a request is recognised by. */
	ObjectNode request(Attempt attempt) {
		LlmRequest request = attempt.request();
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("operation", request.operation().operationName());
		json.put("target", attempt.target().id());
		json.put("stream", request.stream());
		json.set("body", body(attempt));
		return json;
	}

	private JsonNode body(Attempt attempt) {
		LlmRequest request = attempt.request();
		byte[] body = (request.operation() == Operation.CHAT) ? this.codecs.upstream(Dialect.OPENAI)
			.encodeRequest(request.chat().withModel(attempt.target().model()))
			.body() : request.body();
		try {
			return parsed(body);
		}
		catch (JacksonException ex) {
			return JsonNodeFactory.instance
				.stringNode("sha256:" + HexFormat.of().formatHex(Sha256.digest().digest(body)));
		}
	}

	private static JsonNode parsed(byte[] json) {
		return masked(ReadyMapper.shared().readTree(json));
	}

	/** Text by text: a pattern must not reach over the end of one. */
	private static JsonNode masked(JsonNode json) {
		if (json.isString()) {
			return JsonNodeFactory.instance.stringNode(PrivateText.withoutSecrets(json.stringValue()));
		}
		if (json.isArray()) {
			ArrayNode masked = JsonNodeFactory.instance.arrayNode();
			json.forEach((element) -> masked.add(masked(element)));
			return masked;
		}
		if (json.isObject()) {
			ObjectNode masked = JsonNodeFactory.instance.objectNode();
			json.properties().forEach((member) -> masked.set(member.getKey(), masked(member.getValue())));
			return masked;
		}
		return json;
	}

	private static String maskedEvent(String event) {
		int data = event.indexOf(DATA);
		if (PrivateText.withoutSecrets(event).equals(event) || data < 0) {
			return event;
		}
		try {
			byte[] json = event.substring(data + DATA.length()).getBytes(StandardCharsets.UTF_8);
			return event.substring(0, data + DATA.length()) + ReadyMapper.shared().writeValueAsString(parsed(json));
		}
		catch (JacksonException ex) {
			return PrivateText.withoutSecrets(event);
		}
	}

	/** Reads an answer to its end. */
	Mono<JsonNode> write(Attempt attempt, LlmResponse response) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("status", response.status());
		return write(json, attempt.request(), response.body()).then(Mono.fromSupplier(() -> {
			LlmError error = response.outcome().error();
			if (error != null) {
				throw new LlmException(error);
			}
			Usage usage = response.outcome().usage();
			if (usage != null) {
				json.set("usage", ReadyMapper.shared().valueToTree(usage));
			}
			return json;
		}));
	}

	private Mono<Void> write(ObjectNode json, LlmRequest request, ResponseBody body) {
		if (body instanceof ResponseBody.Json whole) {
			return Mono.fromRunnable(() -> whole(json, whole.dialect(), whole.bytes()));
		}
		if (body instanceof ResponseBody.Whole whole) {
			return Mono.fromRunnable(() -> whole(json, Dialect.OPENAI,
					this.codecs.inbound(Dialect.OPENAI).encodeResponse(whole.response())));
		}
		if (body instanceof ResponseBody.Events events) {
			return events.events()
				.collectList()
				.doOnNext((all) -> stream(json, Dialect.OPENAI, Framing.SSE, MediaType.TEXT_EVENT_STREAM,
						encoded(request, all)))
				.then();
		}
		ResponseBody.Wire wire = (ResponseBody.Wire) body;
		return DataBufferUtils.join(wire.content())
			.map(RecordedForm::bytes)
			.defaultIfEmpty(new byte[0])
			.doOnNext((bytes) -> stream(json, wire.dialect(), wire.framing(), wire.mediaType(), bytes))
			.then();
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	private byte[] encoded(LlmRequest request, List<ChatEvent> events) {
		StreamEncoder encoder = this.codecs.inbound(Dialect.OPENAI)
			.streamEncoder(request.chat().mutate().includeUsage(true).build());
		StringBuilder text = new StringBuilder();
		for (ChatEvent event : events) {
			if (event instanceof ChatEvent.Failed failed) {
				throw new LlmException(failed.error());
			}
			text.append(new String(encoder.encode(event), StandardCharsets.UTF_8));
		}
		return text.append(new String(encoder.end(), StandardCharsets.UTF_8))
			.toString()
			.getBytes(StandardCharsets.UTF_8);
	}

	private static void whole(ObjectNode json, Dialect dialect, byte[] body) {
		json.put("dialect", dialect.name());
		json.set("json", parsed(body));
	}

	private static void stream(ObjectNode json, Dialect dialect, Framing framing, MediaType type, byte[] body) {
		json.put("dialect", dialect.name());
		json.put("framing", framing.name());
		json.put("type", type.toString());
		String text = new String(body, StandardCharsets.UTF_8);
		if (framing == Framing.SSE && text.endsWith(FRAME_END)
				&& Arrays.equals(text.getBytes(StandardCharsets.UTF_8), body)) {
			ArrayNode events = json.putArray("events");
			for (String event : text.substring(0, text.length() - FRAME_END.length()).split(FRAME_END, -1)) {
				events.add(maskedEvent(event));
			}
		}
		else {
			json.put("base64", Base64.getEncoder().encodeToString(body));
		}
	}

	/** A provider's refusal. */
	JsonNode write(LlmException failure) {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		LlmException.Upstream upstream = failure.upstream();
		if (upstream != null) {
			json.put("status", upstream.status());
			json.put("dialect", upstream.dialect().name());
			json.put("presentable", upstream.presentable());
			json.put("refusal", PrivateText.withoutSecrets(new String(upstream.body(), StandardCharsets.UTF_8)));
		}
		if (failure.retryAfter() != null) {
			json.put("retry-after", failure.retryAfter().toString());
		}
		ObjectNode error = json.putObject("error");
		error.put("kind", failure.kind().name());
		error.put("message", PrivateText.withoutSecrets(failure.error().message()));
		put(error, "code", failure.error().code());
		put(error, "param", failure.error().param());
		return json;
	}

	private static void put(ObjectNode json, String name, @Nullable String value) {
		if (value != null) {
			json.put(name, value);
		}
	}

	/** An answer that is on a cassette, or the refusal. */
	Mono<LlmResponse> read(JsonNode json) {
		if (json.has("error")) {
			return Mono.error(failure(json));
		}
		Outcome outcome = new Outcome();
		if (json.has("usage")) {
			outcome.usage(ReadyMapper.shared().treeToValue(json.path("usage"), Usage.class));
		}
		return Mono.just(new LlmResponse(json.path("status").asInt(200), HttpHeaders.EMPTY, body(json), outcome));
	}

	private static ResponseBody body(JsonNode json) {
		Dialect dialect = new Dialect(json.path("dialect").asString());
		if (json.has("json")) {
			return new ResponseBody.Json(dialect, ReadyMapper.shared().writeValueAsBytes(json.path("json")));
		}
		List<byte[]> pieces = new ArrayList<>();
		json.path("events")
			.forEach((event) -> pieces.add((event.asString() + FRAME_END).getBytes(StandardCharsets.UTF_8)));
		if (json.has("base64")) {
			pieces.add(Base64.getDecoder().decode(json.path("base64").asString()));
		}
		return new ResponseBody.Wire(dialect, Framing.valueOf(json.path("framing").asString()),
				MediaType.parseMediaType(json.path("type").asString()),
				Flux.fromIterable(pieces).map((piece) -> DefaultDataBufferFactory.sharedInstance.wrap(piece)));
	}

	private static LlmException failure(JsonNode json) {
		JsonNode error = json.path("error");
		return new LlmException(
				new LlmError(ErrorKind.valueOf(error.path("kind").asString()), error.path("message").asString(),
						error.path("code").asString(null), error.path("param").asString(null)),
				new LlmException.Upstream(json.path("status").asInt(502), new Dialect(json.path("dialect").asString()),
						json.path("refusal").asString("").getBytes(StandardCharsets.UTF_8),
						json.path("presentable").asBoolean(false)),
				json.has("retry-after") ? Duration.parse(json.path("retry-after").asString()) : null);
	}

}
