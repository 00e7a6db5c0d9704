package dev.llmproxy.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** Puts a streamed answer together to a whole one; not thread-safe. */
public final class ChatResponseAssembler {

	private final Map<Integer, ChoiceAssembler> choices = new TreeMap<>();

	private String id = "";

	private String model = "";

	private long created;

	private @Nullable Usage usage;

	private @Nullable LlmError error;

	public void accept(ChatEvent event) {
		if (event instanceof ChatEvent.Started started) {
			this.id = started.id();
			this.model = started.model();
			this.created = started.created();
		}
		else if (event instanceof ChatEvent.TextDelta delta) {
			choice(delta.choice()).text(delta.text());
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			choice(delta.choice()).refusal(delta.text());
		}
		else if (event instanceof ChatEvent.ReasoningDelta delta) {
			choice(delta.choice()).reasoning(delta.text());
		}
		else if (event instanceof ChatEvent.ReasoningSigned signed) {
			choice(signed.choice()).sign(signed.signature());
		}
		else if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			choice(redacted.choice()).add(new Part.Reasoning("", null, redacted.data()));
		}
		else if (event instanceof ChatEvent.ToolCallStarted call) {
			choice(call.choice()).startCall(call);
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			choice(delta.choice()).arguments(delta.index(), delta.arguments());
		}
		else if (event instanceof ChatEvent.Finished finished) {
			choice(finished.choice()).finish(finished);
		}
		else if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = reported.usage();
		}
		else if (event instanceof ChatEvent.Failed failed) {
			this.error = failed.error();
		}
	}

	/** The failure that ended the stream, if one did. */
	public @Nullable LlmError error() {
		return this.error;
	}

	public ChatResponse assemble() {
		List<ChatResponse.Choice> assembled = new ArrayList<>();
		this.choices.forEach((index, choice) -> assembled.add(choice.assemble(index)));
		return new ChatResponse(this.id, this.model, this.created, assembled, this.usage, null);
	}

	private ChoiceAssembler choice(int index) {
		return this.choices.computeIfAbsent(index, (key) -> new ChoiceAssembler());
	}

	/** One choice in the making: finished parts, and the text that is still growing. */
	private static final class ChoiceAssembler {

		private final List<Part> parts = new ArrayList<>();

		private final Map<Integer, Call> calls = new TreeMap<>();

		private @Nullable Kind kind;

		private final StringBuilder growing = new StringBuilder();

		private FinishReason reason = FinishReason.OTHER;

		private @Nullable String stopSequence;

		void text(String text) {
			grow(Kind.TEXT, text);
		}

		void refusal(String text) {
			grow(Kind.REFUSAL, text);
		}

		void reasoning(String text) {
			grow(Kind.REASONING, text);
		}

		private void grow(Kind kind, String text) {
			if (this.kind != kind) {
				close(null);
				this.kind = kind;
			}
			this.growing.append(text);
		}

		void sign(Signature signature) {
			if (this.kind != Kind.REASONING) {
				close(null);
				this.kind = Kind.REASONING;
			}
			close(signature);
		}

		void add(Part part) {
			close(null);
			this.parts.add(part);
		}

		void startCall(ChatEvent.ToolCallStarted start) {
			close(null);
			Call call = new Call(this.parts.size(), start);
			this.calls.put(start.index(), call);
			this.parts.add(call.part());
		}

		void arguments(int index, String fragment) {
			Call call = this.calls.get(index);
			if (call != null) {
				call.arguments.append(fragment);
			}
		}

		void finish(ChatEvent.Finished finished) {
			this.reason = finished.reason();
			this.stopSequence = finished.stopSequence();
		}

		private void close(@Nullable Signature signature) {
			if (this.kind == null) {
				return;
			}
			String text = this.growing.toString();
			this.growing.setLength(0);
			this.parts.add(switch (this.kind) {
				case TEXT -> Part.text(text);
				case REFUSAL -> new Part.Refusal(text);
				case REASONING -> new Part.Reasoning(text, signature);
			});
			this.kind = null;
		}

		ChatResponse.Choice assemble(int index) {
			close(null);
			this.calls.values().forEach((call) -> this.parts.set(call.position, call.part()));
			return new ChatResponse.Choice(index, this.parts, this.reason, this.stopSequence);
		}

		private enum Kind {

			TEXT, REFUSAL, REASONING

		}

	}

	private static final class Call {

		private final int position;

		private final ChatEvent.ToolCallStarted start;

		private final StringBuilder arguments = new StringBuilder();

		Call(int position, ChatEvent.ToolCallStarted start) {
			this.position = position;
			this.start = start;
		}

		Part part() {
			return new Part.ToolCall(this.start.id(), this.start.name(),
					this.arguments.isEmpty() ? "{}" : this.arguments.toString(), this.start.signature(), null);
		}

	}

}
