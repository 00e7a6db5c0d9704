package dev.llmproxy.dialect.bedrock;

import java.util.List;

import dev.llmproxy.chat.CacheControl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Marks of a prompt cache, which are elements of their own here, behind what they mark.
 *
 * @param dropped takes the names of marks that the model does not know
 */
record BedrockCachePoints(BedrockModel model, List<String> dropped) {

	/**
	 * The mark of a block or a tool.
	 * @return {@code null} if there is none or none is allowed
	 */
	@Nullable ObjectNode after(@Nullable CacheControl mark, boolean tool, String path) {
		if (mark == null) {
			return null;
		}
		if (!(tool ? this.model.cachesTools() : this.model.caches())) {
			this.dropped.add(path + ".cache_control");
			return null;
		}
		ObjectNode point = BedrockJson.object().put("type", "default");
		// Five minutes are the default, also where no other time can be had.
		if ("1h".equals(mark.ttl())) {
			if (this.model.cachesForLong()) {
				point.put("ttl", "1h");
			}
			else {
				this.dropped.add(path + ".cache_control.ttl");
			}
		}
		return BedrockJson.object("cachePoint", point);
	}

}
