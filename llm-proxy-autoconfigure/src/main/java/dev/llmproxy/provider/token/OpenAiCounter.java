package dev.llmproxy.provider.token;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.Tool;
import dev.llmproxy.provider.MediaTokens;
import dev.llmproxy.provider.PromptCounter;
import dev.llmproxy.provider.PromptShape;
import dev.llmproxy.provider.TextTokens;
import org.jspecify.annotations.Nullable;

/**
 * Counts as OpenAI documents it: three tokens around a turn and one for its role, one
 * beside a name, three that begin the answer, and functions rewritten into a notation of
 * their own.
 */
final class OpenAiCounter extends PromptCounter {

	private static final int FUNCTION = 7;

	private static final int PROPERTIES = 3;

	private static final int PROPERTY = 3;

	private static final int CHOICES = -3;

	private static final int CHOICE = 3;

	private static final PromptShape SHAPE = new PromptShape(4, 1, 3, 12, FUNCTION);

	OpenAiCounter(TextTokens texts, MediaTokens media) {
		super(texts, SHAPE, media);
	}

	@Override
	protected PromptCounter with(TextTokens texts) {
		return new OpenAiCounter(texts, media());
	}

	@Override
	protected long count(Tool tool) {
		if (tool instanceof Tool.Function function) {
			return count(function.name() + ":" + withoutStop(function.description()))
					+ ((function.parameters() != null) ? schema(function.parameters()) : 0);
		}
		return super.count(tool);
	}

	private long schema(Map<?, ?> schema) {
		if (!(schema.get("properties") instanceof Map<?, ?> properties) || properties.isEmpty()) {
			return 0;
		}
		long tokens = PROPERTIES;
		for (Map.Entry<?, ?> property : properties.entrySet()) {
			tokens += PROPERTY + ((property.getValue() instanceof Map<?, ?> definition)
					? property(property.getKey(), definition) : count(String.valueOf(property.getKey())));
		}
		return tokens;
	}

	private long property(@Nullable Object name, Map<?, ?> definition) {
		long tokens = count(name + ":" + definition.get("type") + ":" + withoutStop(definition.get("description")))
				+ schema(definition);
		if (definition.get("items") instanceof Map<?, ?> items) {
			tokens += schema(items);
		}
		if (definition.get("enum") instanceof List<?> choices) {
			tokens += CHOICES;
			for (Object choice : choices) {
				tokens += CHOICE + count(String.valueOf(choice));
			}
		}
		return tokens;
	}

	private static String withoutStop(@Nullable Object description) {
		String text = (description != null) ? description.toString() : "";
		return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
	}

}
