package dev.llmproxy.dialect.anthropic;

import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.CacheControl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The member {@code cache_control} of a block or a tool. */
final class AnthropicCacheControl {

	static final String FIELD = "cache_control";

	private AnthropicCacheControl() {
	}

	static @Nullable CacheControl decode(RequestNode owner, Map<String, @Nullable Object> rest) {
		RequestNode mark = owner.get(FIELD);
		if (!mark.present()) {
			return null;
		}
		mark.object().keepOthers(Set.of("type", "ttl"), rest);
		String ttl = mark.get("ttl").stringOrNull();
		return (ttl != null) ? new CacheControl(ttl) : CacheControl.EPHEMERAL;
	}

	static ObjectNode encode(ObjectNode owner, @Nullable CacheControl mark) {
		if (mark != null) {
			ObjectNode json = AnthropicJson.object("ephemeral");
			if (mark.ttl() != null) {
				json.put("ttl", mark.ttl());
			}
			owner.set(FIELD, json);
		}
		return owner;
	}

}
