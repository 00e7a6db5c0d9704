package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

import dev.llmproxy.chat.CacheControl;
import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Requests and answers by chance, the same for the same seed: everything the canonical
 * model can say, in shapes that a provider or a caller could have meant.
 */
final class RandomChats {

	private static final List<String> TEXTS = List.of("Hello", " world", "Grüße, 世界", "\uD83D\uDE00 ok", "a \"b\" \\ c",
			"line\nline\r\n\ttab", "{\"a\":[1,2]}", "data: [DONE]\n\n", "\u2028\u2029", "\u0001\u007f", "</think>",
			"\"usage\":{\"prompt_tokens\":1}", "\"error\"", "0", " ");

	private static final List<String> ARGUMENTS = List.of("{}", "{\"city\":\"Köln\"}",
			"{\"a\":{\"b\":[1,2.50,1e3,null,true]},\"c\":\"\\\"q\\\"\"}", "{\"n\":12345678901234567890}");

	private static final List<String> NAMES = List.of("get_weather", "search", "run-code", "lookup_2");

	private final Random random;

	RandomChats(long seed) {
		this.random = new Random(seed);
	}

	ChatRequest request() {
		ChatRequest.Builder request = ChatRequest.builder(pick(List.of("some-model", "vendor/model:free", "m")));
		List<Tool> tools = chance(2) ? list(1, 3, this::tool) : List.of();
		request.messages(messages()).tools(tools);
		if (!tools.isEmpty() && chance(2)) {
			request.toolChoice(toolChoice(tools));
		}
		request.parallelToolCalls(maybe(() -> chance(2)))
			.maxTokens(maybe(() -> 1 + this.random.nextInt(100_000)))
			.temperature(maybe(() -> this.random.nextInt(11) / 10.0))
			.topP(maybe(() -> this.random.nextInt(11) / 10.0))
			.topK(maybe(() -> 1 + this.random.nextInt(100)))
			.frequencyPenalty(maybe(() -> 0.5))
			.presencePenalty(maybe(() -> -0.5))
			.seed(maybe(this.random::nextLong))
			.stop(chance(3) ? list(1, 6, () -> pick(List.of("END", "\n\n", "###"))) : List.of())
			.n(chance(8) ? 2 : 1)
			.responseFormat(maybe(this::responseFormat))
			.reasoning(maybe(this::reasoning))
			.user(maybe(() -> "user-1"))
			.metadata(chance(4) ? Map.of("trace", "abc") : Map.of())
			.serviceTier(maybe(() -> pick(List.of("auto", "default", "flex", "standard_only"))));
		if (chance(2)) {
			request.stream(true).includeUsage(chance(2));
		}
		if (chance(3)) {
			request.rest("$dialect", "elsewhere").rest("novelty", Map.of("deep", List.of(1, "two")));
			request.rest("messages[0].novelty", true);
		}
		return request.build();
	}

	private List<Message> messages() {
		List<Message> messages = new ArrayList<>();
		if (chance(2)) {
			messages.add(new Message(chance(3) ? Role.DEVELOPER : Role.SYSTEM, list(1, 2, this::text)));
		}
		int turns = 1 + this.random.nextInt(4);
		for (int turn = 0; turn < turns; turn++) {
			messages.add(new Message(Role.USER, list(1, 3, this::input), chance(6) ? "alice" : null));
			if (chance(5)) {
				messages.add(Message.text(Role.USER, text().text()));
			}
			if (turn < turns - 1 || chance(3)) {
				answer(messages, turn);
			}
		}
		return messages;
	}

	/** A turn of the model, and the results of the tools that it called. */
	private void answer(List<Message> messages, int turn) {
		List<Part> parts = new ArrayList<>(chance(3) ? list(1, 2, this::thought) : List.of());
		if (chance(2)) {
			parts.add(text());
		}
		else if (chance(6)) {
			parts.add(new Part.Refusal("I can't."));
		}
		int calls = chance(2) ? 1 + this.random.nextInt(3) : 0;
		List<Part> results = new ArrayList<>();
		for (int call = 0; call < calls; call++) {
			Part.ToolCall made = call("call_" + turn + "_" + call);
			parts.add(made);
			results.add(new Part.ToolResult(made.id(), chance(2) ? made.name() : null,
					list(0, 2, () -> chance(4) ? image() : text()), chance(6), cacheControl()));
		}
		if (parts.isEmpty()) {
			parts.add(text());
		}
		messages.add(new Message(Role.ASSISTANT, parts));
		if (chance(2)) {
			results.forEach((result) -> messages.add(new Message(Role.TOOL, List.of(result))));
		}
		else if (!results.isEmpty()) {
			messages.add(new Message(Role.TOOL, results));
		}
	}

	private Part input() {
		return switch (this.random.nextInt(8)) {
			case 0 -> image();
			case 1 -> new Part.Audio(new MediaSource.Inline("audio/wav", base64()));
			case 2 -> new Part.Document(document(), chance(2) ? "report.pdf" : null, cacheControl());
			case 3 -> Part.text("");
			default -> text();
		};
	}

	private MediaSource document() {
		return switch (this.random.nextInt(4)) {
			case 0 -> new MediaSource.Url("https://example.org/a.pdf");
			case 1 -> new MediaSource.FileId("file-1");
			case 2 -> new MediaSource.PlainText("plain");
			default -> new MediaSource.Inline("application/pdf", base64());
		};
	}

	private Part.Image image() {
		MediaSource source = chance(2) ? new MediaSource.Url("https://example.org/a.png")
				: new MediaSource.Inline("image/png", base64());
		return new Part.Image(source, chance(3) ? "low" : null, cacheControl());
	}

	private Part.Text text() {
		StringBuilder text = new StringBuilder();
		for (int i = this.random.nextInt(4); i >= 0; i--) {
			text.append(pick(TEXTS));
		}
		return new Part.Text(text.toString(), cacheControl());
	}

	private Part.Reasoning thought() {
		if (chance(4)) {
			return new Part.Reasoning("", null, signature());
		}
		return new Part.Reasoning(text().text(), chance(3) ? null : signature());
	}

	private Signature signature() {
		return new Signature(pick(List.of("openai", "responses", "anthropic", "gemini", "bedrock")), base64());
	}

	private Part.ToolCall call(String id) {
		return new Part.ToolCall(id, pick(NAMES), pick(ARGUMENTS), chance(4) ? signature() : null, null);
	}

	private Tool tool() {
		if (chance(6)) {
			return new Tool.Hosted("elsewhere", "web_search", Map.of("type", "web_search"));
		}
		Map<String, @Nullable Object> schema = new LinkedHashMap<>();
		schema.put("type", "object");
		schema.put("properties", Map.of("city", Map.of("type", "string")));
		schema.put("required", List.of("city"));
		return new Tool.Function(pick(NAMES), chance(2) ? "Does it." : null, chance(4) ? null : schema,
				maybe(() -> chance(2)), cacheControl());
	}

	private ToolChoice toolChoice(List<Tool> tools) {
		return switch (this.random.nextInt(4)) {
			case 0 -> ToolChoice.AUTO;
			case 1 -> ToolChoice.NONE;
			case 2 -> ToolChoice.REQUIRED;
			default -> ToolChoice.named(tools.get(0).name());
		};
	}

	private ResponseFormat responseFormat() {
		return switch (this.random.nextInt(3)) {
			case 0 -> new ResponseFormat.Text();
			case 1 -> new ResponseFormat.JsonObject();
			default -> new ResponseFormat.JsonSchema("answer", chance(2) ? "An answer." : null,
					Map.of("type", "object"), maybe(() -> true));
		};
	}

	private ReasoningConfig reasoning() {
		return switch (this.random.nextInt(4)) {
			case 0 -> ReasoningConfig.effort(pick(List.of("none", "minimal", "low", "medium", "high")));
			case 1 -> new ReasoningConfig(true, null, 1024 + this.random.nextInt(20_000), null);
			case 2 -> new ReasoningConfig(false, null, null, null);
			default -> new ReasoningConfig(null, "high", null, "auto");
		};
	}

	private @Nullable CacheControl cacheControl() {
		return chance(6) ? new CacheControl(chance(2) ? "1h" : null) : null;
	}

	/** An answer of that many choices, each in the order thoughts, text, calls. */
	ChatResponse response(int choices) {
		List<ChatResponse.Choice> list = new ArrayList<>();
		for (int index = 0; index < choices; index++) {
			list.add(choice(index));
		}
		long input = 10 + this.random.nextInt(1000);
		long output = 10 + this.random.nextInt(1000);
		Usage usage = chance(2) ? Usage.of(input, output) : new Usage(input, output, this.random.nextInt(5),
				this.random.nextInt(5), this.random.nextInt(10), 0, 0, false);
		return new ChatResponse("answer-1", "some-model", 1_700_000_000L, list, usage, null);
	}

	private ChatResponse.Choice choice(int index) {
		List<Part> parts = new ArrayList<>();
		// Two blocks of thoughts in a row need a proof between them to be told apart.
		if (chance(3)) {
			parts.add(new Part.Reasoning(text().text(), signature()));
			if (chance(2)) {
				parts.add(new Part.Reasoning("", null, signature()));
			}
		}
		if (chance(3)) {
			parts.add(new Part.Reasoning(text().text(), null));
		}
		if (chance(8)) {
			parts.add(new Part.Refusal("I can't."));
			return new ChatResponse.Choice(index, parts, FinishReason.REFUSAL, null);
		}
		int calls = chance(2) ? 1 + this.random.nextInt(3) : 0;
		if (calls == 0 || chance(2)) {
			parts.add(Part.text(text().text()));
		}
		for (int call = 0; call < calls; call++) {
			parts.add(call("call_" + index + "_" + call));
		}
		FinishReason reason = (calls > 0) ? FinishReason.TOOL_CALLS
				: pick(List.of(FinishReason.STOP, FinishReason.STOP, FinishReason.LENGTH, FinishReason.CONTENT_FILTER));
		return new ChatResponse.Choice(index, parts, reason, null);
	}

	/**
	 * The events of the answer, cut into small deltas; the arguments of parallel calls
	 * arrive in turns.
	 */
	List<ChatEvent> events(ChatResponse response) {
		List<ChatEvent> events = new ArrayList<>();
		events.add(new ChatEvent.Started(response.id(), response.model(), response.created()));
		for (ChatResponse.Choice choice : response.choices()) {
			int index = choice.index();
			List<List<ChatEvent>> calls = new ArrayList<>();
			for (Part part : choice.parts()) {
				if (part instanceof Part.ToolCall call) {
					calls.add(events(index, calls.size(), call));
				}
				else {
					addEvents(events, index, part);
				}
			}
			interleave(events, calls);
			events.add(new ChatEvent.Finished(index, choice.finishReason(), choice.stopSequence()));
		}
		if (response.usage() != null) {
			events.add(new ChatEvent.UsageReported(response.usage()));
		}
		return events;
	}

	private List<ChatEvent> events(int choice, int index, Part.ToolCall call) {
		List<ChatEvent> events = new ArrayList<>();
		events.add(new ChatEvent.ToolCallStarted(choice, index, call.id(), call.name(), call.signature()));
		cut(call.arguments()).forEach((piece) -> events.add(new ChatEvent.ToolCallDelta(choice, index, piece)));
		return events;
	}

	private void addEvents(List<ChatEvent> events, int choice, Part part) {
		if (part instanceof Part.Text text) {
			cut(text.text()).forEach((piece) -> events.add(new ChatEvent.TextDelta(choice, piece)));
		}
		else if (part instanceof Part.Refusal refusal) {
			cut(refusal.text()).forEach((piece) -> events.add(new ChatEvent.RefusalDelta(choice, piece)));
		}
		else if (part instanceof Part.Reasoning reasoning) {
			cut(reasoning.text()).forEach((piece) -> events.add(new ChatEvent.ReasoningDelta(choice, piece)));
			if (reasoning.redacted() != null) {
				events.add(new ChatEvent.ReasoningRedacted(choice, reasoning.redacted()));
			}
			else if (reasoning.signature() != null) {
				events.add(new ChatEvent.ReasoningSigned(choice, reasoning.signature()));
			}
		}
	}

	/** Starts in the order of the calls, deltas in any. */
	private void interleave(List<ChatEvent> events, List<List<ChatEvent>> calls) {
		List<List<ChatEvent>> open = new ArrayList<>();
		List<List<ChatEvent>> waiting = new ArrayList<>(calls);
		while (!open.isEmpty() || !waiting.isEmpty()) {
			if (open.isEmpty() || (!waiting.isEmpty() && chance(4))) {
				open.add(waiting.remove(0));
				events.add(open.get(open.size() - 1).remove(0));
			}
			else {
				List<ChatEvent> call = pick(open);
				if (call.isEmpty()) {
					open.remove(call);
				}
				else {
					events.add(call.remove(0));
				}
			}
		}
	}

	/** Pieces of a text, never inside a surrogate pair. */
	private List<String> cut(String text) {
		List<String> pieces = new ArrayList<>();
		for (int from = 0; from < text.length();) {
			int to = Math.min(text.length(), from + 1 + this.random.nextInt(6));
			if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
				to++;
			}
			pieces.add(text.substring(from, to));
			from = to;
		}
		return pieces;
	}

	byte[] bytes(int maxLength) {
		byte[] bytes = new byte[this.random.nextInt(maxLength + 1)];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private String base64() {
		return Base64.getEncoder().encodeToString(("proof " + this.random.nextInt()).getBytes(StandardCharsets.UTF_8));
	}

	private <T> List<T> list(int least, int most, Supplier<? extends T> element) {
		List<T> list = new ArrayList<>();
		for (int i = least + this.random.nextInt(most - least + 1); i > 0; i--) {
			list.add(element.get());
		}
		return list;
	}

	private <T> @Nullable T maybe(Supplier<T> value) {
		return chance(3) ? value.get() : null;
	}

	private <T> T pick(List<T> list) {
		return list.get(this.random.nextInt(list.size()));
	}

	/** True once in that many times. */
	private boolean chance(int times) {
		return this.random.nextInt(times) == 0;
	}

}
