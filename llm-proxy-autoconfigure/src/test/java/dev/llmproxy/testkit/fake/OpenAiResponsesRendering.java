package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.testkit.fake.Answer.Finish;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer as a response object, whole or as its lifecycle events. */
final class OpenAiResponsesRendering {

	private final FakeState state;

	private final String id;

	private final ObjectNode request;

	private final Conversation conversation;

	private final Answer answer;

	private final List<ObjectNode> output;

	private final List<String> frames = new ArrayList<>();

	private boolean obfuscation;

	OpenAiResponsesRendering(FakeState state, ObjectNode request, Conversation conversation, Answer answer,
			boolean summary, boolean encrypted) {
		this.state = state;
		this.id = state.id("resp_");
		this.request = request;
		this.conversation = conversation;
		this.answer = answer;
		this.output = output(summary, encrypted);
	}

	private List<ObjectNode> output(boolean summary, boolean encrypted) {
		List<ObjectNode> items = new ArrayList<>();
		String reasoning = this.answer.reasoning();
		if (reasoning != null) {
			String itemId = this.state.id("rs_");
			ObjectNode item = Json.object("id", itemId, "type", "reasoning", "summary",
					summary ? Json.array(Json.object("type", "summary_text", "text", reasoning)) : Json.array());
			if (encrypted) {
				item.put("encrypted_content", OpenAiInput.encrypt(reasoning));
			}
			items.add(item);
		}
		if (!this.answer.text().isEmpty() || this.answer.toolCalls().isEmpty()) {
			ObjectNode part = (this.answer.finish() == Finish.REFUSAL)
					? Json.object("type", "refusal", "refusal", this.answer.text()) : textPart(this.answer.text());
			items.add(Json.object("id", this.state.id("msg_"), "type", "message", "status", status(), "role",
					"assistant", "content", Json.array(part)));
		}
		for (Answer.ToolCall call : this.answer.toolCalls()) {
			items.add(Json.object("id", this.state.id("fc_"), "type", "function_call", "status", "completed",
					"arguments", Json.write(call.arguments()), "call_id", this.state.id("call_"), "name", call.name()));
		}
		return items;
	}

	private static ObjectNode textPart(String text) {
		return Json.object("type", "output_text", "annotations", Json.array(), "logprobs", Json.array(), "text", text);
	}

	private String status() {
		return (this.answer.finish() == Finish.LENGTH) ? "incomplete" : "completed";
	}

	ObjectNode whole() {
		ObjectNode response = response(status(), Json.array(this.output));
		if (this.answer.finish() == Finish.LENGTH) {
			response.set("incomplete_details", Json.object("reason", "max_output_tokens"));
		}
		int input = this.conversation.inputTokens();
		int tokens = this.answer.outputTokens();
		response.set("usage", Json.object("input_tokens", input, "input_tokens_details",
				Json.object("cached_tokens", this.conversation.cachedTokens(), "cache_write_tokens",
						this.conversation.cacheWrittenTokens()),
				"output_tokens", tokens, "output_tokens_details",
				Json.object("reasoning_tokens", this.answer.reasoningTokens()), "total_tokens", input + tokens));
		return response;
	}

	private ObjectNode response(String status, ArrayNode items) {
		ObjectNode reasoning = Json.object("effort", this.request.at("/reasoning/effort").asString(null), "summary",
				this.request.at("/reasoning/summary").asString(null));
		JsonNode format = this.request.at("/text/format");
		return Json.object("id", this.id, "object", "response", "created_at", FakeState.CREATED, "status", status,
				"background", false, "error", null, "incomplete_details", null, "instructions",
				this.request.get("instructions"), "max_output_tokens", this.request.get("max_output_tokens"),
				"max_tool_calls", null, "model", this.conversation.model(), "output", items, "parallel_tool_calls",
				this.conversation.parallel(), "previous_response_id", this.request.get("previous_response_id"),
				"reasoning", reasoning, "service_tier", "default", "store", orElse("store", true), "temperature",
				orElse("temperature", 1.0), "text",
				Json.object("format", format.isMissingNode() ? Json.object("type", "text") : format, "verbosity",
						"medium"),
				"tool_choice", orElse("tool_choice", "auto"), "tools", orElse("tools", List.of()), "top_logprobs", 0,
				"top_p", orElse("top_p", 1.0), "truncation", orElse("truncation", "disabled"), "usage", null, "user",
				this.request.get("user"), "metadata", orElse("metadata", Json.object()));
	}

	private JsonNode orElse(String field, Object otherwise) {
		JsonNode value = this.request.get(field);
		return (value == null || value.isNull()) ? Json.node(otherwise) : value;
	}

	/** The frames of a stream. */
	List<String> events(boolean obfuscation) {
		this.obfuscation = obfuscation;
		event("response.created", "response", response("in_progress", Json.array()));
		event("response.in_progress", "response", response("in_progress", Json.array()));
		for (int index = 0; index < this.output.size(); index++) {
			ObjectNode item = this.output.get(index);
			ObjectNode started = item.deepCopy();
			switch (item.get("type").asString()) {
				case "reasoning" -> {
					started.set("summary", Json.array());
					event("response.output_item.added", "output_index", index, "item", started);
					reasoning(index, item);
				}
				case "message" -> {
					started.put("status", "in_progress").set("content", Json.array());
					event("response.output_item.added", "output_index", index, "item", started);
					message(index, item);
				}
				default -> {
					started.put("status", "in_progress").put("arguments", "");
					event("response.output_item.added", "output_index", index, "item", started);
					call(index, item);
				}
			}
			event("response.output_item.done", "output_index", index, "item", item);
		}
		boolean cut = this.answer.finish() == Finish.LENGTH;
		event(cut ? "response.incomplete" : "response.completed", "response", whole());
		return this.frames;
	}

	private void reasoning(int index, ObjectNode item) {
		JsonNode itemId = item.get("id");
		for (int i = 0; i < item.get("summary").size(); i++) {
			String text = item.get("summary").get(i).get("text").asString();
			Object[] at = { "item_id", itemId, "output_index", index, "summary_index", i };
			event("response.reasoning_summary_part.added",
					and(at, "part", Json.object("type", "summary_text", "text", "")));
			for (String word : Pieces.words(text)) {
				event("response.reasoning_summary_text.delta", and(at, "delta", word));
			}
			event("response.reasoning_summary_text.done", and(at, "text", text));
			event("response.reasoning_summary_part.done",
					and(at, "part", Json.object("type", "summary_text", "text", text)));
		}
	}

	private void message(int index, ObjectNode item) {
		Object[] at = { "item_id", item.get("id"), "output_index", index, "content_index", 0 };
		JsonNode part = item.get("content").get(0);
		boolean refusal = part.get("type").asString().equals("refusal");
		String name = refusal ? "refusal" : "output_text";
		event("response.content_part.added",
				and(at, "part", refusal ? Json.object("type", "refusal", "refusal", "") : textPart("")));
		for (String word : Pieces.words(this.answer.text())) {
			Object[] delta = and(at, "delta", word);
			event("response." + name + ".delta", refusal ? delta : and(delta, "logprobs", Json.array()));
		}
		Object[] done = and(at, refusal ? "refusal" : "text", this.answer.text());
		event("response." + name + ".done", refusal ? done : and(done, "logprobs", Json.array()));
		event("response.content_part.done", and(at, "part", part));
	}

	private void call(int index, ObjectNode item) {
		Object[] at = { "item_id", item.get("id"), "output_index", index };
		String arguments = item.get("arguments").asString();
		for (String piece : Pieces.of(arguments, 7)) {
			event("response.function_call_arguments.delta", and(at, "delta", piece));
		}
		event("response.function_call_arguments.done", and(at, "arguments", arguments));
	}

	private static Object[] and(Object[] fields, String name, @Nullable Object value) {
		Object[] longer = Arrays.copyOf(fields, fields.length + 2);
		longer[fields.length] = name;
		longer[fields.length + 1] = Objects.requireNonNull(value);
		return longer;
	}

	private void event(String type, Object... fields) {
		ObjectNode event = Json.object("type", type, "sequence_number", this.frames.size());
		event.setAll(Json.object(fields));
		if (this.obfuscation && type.endsWith(".delta")) {
			event.put("obfuscation", "x".repeat(1 + Json.write(event).length() % 16));
		}
		this.frames.add("event: " + type + "\ndata: " + Json.write(event) + "\n\n");
	}

}
