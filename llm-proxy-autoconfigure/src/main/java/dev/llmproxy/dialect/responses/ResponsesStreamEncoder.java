package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of one answer; of several choices there is only place for the first.
 * The last event comes with {@link #end()}, since it tells the usage.
 */
final class ResponsesStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final ChatRequest request;

	private final EventWriter writer = new EventWriter();

	private @Nullable Answer answer;

	private boolean refused;

	private @Nullable FinishReason finish;

	private @Nullable Usage usage;

	private boolean failed;

	ResponsesStreamEncoder(ChatRequest request) {
		this.request = request;
	}

	@Override
	public byte[] encode(ChatEvent event) {
		if (this.failed) {
			return NOTHING;
		}
		if (event instanceof ChatEvent.Started started) {
			start(started.id(), started.model(), started.created());
		}
		else if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = reported.usage();
		}
		else if (event instanceof ChatEvent.Failed failure) {
			fail(failure.error());
		}
		else if (this.finish == null) {
			content(event, answer());
		}
		return this.writer.take();
	}

	private Answer start(String id, String model, long created) {
		if (this.answer == null) {
			String ownId = ResponseObject.id(id);
			this.answer = new Answer(ResponseObject.create(ownId, created, model, this.request),
					new OutputWriter(this.writer, ownId));
			lifecycle("response.created", this.answer.response);
			lifecycle("response.in_progress", this.answer.response);
		}
		return this.answer;
	}

	private Answer answer() {
		return start("", this.request.model(), 0);
	}

	private void lifecycle(String type, ObjectNode response) {
		ObjectNode event = this.writer.event(type);
		event.set("response", response);
		this.writer.write(event);
	}

	private void content(ChatEvent event, Answer answer) {
		if (event instanceof ChatEvent.TextDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				answer.afterCalls().said().text(delta.text());
			}
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				this.refused = true;
				answer.afterCalls().said().refusal(delta.text());
			}
		}
		else if (event instanceof ChatEvent.ToolCallStarted call) {
			if (call.choice() == 0) {
				answer.calls.start(call);
			}
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			if (delta.choice() == 0 && !delta.arguments().isEmpty()) {
				answer.calls.arguments(delta.index(), delta.arguments());
			}
		}
		else if (event instanceof ChatEvent.Finished finished) {
			if (finished.choice() == 0) {
				this.finish = finished.reason();
				answer.afterCalls().close(outcome().status());
			}
		}
		else {
			thought(event, answer);
		}
	}

	private static void thought(ChatEvent event, Answer answer) {
		if (event instanceof ChatEvent.ReasoningDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				answer.afterCalls().thought().text(delta.text());
			}
		}
		else if (event instanceof ChatEvent.ReasoningSigned signed) {
			if (signed.choice() == 0) {
				answer.afterCalls().thought().sign(signed.signature());
				answer.output.close("completed");
			}
		}
		else if (event instanceof ChatEvent.ReasoningRedacted redacted && redacted.choice() == 0) {
			answer.afterCalls().seal(Seal.ofRedacted(redacted.data()));
		}
	}

	private Outcome outcome() {
		return Outcome.of((this.finish != null) ? this.finish : FinishReason.OTHER, this.refused);
	}

	private void fail(LlmError error) {
		Answer answer = answer();
		this.failed = true;
		this.writer.write(ResponsesErrors.event(error, this.writer.nextNumber(), null));
		new Outcome("failed", null).putInto(answer.response);
		answer.response.set("error", ResponsesErrors.failure(error));
		last("response.failed", answer);
	}

	@Override
	public byte[] end() {
		if (this.failed) {
			return NOTHING;
		}
		Answer answer = answer();
		Outcome outcome = outcome();
		answer.afterCalls().close(outcome.status());
		outcome.putInto(answer.response);
		last("response." + outcome.status(), answer);
		return this.writer.take();
	}

	private void last(String type, Answer answer) {
		answer.response.set("output", answer.output.done());
		if (this.usage != null) {
			answer.response.set("usage", ResponsesUsage.encode(this.usage));
		}
		lifecycle(type, answer.response);
	}

	/** What there is once it has begun. */
	private static final class Answer {

		private final ObjectNode response;

		private final OutputWriter output;

		private final ParallelCalls calls;

		Answer(ObjectNode response, OutputWriter output) {
			this.response = response;
			this.output = output;
			this.calls = new ParallelCalls(output);
		}

		/** Where anything but a call goes; the calls are over then. */
		OutputWriter afterCalls() {
			this.calls.end();
			return this.output;
		}

	}

}
