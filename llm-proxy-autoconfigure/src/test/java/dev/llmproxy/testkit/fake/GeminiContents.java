package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads Gemini's contents, and the order their turns must have. */
final class GeminiContents {

	/** What Google's documentation offers to those who have lost a signature. */
	private static final Set<String> DUMMY_SIGNATURES = Set.of("context_engineering_is_the_way_to_go",
			"skip_thought_signature_validator");

	private static final List<String> DATA = List.of("text", "inlineData", "fileData", "functionCall",
			"functionResponse", "executableCode", "codeExecutionResult");

	private final ConversationDraft draft;

	private final boolean vertex;

	/** The functions called in the content before, in order. */
	private List<String> called = List.of();

	/** Calls since the user last said something, with what is wrong with them. */
	private final List<String> unsigned = new ArrayList<>();

	private GeminiContents(ConversationDraft draft, boolean vertex) {
		this.draft = draft;
		this.vertex = vertex;
	}

	static void read(Fields request, ConversationDraft draft, boolean vertex) {
		GeminiContents reader = new GeminiContents(draft, vertex);
		List<Fields> contents = request.objects("contents", 1);
		for (int i = 0; i < contents.size(); i++) {
			reader.content(Proto.message(contents.get(i)), i);
		}
		reader.checkAnswered(0);
		if (draft.model.contains("gemini-3") && !reader.unsigned.isEmpty()) {
			throw GeminiWording.error("Function call is missing a thought_signature in functionCall parts. This is "
					+ "required for tools to work correctly, and missing thought_signature may lead to degraded model "
					+ "performance. Additional data, " + reader.unsigned.get(0) + ". Please refer to "
					+ "https://ai.google.dev/gemini-api/docs/thought-signatures for more details.");
		}
	}

	/** The texts of a system instruction. */
	static List<String> instruction(Fields instruction) {
		Fields content = Proto.message(instruction).allow("role", "parts");
		List<String> texts = new ArrayList<>();
		for (Fields raw : content.objects("parts", 1)) {
			Fields part = Proto.message(raw);
			if (!part.has("text")) {
				throw GeminiWording.error("System instruction must only contain text parts.");
			}
			texts.add(part.allow("text").text("text"));
		}
		return texts;
	}

	private void content(Fields content, int index) {
		content.allow("role", "parts");
		String role = content.optText("role");
		boolean known = role == null ? !this.vertex : List.of("user", "model", "function").contains(role);
		if (!known) {
			throw GeminiWording.error("Please use a valid role: user, model.");
		}
		boolean model = "model".equals(role);
		TurnDraft turn = this.draft.turn(model ? Role.ASSISTANT : Role.USER);
		List<String> calls = new ArrayList<>();
		List<Fields> parts = content.objects("parts", 1).stream().map(Proto::message).toList();
		for (Fields part : parts) {
			part(part, turn, calls, index, model);
		}
		checkOrder(turn, calls, index);
		this.called = calls;
		if (!model && turn.results.isEmpty()) {
			this.unsigned.clear();
		}
	}

	private void checkOrder(TurnDraft turn, List<String> calls, int index) {
		if (!turn.results.isEmpty()) {
			if (this.called.isEmpty()) {
				throw GeminiWording.error(
						"Please ensure that function response turn comes immediately after a " + "function call turn.");
			}
			checkAnswered(turn.results.size());
		}
		else {
			checkAnswered(0);
		}
		boolean afterUser = index > 0 && this.draft.turns.get(index - 1).role == Role.USER;
		if (!calls.isEmpty() && !afterUser) {
			throw GeminiWording.error("Please ensure that function call turn comes immediately after a user turn or "
					+ "after a function response turn.");
		}
	}

	private void checkAnswered(int responses) {
		if (this.called.size() != responses) {
			throw GeminiWording.error("Please ensure that the number of function response parts is equal to the "
					+ "number of function call parts of the function call turn.");
		}
	}

	private void part(Fields part, TurnDraft turn, List<String> calls, int index, boolean model) {
		part.allow("text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
				"codeExecutionResult", "thought", "thoughtSignature", "videoMetadata", "mediaResolution",
				"partMetadata");
		String data = null;
		for (String candidate : DATA) {
			if (part.has(candidate)) {
				if (data != null) {
					throw GeminiWording.invalidValue(part.at(candidate), "oneof",
							"oneof field 'data' is already set. Cannot set '" + candidate + "'");
				}
				data = candidate;
			}
		}
		String signature = part.optText("thoughtSignature");
		if (signature != null && !DUMMY_SIGNATURES.contains(signature) && !GeminiSignature.isValid(signature)) {
			throw GeminiWording.error("Corrupted thought signature.");
		}
		if (data == null && signature == null) {
			throw part.invalid("data", "required oneof field 'data' must have one initialized field");
		}
		switch ((data == null) ? "" : data) {
			case "text" -> text(part, turn);
			case "inlineData" -> turn.attachments.add(inline(Proto.message(part.object("inlineData"))));
			case "fileData" -> {
				Fields file = Proto.message(part.object("fileData")).allow("mimeType", "fileUri", "displayName");
				turn.attachments.add("file at " + file.text("fileUri"));
			}
			case "functionCall" -> call(part, turn, calls, index, signature, model);
			case "functionResponse" -> response(part, turn);
			default -> {
			}
		}
	}

	private static void text(Fields part, TurnDraft turn) {
		String text = part.text("text");
		if (!part.flag("thought") && !text.isEmpty()) {
			turn.texts.add(text);
		}
	}

	private static String inline(Fields blob) {
		blob.allow("mimeType", "data", "displayName");
		String type = blob.text("mimeType");
		byte[] bytes = Proto.bytes(blob, "data");
		if (!new Attachments.Inline(type, bytes).isHonest()) {
			throw GeminiWording.error("Unable to process input image. Please retry or report in "
					+ "https://developers.generativeai.google/guide/troubleshooting");
		}
		String kind = type.substring(0, type.indexOf('/') + 1);
		return Attachments.describe(switch (kind) {
			case "image/" -> "image";
			case "audio/" -> "audio";
			case "video/" -> "video";
			default -> "document";
		}, type, bytes);
	}

	private void call(Fields part, TurnDraft turn, List<String> calls, int index, @Nullable String signature,
			boolean model) {
		Fields call = Proto.message(part.object("functionCall")).allow("name", "args", "id");
		String name = call.text("name");
		call.optObject("args");
		if (!model) {
			throw GeminiWording.error("Please ensure that function call turn has the role 'model'.");
		}
		if (calls.isEmpty() && signature == null) {
			this.unsigned.add("function call `default_api:" + name + "` , position " + (index + 1));
		}
		calls.add(name);
		turn.calls++;
	}

	private void response(Fields part, TurnDraft turn) {
		Fields response = Proto.message(part.object("functionResponse"))
			.allow("name", "response", "id", "willContinue", "scheduling", "parts");
		String name = response.text("name");
		if (name.isEmpty()) {
			throw response.invalid("name", "Name cannot be empty.");
		}
		if (!this.called.isEmpty() && !this.called.contains(name)) {
			throw response.invalid("name", "no function of this name was called in the turn before.");
		}
		JsonNode content = response.object("response").node();
		boolean error = content.has("error");
		for (Fields nested : response.optObjects("parts")) {
			turn.attachments.add(inline(Proto.message(Proto.message(nested).object("inlineData"))));
		}
		turn.results.add(new ToolResult(name, resultText(content), error));
	}

	private static String resultText(JsonNode content) {
		for (String name : List.of("output", "result", "error", "content")) {
			if (content.path(name).isString()) {
				return content.get(name).asString();
			}
		}
		return Json.write(content);
	}

}
