package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code tools} and {@code toolConfig}. */
final class GeminiToolDecoder {

	private final GeminiLeftovers rest;

	GeminiToolDecoder(GeminiLeftovers rest) {
		this.rest = rest;
	}

	/** Every member of a tool but the declarations is a tool that Google runs. */
	List<Tool> tools(JsonNode node, String path) {
		List<Tool> tools = new ArrayList<>();
		int index = 0;
		for (JsonNode tool : GeminiJson.items(node, path)) {
			String at = path + "[" + index++ + "]";
			GeminiJson.members(tool, at, (name, value) -> {
				if (name.equals("functionDeclarations")) {
					declarations(value, GeminiJson.join(at, name), tools);
				}
				else {
					tools.add(new Tool.Hosted(Dialect.GEMINI.name(), name, Map.of(name, plain(value))));
				}
			});
		}
		return tools;
	}

	private static Object plain(JsonNode value) {
		Object plain = GeminiJson.plain(value);
		return (plain != null) ? plain : Map.of();
	}

	private void declarations(JsonNode node, String path, List<Tool> tools) {
		int index = 0;
		for (JsonNode declaration : GeminiJson.items(node, path)) {
			tools.add(declaration(declaration, path + "[" + index++ + "]"));
		}
	}

	private Tool declaration(JsonNode node, String path) {
		Declaration declaration = new Declaration();
		GeminiJson.members(node, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "name" -> declaration.name = GeminiJson.text(value, at);
				case "description" -> declaration.description = GeminiJson.text(value, at);
				case "parameters" -> declaration.parameters = GeminiSchemas.fromOpenApi(value, at);
				case "parametersJsonSchema" -> declaration.parameters = schema(value, at);
				default -> this.rest.add(at, value);
			}
		});
		if (declaration.name == null) {
			throw new InvalidRequestException("A function has a name.", GeminiJson.join(path, "name"));
		}
		return new Tool.Function(declaration.name, declaration.description, declaration.parameters, null, null);
	}

	private static Map<String, @Nullable Object> schema(JsonNode node, String path) {
		if (!node.isObject()) {
			throw new InvalidRequestException("A JSON schema is expected here.", path);
		}
		return GeminiJson.plainObject(node);
	}

	@Nullable ToolChoice choice(JsonNode config, String path) {
		Calling calling = new Calling();
		GeminiJson.members(config, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			if (name.equals("functionCallingConfig")) {
				calling.choice = calling(value, at);
			}
			else {
				this.rest.add(at, value);
			}
		});
		return calling.choice;
	}

	private @Nullable ToolChoice calling(JsonNode config, String path) {
		Calling calling = new Calling();
		GeminiJson.members(config, path, (name, value) -> {
			switch (name) {
				case "mode" -> calling.mode = value;
				case "allowedFunctionNames" -> calling.names = value;
				default -> this.rest.add(GeminiJson.join(path, name), value);
			}
		});
		String modePath = GeminiJson.join(path, "mode");
		JsonNode mode = calling.mode;
		JsonNode names = calling.names;
		String word = (mode != null) ? GeminiJson.text(mode, modePath).toUpperCase(Locale.ROOT) : "";
		if (word.equals("ANY") && names != null && names.isArray() && names.size() == 1) {
			return ToolChoice.named(GeminiJson.text(names.get(0), path + ".allowedFunctionNames[0]"));
		}
		if (names != null) {
			this.rest.add(GeminiJson.join(path, "allowedFunctionNames"), names);
		}
		return switch (word) {
			case "AUTO" -> ToolChoice.AUTO;
			case "ANY" -> ToolChoice.REQUIRED;
			case "NONE" -> ToolChoice.NONE;
			case "", "MODE_UNSPECIFIED" -> null;
			case "VALIDATED" -> {
				// As free as AUTO, with schemas enforced, which is for others to know.
				this.rest.add(modePath, Objects.requireNonNull(mode));
				yield ToolChoice.AUTO;
			}
			default -> throw new InvalidRequestException("The mode is AUTO, ANY, NONE or VALIDATED.", modePath);
		};
	}

	/** What the calling config says, while it is read. */
	private static final class Calling {

		private @Nullable ToolChoice choice;

		private @Nullable JsonNode mode;

		private @Nullable JsonNode names;

	}

	/** The members, while they are read. */
	private static final class Declaration {

		private @Nullable String name;

		private @Nullable String description;

		private @Nullable Map<String, @Nullable Object> parameters;

	}

}
