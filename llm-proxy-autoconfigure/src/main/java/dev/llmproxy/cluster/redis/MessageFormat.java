package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.Locale;

import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.OperatorAction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Messages as text: a number that Redis gave, a space, and JSON with a version. What is
 * longer than ours, has another version or lacks something is none.
 */
final class MessageFormat {

	/** Characters of the JSON. */
	static final int LONGEST = 2048;

	private static final int VERSION = 1;

	private static final int LONGEST_NAME = 512;

	/** Of digits; numbers are microseconds, and exact in Lua up to the limit. */
	private static final int LONGEST_NUMBER = 16;

	private static final long HIGHEST_NUMBER = 8_000_000_000_000_000L;

	private static final Duration LONGEST_TIME = Duration.ofDays(1);

	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(3).build())
			.build())
		.build();

	private MessageFormat() {
	}

	/** Without the number; {@code null} if it would be too long. */
	static @Nullable String write(String node, NodeMessage message) {
		ObjectNode json = MAPPER.createObjectNode();
		json.put("v", VERSION);
		json.put("node", node);
		if (message instanceof NodeMessage.Change change) {
			json.put("type", change.action().label()).put("subject", change.subject()).put("actor", change.actor());
		}
		else if (message instanceof NodeMessage.Hint hint) {
			json.put("type", (hint instanceof NodeMessage.Rest) ? "rest" : "opened");
			json.put("target", hint.target()).put("identity", hint.identity()).put("millis", hint.length().toMillis());
			if (hint instanceof NodeMessage.Rest rest) {
				json.put("known", rest.known());
			}
		}
		String text = MAPPER.writeValueAsString(json);
		return (text.length() <= LONGEST) ? text : null;
	}

	/** What was told; {@code null} if it is no message of ours. */
	static @Nullable Received read(String text) {
		int space = text.indexOf(' ');
		if (space < 1 || space > LONGEST_NUMBER || text.length() - space - 1 > LONGEST) {
			return null;
		}
		try {
			long number = Long.parseLong(text.substring(0, space));
			JsonNode json = MAPPER.readTree(text.substring(space + 1));
			String node = text(json, "node");
			if (json.path("v").asInt(0) != VERSION || node == null || number < 0 || number > HIGHEST_NUMBER) {
				return null;
			}
			NodeMessage message = message(json);
			return (message != null) ? new Received(number, node, message) : null;
		}
		catch (NumberFormatException | JacksonException ex) {
			return null;
		}
	}

	private static @Nullable NodeMessage message(JsonNode json) {
		String type = text(json, "type");
		if (type == null) {
			return null;
		}
		if (type.equals("rest") || type.equals("opened")) {
			return hint(type, json);
		}
		String subject = text(json, "subject");
		String actor = text(json, "actor");
		for (OperatorAction action : OperatorAction.values()) {
			if (action.label().equals(type.toLowerCase(Locale.ROOT)) && subject != null && actor != null) {
				return new NodeMessage.Change(action, subject, actor);
			}
		}
		return null;
	}

	private static NodeMessage.@Nullable Hint hint(String type, JsonNode json) {
		String target = text(json, "target");
		String identity = text(json, "identity");
		long millis = json.path("millis").asLong(-1);
		if (target == null || identity == null || millis < 0 || millis > LONGEST_TIME.toMillis()) {
			return null;
		}
		Duration length = Duration.ofMillis(millis);
		return type.equals("rest") ? new NodeMessage.Rest(target, identity, length, json.path("known").asBoolean(false))
				: new NodeMessage.Opened(target, identity, length);
	}

	private static @Nullable String text(JsonNode json, String name) {
		JsonNode value = json.path(name);
		if (!value.isString() || value.stringValue().length() > LONGEST_NAME) {
			return null;
		}
		String text = value.stringValue();
		// It gets into the log.
		return text.chars().noneMatch((c) -> c < ' ' || c == 0x7f) ? text : null;
	}

	/**
	 * What was told.
	 *
	 * @param number of a change its revision; of a hint that was kept the milliseconds
	 * that are left of it
	 */
	record Received(long number, String node, NodeMessage message) {
	}

}
