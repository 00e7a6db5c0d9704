package dev.llmproxy.provider;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import io.netty.buffer.ByteBufAllocator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Turns the head of a provider's response into the head of an answer, or a failure. */
final class ResponseReader {

	/** Answers may nest deeper and be wider than we allow callers. */
	static final JsonLimits ANSWER_LIMITS = new JsonLimits(512, 1_000_000, 10_000_000, 1_000, 65_536, 400);

	private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final HttpProviderSpec spec;

	private final Codecs codecs;

	ResponseReader(HttpProviderSpec spec, Codecs codecs) {
		this.spec = spec;
		this.codecs = codecs;
	}

	Mono<LlmResponse> read(Call call, UpstreamResponse raw) {
		if (call.request().operation() == Operation.PASS_THROUGH) {
			return passedThrough(call, raw);
		}
		UpstreamResponse response = Decompression.apply(raw, this.spec.limits());
		if (response.status() >= 400) {
			return failure(call, response);
		}
		if (response.status() >= 300 || response.status() < 200) {
			return redirected(response);
		}
		String type = response.contentType();
		boolean json = type.startsWith("application/json");
		boolean chat = call.request().operation() == Operation.CHAT;
		if (chat && call.request().stream() && !json) {
			return stream(call, response, type);
		}
		if (json) {
			return whole(call, response);
		}
		if (!chat && !type.startsWith("text/html")
				&& (isMedia(call.request().operation()) || type.startsWith("text/event-stream"))) {
			Framing framing = type.startsWith("text/event-stream") ? Framing.SSE : Framing.BINARY;
			return Mono.just(answer(call, response, wire(call, response, framing, content(response))));
		}
		return wrongType(response);
	}

	/**
	 * Whatever the provider said, errors included. Redirects are not for callers, and a
	 * refusal of our credentials may quote them.
	 */
	private Mono<LlmResponse> passedThrough(Call call, UpstreamResponse response) {
		if (response.status() == 401 || response.status() == 402 || response.status() == 403) {
			return failure(call, response);
		}
		if (response.status() >= 300 && response.status() < 400) {
			return redirected(response);
		}
		HttpHeaders headers = headers(call, response);
		String encoding = response.headers().get("content-encoding");
		if (encoding != null) {
			headers.set("content-encoding", encoding);
		}
		Framing framing = response.contentType().startsWith("text/event-stream") ? Framing.SSE : Framing.BINARY;
		return Mono.just(new LlmResponse(response.status(), headers, wire(call, response, framing, content(response)),
				new Outcome()));
	}

	private static boolean isMedia(Operation operation) {
		return operation == Operation.SPEECH || operation == Operation.TRANSCRIPTION;
	}

	private Mono<LlmResponse> stream(Call call, UpstreamResponse response, String type) {
		UpstreamCodec codec = this.codecs.upstream(call.dialect());
		Framing framing = codec.streamFraming();
		String expected = (framing == Framing.AWS_EVENT_STREAM) ? "application/vnd.amazon.eventstream"
				: "text/event-stream";
		if (!type.startsWith(expected)) {
			return wrongType(response);
		}
		StreamPolicy policy = new StreamPolicy(this.spec.name(), call.timeouts(), call.startNanos(),
				this.spec.limits().maxEvent(), call.prepared().hideUsage());
		Outcome outcome = new Outcome();
		StreamRelay relay = new StreamRelay(response, codec.streamInspector(), FrameFinder.of(framing), policy, outcome,
				(content) -> new LlmResponse(200, headers(call, response), wire(call, response, framing, content),
						outcome));
		return relay.head();
	}

	private Mono<LlmResponse> whole(Call call, UpstreamResponse response) {
		long deadline = call.startNanos() + call.timeouts().total().toNanos();
		return BoundedAggregate.whole(response, deadline, this.spec.limits().maxResponse()).map((body) -> {
			validate(body);
			LlmResponse answer = answer(call, response, json(call, body));
			if (call.request().operation() == Operation.CHAT || call.request().operation() == Operation.EMBEDDINGS) {
				WholeInspection inspection = this.codecs.upstream(call.dialect()).inspect(body);
				if (inspection.error() != null) {
					throw LlmException.answer(inspection.error());
				}
				answer.outcome().usage(inspection.usage());
				answer.outcome().finish(inspection.finish());
				answer.outcome().produced(0, body.length);
			}
			return answer;
		});
	}

	/**
	 * The body in the caller's dialect, where it is no chat; chats are rendered at the
	 * front.
	 */
	private ResponseBody.Json json(Call call, byte[] body) {
		LlmRequest request = call.request();
		Dialect wanted = request.dialect();
		if (request.operation() == Operation.EMBEDDINGS
				&& (!call.dialect().equals(wanted) || wanted.equals(Dialect.GEMINI))) {
			EmbeddingsCodec from = Objects.requireNonNull(this.codecs.embeddings(call.dialect()));
			EmbeddingsCodec to = Objects.requireNonNull(this.codecs.embeddings(wanted));
			return new ResponseBody.Json(wanted,
					to.encodeResponse(from.decodeResponse(body), to.decodeRequest(request.body(), request.envelope())));
		}
		if (request.operation() == Operation.COUNT_TOKENS && !call.dialect().equals(wanted)) {
			TokenCountCodec from = Objects.requireNonNull(this.codecs.tokenCounts(call.dialect()));
			TokenCountCodec to = Objects.requireNonNull(this.codecs.tokenCounts(wanted));
			return new ResponseBody.Json(wanted, to.encodeCountResponse(from.decodeCountResponse(body)));
		}
		return new ResponseBody.Json(call.dialect(), body);
	}

	private void validate(byte[] body) {
		try {
			EnvelopeScanner.validate(body, ANSWER_LIMITS);
		}
		catch (MalformedJsonException ex) {
			throw UpstreamFailures.failure(ErrorKind.UPSTREAM,
					"Provider '" + this.spec.name() + "' sent an answer that is not valid JSON (" + ex.code() + ").",
					"upstream_malformed");
		}
	}

	private Mono<LlmResponse> failure(Call call, UpstreamResponse response) {
		long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
		rest(call, response);
		return BoundedAggregate.beginning(response, deadline, this.spec.limits().maxError())
			.onErrorReturn(new byte[0])
			.flatMap((body) -> Mono
				.error(UpstreamErrors.of(this.spec.name(), this.codecs.upstream(call.dialect()), response, body)));
	}

	/** Lets a credential rest that was refused, or of which too much was asked. */
	private static void rest(Call call, UpstreamResponse response) {
		Credential credential = call.outbound().credential();
		if (credential == null) {
			return;
		}
		switch (response.status()) {
			case 401, 402, 403 -> call.authenticator().refused(credential, CredentialPool.QUARANTINE);
			case 429 -> {
				Duration wanted = RetryAfter.parse(response.headers());
				call.authenticator().refused(credential, (wanted != null) ? wanted : CredentialPool.SHORT_REST);
			}
			default -> {
			}
		}
	}

	private <T> Mono<T> redirected(UpstreamResponse response) {
		return refuse(response,
				"Provider '" + this.spec.name()
						+ "' answered with a redirect, which is never followed. Check its base URL.",
				"upstream_redirect");
	}

	private <T> Mono<T> wrongType(UpstreamResponse response) {
		return refuse(response, "Provider '" + this.spec.name() + "' answered with an unexpected content type.",
				"upstream_content_type");
	}

	/** Fails without reading the content. */
	private static <T> Mono<T> refuse(UpstreamResponse response, String message, String code) {
		return Unread.cancelled(response).then(Mono.error(UpstreamFailures.failure(ErrorKind.UPSTREAM, message, code)));
	}

	private LlmResponse answer(Call call, UpstreamResponse response, ResponseBody body) {
		return new LlmResponse(response.status(), headers(call, response), body, new Outcome());
	}

	private static ResponseBody wire(Call call, UpstreamResponse response, Framing framing, Flux<DataBuffer> content) {
		String type = response.contentType();
		return new ResponseBody.Wire(call.dialect(), framing,
				type.isEmpty() ? MediaType.APPLICATION_OCTET_STREAM : MediaType.parseMediaType(type), content);
	}

	private static Flux<DataBuffer> content(UpstreamResponse response) {
		return response.content().map((bytes) -> BUFFERS.wrap(bytes.retain()));
	}

	private HttpHeaders headers(Call call, UpstreamResponse response) {
		HttpHeaders headers = HeaderFields.create();
		ResponseHeaders.copy(response.headers(), headers);
		if (!call.prepared().dropped().isEmpty()) {
			headers.set("llm-proxy-dropped", String.join(", ", call.prepared().dropped()));
		}
		return headers;
	}

	/** Reads a list of models in any of the shapes that vendors use. */
	Mono<List<Provider.Model>> readModels(UpstreamResponse raw, Duration patience) {
		UpstreamResponse response = Decompression.apply(raw, this.spec.limits());
		long deadline = System.nanoTime() + patience.toNanos();
		return BoundedAggregate.whole(response, deadline, this.spec.limits().maxResponse())
			.map((body) -> models(response.status(), body));
	}

	/** Who has no such list, or is asked too often, is well all the same. */
	private List<Provider.Model> models(int status, byte[] body) {
		if (status == 401 || status == 403 || (status >= 500 && status != 501)) {
			throw UpstreamFailures.failure(ErrorKind.ofUpstreamStatus(status), "Provider '" + this.spec.name()
					+ "' answered with status " + status + " when it was asked for its models.",
					"upstream_status_" + status);
		}
		return (status == 200) ? models(body) : List.of();
	}

	private static List<Provider.Model> models(byte[] body) {
		JsonNode root = JSON.readTree(body);
		JsonNode list = root.isArray() ? root : root.path("data").isArray() ? root.path("data") : root.path("models");
		List<Provider.Model> models = new ArrayList<>();
		for (JsonNode model : list) {
			String id = model.path("id").asString(model.path("name").asString(""));
			if (!id.isEmpty()) {
				models.add(new Provider.Model(id.startsWith("models/") ? id.substring(7) : id,
						model.path("created").asLong(0)));
			}
		}
		return models;
	}

	/**
	 * What a response answers.
	 *
	 * @param dialect of the response
	 * @param startNanos when the attempt began
	 */
	record Call(LlmRequest request, RequestPreparation.Prepared prepared, Dialect dialect, OutboundRequest outbound,
			long startNanos, Authenticator authenticator, Timeouts timeouts) {
	}

}
