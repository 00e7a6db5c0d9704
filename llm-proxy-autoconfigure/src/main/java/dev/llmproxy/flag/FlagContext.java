package dev.llmproxy.flag;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.ImmutableStructure;
import dev.openfeature.sdk.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Who asks, in OpenFeature's terms. Of a request it has what its key, its envelope and
 * its headers say, so that no body is decoded for it, and nothing of a prompt; of headers
 * only the two that are for labels.
 */
final class FlagContext {

	private static final String METADATA_HEADER = "llm-proxy-metadata";

	private static final String METADATA = "metadata";

	private static final String TAGS_HEADER = "llm-proxy-tags";

	/** More and longer labels are nobody's share of anything. */
	private static final int MOST = 32;

	private static final int LONGEST = 256;

	private FlagContext() {
	}

	static EvaluationContext of(LlmRequest request, FlagSettings settings) {
		Map<String, Value> attributes = new HashMap<>();
		Caller caller = request.caller();
		attributes.put("caller", new Value(caller.id()));
		put(attributes, "team", caller.team());
		put(attributes, "user", request.envelope().user());
		put(attributes, "model", request.model());
		if (settings.routes().contains(request.model())) {
			attributes.put("route", new Value(request.model()));
		}
		attributes.put("operation", new Value(request.operation().operationName()));
		attributes.put("stream", new Value(request.stream()));
		tags(attributes, request.hint(TAGS_HEADER));
		metadata(attributes, request.hint(METADATA_HEADER));
		return new ImmutableContext(key(request, settings.by(), attributes), attributes);
	}

	private static void put(Map<String, Value> attributes, String name, @Nullable String value) {
		if (value != null && !value.isEmpty() && value.length() <= LONGEST) {
			attributes.put(name, new Value(value));
		}
	}

	private static void tags(Map<String, Value> attributes, @Nullable String header) {
		if (header == null) {
			return;
		}
		List<Value> tags = new ArrayList<>();
		for (String tag : header.split(",")) {
			String word = tag.strip();
			if (!word.isEmpty() && word.length() <= LONGEST && tags.size() < MOST) {
				tags.add(new Value(word));
			}
		}
		attributes.put("tags", new Value(tags));
	}

	/** Flat, as Unleash and Flagsmith want them, and as an object, as flagd does. */
	private static void metadata(Map<String, Value> attributes, @Nullable String header) {
		if (header == null) {
			return;
		}
		JsonNode labels;
		try {
			labels = ReadyMapper.shared().readTree(header);
		}
		catch (JacksonException ex) {
			return;
		}
		Map<String, Value> all = new HashMap<>();
		for (Map.Entry<String, JsonNode> label : labels.properties()) {
			if (label.getValue().isValueNode() && !label.getValue().isNull() && all.size() < MOST
					&& label.getKey().length() <= LONGEST) {
				put(all, label.getKey(), label.getValue().asString());
			}
		}
		all.forEach((name, value) -> attributes.put(METADATA + "." + name, value));
		if (!all.isEmpty()) {
			attributes.put(METADATA, new Value(new ImmutableStructure(all)));
		}
	}

	/** Nobody in particular is many, so each of their requests is drawn on its own. */
	private static String key(LlmRequest request, List<String> by, Map<String, Value> attributes) {
		for (String field : by) {
			if (field.equals("caller")) {
				Caller caller = request.caller();
				if (!caller.equals(Caller.ANONYMOUS) && !caller.equals(Caller.APPLICATION)) {
					return caller.id();
				}
			}
			else {
				Value value = attributes.get(field);
				if (value != null) {
					return Objects.requireNonNull(value.asString());
				}
			}
		}
		return request.id();
	}

	/** How rules of ours see a context, ours or somebody else's. */
	static FlagDefinition.Attributes attributes(EvaluationContext context) {
		return new FlagDefinition.Attributes() {

			@Override
			public String key() {
				String key = context.getTargetingKey();
				return (key != null) ? key : "";
			}

			@Override
			public List<String> of(String attribute) {
				Value value = context.getValue(attribute);
				if (value == null || value.isNull()) {
					return List.of();
				}
				if (value.isList()) {
					return value.asList().stream().map((element) -> String.valueOf(element.asObject())).toList();
				}
				return List.of(String.valueOf(value.asObject()));
			}

		};
	}

}
