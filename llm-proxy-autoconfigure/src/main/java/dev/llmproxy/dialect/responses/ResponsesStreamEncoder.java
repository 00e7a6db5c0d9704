package dev.llmproxy.dialect.responses;

import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamEncoder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the events of one answer. At any time one message or one thought is open, or any
 * number of calls: each event names its item, so calls may grow side by side.
 */
final class ResponsesStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final ChatRequest request;

	private final EventWriter writer = new EventWriter();

	/** Finished items by their place in the output. */
	private final Map<Integer, ObjectNode> done = new TreeMap<>();

	/** Open calls by their index. */
	private final Map<Integer, OpenItem.Called> calls = new TreeMap<>();

	private OpenItem.@Nullable Said said;

	private OpenItem.@Nullable Thought thought;

	private String id = "";

	private @Nullable ObjectNode response;

	private int items;

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
			content(event);
		}
		return this.writer.take();
	}

	private ObjectNode start(String id, String model, long created) {
		if (this.response == null) {
			this.id = ResponseObject.id(id);
			this.response = ResponseObject.create(this.id, created, model, this.request);
			lifecycle("response.created", this.response);
			lifecycle("response.in_progress", this.response);
		}
		return this.response;
	}

	private ObjectNode started() {
		return start("", this.request.model(), 0);
	}

	private void lifecycle(String type, ObjectNode response) {
		ObjectNode event = this.writer.event(type);
		event.set("response", response);
		this.writer.write(event);
	}

	/** Of several choices there is only place for the first. */
	private void content(ChatEvent event) {
		started();
		if (event instanceof ChatEvent.TextDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				said().text(delta.text());
			}
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				this.refused = true;
				said().refusal(delta.text());
			}
		}
		else if (event instanceof ChatEvent.ReasoningDelta delta) {
			if (delta.choice() == 0 && !delta.text().isEmpty()) {
				thought().text(delta.text());
			}
		}
		else if (event instanceof ChatEvent.ReasoningSigned signed) {
			if (signed.choice() == 0) {
				thought().sign(signed.signature());
				closeOthers();
			}
		}
		else if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			if (redacted.choice() == 0) {
				seal(Seal.ofRedacted(redacted.data()));
			}
		}
		else {
			callOrFinish(event);
		}
	}

	private void callOrFinish(ChatEvent event) {
		if (event instanceof ChatEvent.ToolCallStarted call && call.choice() == 0) {
			closeOthers();
			if (call.signature() != null) {
				seal(Seal.ofCall(call.signature()));
			}
			int index = this.items++;
			this.calls.put(call.index(), new OpenItem.Called(this.writer, ResponseObject.itemId("fc", this.id, index),
					index, call.id(), call.name()));
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta && delta.choice() == 0) {
			OpenItem.Called call = this.calls.get(delta.index());
			if (call != null && !delta.arguments().isEmpty()) {
				call.arguments(delta.arguments());
			}
		}
		else if (event instanceof ChatEvent.Finished finished && finished.choice() == 0) {
			this.finish = finished.reason();
			closeAll(Outcome.of(finished.reason(), this.refused).status());
		}
	}

	private OpenItem.Said said() {
		if (this.said == null) {
			closeAll("completed");
			int index = this.items++;
			this.said = new OpenItem.Said(this.writer, ResponseObject.itemId("msg", this.id, index), index);
		}
		return this.said;
	}

	private OpenItem.Thought thought() {
		if (this.thought == null) {
			closeAll("completed");
			int index = this.items++;
			this.thought = new OpenItem.Thought(this.writer, ResponseObject.itemId("rs", this.id, index), index);
		}
		return this.thought;
	}

	/** A thought of nothing but its seal; calls may stay open beside it. */
	private void seal(String seal) {
		closeOthers();
		int index = this.items++;
		OpenItem.Thought sealed = new OpenItem.Thought(this.writer, ResponseObject.itemId("rs", this.id, index), index);
		sealed.seal(seal);
		close(sealed, "completed");
	}

	private void closeAll(String status) {
		closeOthers(status);
		this.calls.values().forEach((call) -> close(call, status));
		this.calls.clear();
	}

	/** Closes all but the calls. */
	private void closeOthers() {
		closeOthers("completed");
	}

	private void closeOthers(String status) {
		if (this.said != null) {
			close(this.said, status);
			this.said = null;
		}
		if (this.thought != null) {
			close(this.thought, status);
			this.thought = null;
		}
	}

	private void close(OpenItem item, String status) {
		this.done.put(item.outputIndex, item.close(status));
	}

	private void fail(LlmError error) {
		ObjectNode response = started();
		this.failed = true;
		this.writer.write(ResponsesErrors.event(error, this.writer.nextNumber(), null));
		new Outcome("failed", null).putInto(response);
		response.set("error", ResponsesErrors.failure(error));
		finishWith("response.failed", response);
	}

	@Override
	public byte[] end() {
		if (this.failed) {
			return NOTHING;
		}
		ObjectNode response = started();
		Outcome outcome = Outcome.of((this.finish != null) ? this.finish : FinishReason.OTHER, this.refused);
		closeAll(outcome.status());
		outcome.putInto(response);
		finishWith("response." + outcome.status(), response);
		return this.writer.take();
	}

	private void finishWith(String type, ObjectNode response) {
		ArrayNode output = response.putArray("output");
		this.done.values().forEach(output::add);
		if (this.usage != null) {
			response.set("usage", ResponsesUsage.encode(this.usage));
		}
		lifecycle(type, response);
	}

}
