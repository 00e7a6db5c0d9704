package dev.llmproxy.dialect;

import java.util.LinkedHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Has Jackson make what it makes of a mapper on its first use: it does so behind a lock,
 * for which event loops must not wait.
 */
public final class ReadyMapper {

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {
	};

	static {
		of(JsonMapper.shared());
	}

	private ReadyMapper() {
	}

	/** The same mapper, having read and written a tree. */
	public static JsonMapper of(JsonMapper mapper) {
		JsonNode tree = mapper.readTree("{\"a\":[1,1.5,null]}");
		mapper.treeToValue(tree, Object.class);
		mapper.treeToValue(tree, MAP);
		mapper.writeValueAsBytes(JsonNodeFactory.instance.objectNode().put("a", "b"));
		mapper.writeValueAsString("");
		return mapper;
	}

	/** Jackson's shared mapper, which is ready since this class is. */
	public static JsonMapper shared() {
		return JsonMapper.shared();
	}

}
