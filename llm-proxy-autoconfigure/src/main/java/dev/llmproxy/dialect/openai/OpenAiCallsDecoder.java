package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.DecodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts the fragments of one choice's calls in order. OpenAI numbers the calls and gives
 * identifier and name with the first fragment; vendors send whole calls at once, all with
 * the same number or with none, or tell the name late or the identifier never.
 */
final class OpenAiCallsDecoder {

	private final String answerId;

	private final int choice;

	private final List<Call> calls = new ArrayList<>();

	/** How many calls were announced; their order is that of the announcements. */
	private int started;

	private @Nullable Call function;

	OpenAiCallsDecoder(String answerId, int choice) {
		this.answerId = answerId;
		this.choice = choice;
	}

	boolean any() {
		return this.started > 0;
	}

	void accept(JsonNode fragment, Consumer<ChatEvent> sink) {
		JsonNode custom = fragment.path("custom");
		JsonNode function = custom.isObject() ? custom : fragment.path("function");
		String id = OpenAiJson.nonEmpty(fragment.path("id"));
		String name = OpenAiJson.nonEmpty(function.path("name"));
		Call call = find(fragment.path("index"), id, name);
		call.custom |= custom.isObject();
		call.id = (call.id != null) ? call.id : id;
		call.name = (call.name != null) ? call.name : name;
		Signature signature = OpenAiToolCalls.signature(fragment);
		call.signature = (call.signature != null) ? call.signature : signature;
		extend(call, call.custom ? custom.path("input") : function.path("arguments"), sink);
	}

	/** The older form, of which an answer has one at most. */
	void acceptFunction(JsonNode function, Consumer<ChatEvent> sink) {
		if (!function.isObject()) {
			return;
		}
		Call call = this.function;
		if (call == null) {
			call = new Call(-1);
			this.function = call;
			this.calls.add(call);
		}
		call.name = (call.name != null) ? call.name : OpenAiJson.nonEmpty(function.path("name"));
		extend(call, function.path("arguments"), sink);
	}

	private Call find(JsonNode number, @Nullable String id, @Nullable String name) {
		int wanted = number.isIntegralNumber() ? number.asInt(-1) : -1;
		for (int i = this.calls.size() - 1; i >= 0; i--) {
			Call call = this.calls.get(i);
			if (call == this.function) {
				continue;
			}
			boolean same = (wanted >= 0) ? call.number == wanted
					: (id != null) ? id.equals(call.id) : (name == null || call.name == null);
			if (same) {
				// Another identifier and a name besides: another whole call.
				boolean another = wanted >= 0 && id != null && name != null && call.id != null && !id.equals(call.id);
				return another ? add(wanted) : call;
			}
		}
		return add(wanted);
	}

	private Call add(int number) {
		Call call = new Call(number);
		this.calls.add(call);
		return call;
	}

	private void extend(Call call, JsonNode arguments, Consumer<ChatEvent> sink) {
		String fragment = arguments.isObject() ? OpenAiJson.text(arguments) : OpenAiJson.nonEmpty(arguments);
		if (fragment != null) {
			call.waiting.append(fragment);
		}
		if (call.index < 0 && call.name != null) {
			start(call, call.name, sink);
		}
		if (call.index >= 0 && !call.custom) {
			flush(call, sink);
		}
	}

	private void start(Call call, String name, Consumer<ChatEvent> sink) {
		call.index = this.started++;
		String id = (call.id != null) ? call.id
				: OpenAiToolCalls.inventedId(this.answerId, this.choice, call.index, name);
		call.id = id;
		sink.accept(new ChatEvent.ToolCallStarted(this.choice, call.index, id, name, call.signature));
	}

	private void flush(Call call, Consumer<ChatEvent> sink) {
		if (!call.waiting.isEmpty()) {
			sink.accept(new ChatEvent.ToolCallDelta(this.choice, call.index, call.waiting.toString()));
			call.waiting.setLength(0);
		}
	}

	/** No more fragments will come. */
	void end(Consumer<ChatEvent> sink) {
		for (Call call : this.calls) {
			if (call.index < 0 && (call.id != null || !call.waiting.isEmpty())) {
				throw new DecodingException("a tool call without a name");
			}
			if (call.custom && call.index >= 0) {
				String input = call.waiting.toString();
				call.waiting.setLength(0);
				call.waiting.append(OpenAiToolCalls.customArguments(input));
				flush(call, sink);
			}
		}
	}

	/** A call in the making. */
	private static final class Call {

		/** The provider's; −1 if it gives none. */
		private final int number;

		/** Ours; −1 until it is announced. */
		private int index = -1;

		private @Nullable String id;

		private @Nullable String name;

		private @Nullable Signature signature;

		private boolean custom;

		private final StringBuilder waiting = new StringBuilder();

		Call(int number) {
			this.number = number;
		}

	}

}
