package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
		ToolChoice[] choice = new ToolChoice[1];
		GeminiJson.members(config, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			if (name.equals("functionCallingConfig")) {
				choice[0] = calling(value, at);
			}
			else {
				this.rest.add(at, value);
			}
		});
		return choice[0];
	}

	private @Nullable ToolChoice calling(JsonNode config, String path) {
		JsonNode[] mode = new JsonNode[1];
		JsonNode[] names = new JsonNode[1];
		GeminiJson.members(config, path, (name, value) -> {
			switch (name) {
				case "mode" -> mode[0] = value;
				case "allowedFunctionNames" -> names[0] = value;
				default -> this.rest.add(GeminiJson.join(path, name), value);
			}
		});
		String modePath = GeminiJson.join(path, "mode");
		String word = (mode[0] != null) ? GeminiJson.text(mode[0], modePath).toUpperCase(Locale.ROOT) : "";
		if (word.equals("ANY") && names[0] != null && names[0].isArray() && names[0].size() == 1) {
			return ToolChoice.named(GeminiJson.text(names[0].get(0), path + ".allowedFunctionNames[0]"));
		}
		if (names[0] != null) {
			this.rest.add(GeminiJson.join(path, "allowedFunctionNames"), names[0]);
		}
		return switch (word) {
			case "AUTO" -> ToolChoice.AUTO;
			case "ANY" -> ToolChoice.REQUIRED;
			case "NONE" -> ToolChoice.NONE;
			case "", "MODE_UNSPECIFIED" -> null;
			case "VALIDATED" -> {
				// As free as AUTO, with schemas enforced, which is for others to know.
				this.rest.add(modePath, mode[0]);
				yield ToolChoice.AUTO;
			}
			default -> throw new InvalidRequestException("The mode is AUTO, ANY, NONE or VALIDATED.", modePath);
		};
	}

	/** The members, while they are read. */
	private static final class Declaration {

		private @Nullable String name;

		private @Nullable String description;

		private @Nullable Map<String, @Nullable Object> parameters;

	}

}
