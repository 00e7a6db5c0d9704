package dev.llmproxy.testkit.fake;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.fake.Conversation.Tool;
import dev.llmproxy.testkit.fake.Conversation.ToolChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What chat completions and responses have in common in tools and formats. */
final class OpenAiTools {

	private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

	private static final JsonNode NO_PARAMETERS = Json.object("type", "object", "properties", Json.object());

	private OpenAiTools() {
	}

	/** Reads name, parameters and strictness of a function. */
	static Tool function(Fields function, boolean strictByDefault) {
		String name = name(function);
		function.optText("description");
		Fields parameters = function.optObject("parameters");
		if (parameters == null) {
			return new Tool(name, NO_PARAMETERS);
		}
		String type = parameters.optText("type");
		if (!"object".equals(type)) {
			throw schemaError(function, "parameters", "Invalid schema for function '" + name
					+ "': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"" + type + "\"'.");
		}
		if (function.flag("strict", strictByDefault)) {
			String complaint = StrictSchema.complaint(parameters.node(), true);
			if (complaint != null) {
				throw schemaError(function, "parameters", "Invalid schema for function '" + name + "': " + complaint);
			}
		}
		return new Tool(name, parameters.node());
	}

	private static String name(Fields holder) {
		String name = holder.text("name");
		if (!NAME.matcher(name).matches()) {
			throw holder.invalid("name", "Invalid '" + holder.at("name")
					+ "': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.");
		}
		return name;
	}

	private static RejectedRequest schemaError(Fields holder, String field, String message) {
		return OpenAiWording.error("invalid_function_parameters", holder.at(field), message);
	}

	/** Reads the schema of a structured answer. */
	static JsonNode answerSchema(Fields format) {
		String name = name(format);
		format.optText("description");
		Fields schema = format.object("schema");
		if (format.flag("strict")) {
			String complaint = StrictSchema.complaint(schema.node(), true);
			if (complaint != null) {
				throw OpenAiWording.error(null, format.at("schema"),
						"Invalid schema for response_format '" + name + "': " + complaint);
			}
		}
		return schema.node();
	}

	/** Reads a tool choice that is a word; {@code null} if it is an object. */
	static @Nullable ToolChoice choice(Fields request, ConversationDraft draft) {
		JsonNode choice = request.get("tool_choice");
		if (choice == null) {
			return ToolChoice.AUTO;
		}
		if (draft.tools.isEmpty() && !choice.asString("").equals("none")) {
			throw request.invalid("tool_choice",
					"Invalid value for 'tool_choice': 'tool_choice' is only allowed when " + "'tools' are specified.");
		}
		if (!choice.isString()) {
			return null;
		}
		return switch (request.oneOf("tool_choice", "none", "auto", "required")) {
			case "none" -> ToolChoice.NONE;
			case "required" -> ToolChoice.REQUIRED;
			default -> ToolChoice.AUTO;
		};
	}

	static ToolChoice named(Fields request, ConversationDraft draft, String name) {
		if (!draft.offers(name)) {
			throw OpenAiWording.error(null, request.at("tool_choice"),
					"Tool choice 'function' not found in 'tools' parameter.");
		}
		return new ToolChoice(ToolChoice.Mode.REQUIRED, name);
	}

	/** JSON mode needs the word in some message, or the model might never end. */
	static void checkJsonIsMentioned(ConversationDraft draft, Path at, String in) {
		boolean mentioned = draft.system.stream().anyMatch(OpenAiTools::mentionsJson)
				|| draft.turns.stream().anyMatch((turn) -> turn.texts.stream().anyMatch(OpenAiTools::mentionsJson));
		if (!mentioned) {
			throw OpenAiWording.error(null, at, "'" + in + "' must contain the word 'json' in some form, to use '" + at
					+ "' of type 'json_object'.");
		}
	}

	private static boolean mentionsJson(String text) {
		return text.toLowerCase(Locale.ROOT).contains("json");
	}

	/** The models that think before they answer take no sampling parameters. */
	static boolean isReasoningModel(String model) {
		return model.matches("(o[0-9]|gpt-[5-9]).*");
	}

	/** Whether the request wants the model to think, which older models can not. */
	static boolean reasons(Fields holder, String field, String model) {
		String effort = holder.optOneOf(field, "none", "minimal", "low", "medium", "high", "xhigh", "max");
		if (effort != null && model.matches("gpt-[34].*")) {
			throw OpenAiWording.error("unsupported_parameter", holder.at(field),
					"Unsupported parameter: '" + holder.at(field) + "' is not supported with this model.");
		}
		return effort != null && !effort.equals("none");
	}

	/** Sampling parameters exclude thinking, in the models that think. */
	static void checkSampling(Fields request, String model, boolean thinksNot) {
		Double temperature = request.optNumber("temperature", 0, 2);
		Double topP = request.optNumber("top_p", 0, 1);
		if (thinksNot || !isReasoningModel(model)) {
			return;
		}
		for (String name : List.of("temperature", "top_p")) {
			Double value = name.equals("top_p") ? topP : temperature;
			if (value != null && value != 1) {
				throw OpenAiWording.error("unsupported_value", request.at(name), "Unsupported value: '" + name
						+ "' does not support " + value + " with this model. Only the default (1) value is supported.");
			}
		}
	}

	/** An image given as a data URL or an address. */
	static String image(Fields holder, String field, String url) {
		if (url.startsWith("https://") || url.startsWith("http://")) {
			return "image at " + url;
		}
		Attachments.Inline image = Attachments.dataUrl(url);
		if (image == null) {
			throw OpenAiWording.error("invalid_image_url", holder.at(field),
					"Invalid image URL: Expected a valid URL or a base64-encoded data URL.");
		}
		boolean known = List.of("image/png", "image/jpeg", "image/gif", "image/webp").contains(image.mediaType());
		if (!known || !image.isHonest()) {
			throw OpenAiWording.error("invalid_image_format", holder.at(field),
					"You uploaded an unsupported image. Please make sure your image has of one the following formats: "
							+ "['png', 'jpeg', 'gif', 'webp'].");
		}
		return image.describe("image");
	}

	/** A file given as a data URL with a name, or by an identifier. */
	static String file(Fields file) {
		String id = file.optText("file_id");
		if (id != null) {
			return "document " + id;
		}
		String data = file.text("file_data");
		file.text("filename");
		Attachments.Inline document = Attachments.dataUrl(data);
		if (document == null) {
			throw file.invalid("file_data", "Invalid file data: '" + file.at("file_data")
					+ "'. Expected a base64-encoded data URL with an application/pdf MIME type.");
		}
		return document.describe("document");
	}

}
