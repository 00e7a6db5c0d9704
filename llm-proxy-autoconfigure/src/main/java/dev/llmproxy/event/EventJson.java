package dev.llmproxy.event;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON: {@code type}, {@code timestamp}, and in {@code data} what the type has.
 */
public final class EventJson {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(Include.NON_NULL))
		.build();

	private EventJson() {
	}

	/** The whole message. */
	public static String text(GatewayEvent event) {
		return MAPPER.writeValueAsString(message(event));
	}

	/** The whole message, in UTF-8. */
	public static byte[] bytes(GatewayEvent event) {
		return MAPPER.writeValueAsBytes(message(event));
	}

	private static ObjectNode message(GatewayEvent event) {
		ObjectNode message = MAPPER.createObjectNode();
		message.put("type", event.type().label());
		message.put("timestamp", event.time().toString());
		message.set("data", data(event));
		return message;
	}

	/** What an event has beside its type and its time. */
	public static ObjectNode data(GatewayEvent event) {
		ObjectNode data = MAPPER.valueToTree(event);
		data.remove("time");
		return data;
	}

}
