package dev.llmproxy.routing;

import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.chat.ChatRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Labels that a caller gives a request: a JSON object in the header
 * {@code llm-proxy-metadata}, and the body's own {@code metadata}. The header is first,
 * because it is what applications set and people who fill bodies don't.
 */
final class RequestMetadata {

	private static final String HEADER = "llm-proxy-metadata";

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final JsonNode header;

	private final RoutingContext context;

	private RequestMetadata(JsonNode header, RoutingContext context) {
		this.header = header;
		this.context = context;
	}

	static RequestMetadata of(RoutingContext context) {
		String text = context.request().hint(HEADER);
		return new RequestMetadata((text != null) ? parse(text) : MissingNode.getInstance(), context);
	}

	private static JsonNode parse(String text) {
		try {
			return JSON.readTree(text);
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	@Nullable String get(String name) {
		JsonNode value = this.header.path(name);
		if (value.isValueNode() && !value.isNull()) {
			return value.asString();
		}
		ChatRequest chat = this.context.chat();
		Map<String, String> body = (chat != null) ? chat.metadata() : Map.of();
		return body.get(name);
	}

}
