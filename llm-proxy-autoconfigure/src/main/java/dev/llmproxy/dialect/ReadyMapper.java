package dev.llmproxy.dialect;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Has Jackson make what it makes of a mapper on its first use: it does so behind a lock,
 * for which event loops must not wait.
 */
public final class ReadyMapper {

	static {
		of(JsonMapper.shared());
	}

	private ReadyMapper() {
	}

	/** The same mapper, having read and written a tree. */
	public static JsonMapper of(JsonMapper mapper) {
		mapper.readTree("{\"a\":[1,1.5,null]}");
		mapper.writeValueAsBytes(JsonNodeFactory.instance.objectNode().put("a", "b"));
		mapper.writeValueAsString("");
		return mapper;
	}

	/** Jackson's shared mapper, which is ready since this class is. */
	public static JsonMapper shared() {
		return JsonMapper.shared();
	}

}
