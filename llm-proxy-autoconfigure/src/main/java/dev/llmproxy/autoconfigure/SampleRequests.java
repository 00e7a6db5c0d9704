package dev.llmproxy.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/** Makes requests of what an operator types, for rehearsing. */
final class SampleRequests {

	private final Codecs codecs;

	SampleRequests(Codecs codecs) {
		this.codecs = codecs;
	}

	/**
	 * Makes one.
	 * @param model in place of the body's own
	 * @param body as a caller would send it; by default a greeting
	 * @param headers lines of the form {@code name: value}
	 * @throws IllegalArgumentException if some of it can't be read
	 */
	LlmRequest of(@Nullable String model, @Nullable String body, @Nullable String dialect, @Nullable String operation,
			@Nullable String headers, @Nullable String caller) {
		Dialect spoken = (dialect != null) ? new Dialect(dialect) : Dialect.OPENAI;
		Operation asked = (operation != null) ? operation(operation) : Operation.CHAT;
		byte[] bytes = (body != null) ? body.getBytes(StandardCharsets.UTF_8) : greeting(asked);
		Envelope envelope = EnvelopeScanner.scan(bytes, JsonLimits.DEFAULT);
		boolean chat = asked == Operation.CHAT || asked == Operation.COUNT_TOKENS;
		return LlmRequest.builder(asked, spoken)
			.id("rehearsal")
			.caller((caller != null) ? new Caller(caller, List.of()) : Caller.ANONYMOUS)
			.hints(headers(headers))
			.body(bytes, (model != null) ? envelope.withModel(model) : envelope)
			.codec(chat ? this.codecs.inbound(spoken) : null)
			.build();
	}

	private static Operation operation(String name) {
		try {
			return Operation.valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("There is no operation '" + name + "'. There are "
					+ List.of(Operation.values()).stream().map(Operation::operationName).toList() + ".");
		}
	}

	private static byte[] greeting(Operation operation) {
		var root = JsonMapper.shared().createObjectNode();
		if (operation == Operation.CHAT || operation == Operation.COUNT_TOKENS) {
			root.putArray("messages").addObject().put("role", "user").put("content", "Hello");
		}
		return JsonMapper.shared().writeValueAsBytes(root);
	}

	private static HttpHeaders headers(@Nullable String lines) {
		HttpHeaders headers = new HttpHeaders();
		if (lines != null) {
			lines.lines().filter((line) -> !line.isBlank()).forEach((line) -> {
				int colon = line.indexOf(':');
				if (colon <= 0) {
					throw new IllegalArgumentException("Headers are lines of the form 'name: value'.");
				}
				headers.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
			});
		}
		return headers;
	}

}
