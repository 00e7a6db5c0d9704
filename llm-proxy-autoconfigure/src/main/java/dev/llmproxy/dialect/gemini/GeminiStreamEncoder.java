package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.framing.SseWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a stream of {@code GenerateContentResponse}s. A call is one part of it, so that
 * its arguments wait until they are whole; the last reason to finish waits for the usage,
 * which belongs into the same chunk.
 */
final class GeminiStreamEncoder implements StreamEncoder {

	private static final byte[] NOTHING = {};

	private final Map<Integer, Choice> choices = new TreeMap<>();

	private final List<byte[]> frames = new ArrayList<>();

	private String id = "";

	private String model = "";

	private long created;

	private @Nullable ObjectNode usage;

	/** A finished candidate that is not written yet. */
	private @Nullable ObjectNode pending;

	private boolean failed;

	@Override
	public byte[] encode(ChatEvent event) {
		if (this.failed) {
			return NOTHING;
		}
		if (event instanceof ChatEvent.Started started) {
			this.id = GeminiAnswers.idOrNew(started.id());
			this.model = started.model();
			this.created = started.created();
		}
		else if (event instanceof ChatEvent.TextDelta delta) {
			part(delta.choice(), GeminiPartWriter.text(delta.text()), false);
		}
		else if (event instanceof ChatEvent.RefusalDelta delta) {
			part(delta.choice(), GeminiPartWriter.text(delta.text()), false);
		}
		else if (event instanceof ChatEvent.ReasoningDelta delta) {
			part(delta.choice(), GeminiPartWriter.thought(delta.text()), true);
		}
		else if (event instanceof ChatEvent.ReasoningSigned signed) {
			sign(signed.choice(), signed.signature());
		}
		else if (event instanceof ChatEvent.ReasoningRedacted redacted) {
			ObjectNode part = GeminiPartWriter.thought("");
			GeminiSignatures.writeRedacted(part, redacted.data());
			part(redacted.choice(), part, false);
		}
		else {
			encodeRest(event);
		}
		return drain();
	}

	private void encodeRest(ChatEvent event) {
		if (event instanceof ChatEvent.ToolCallStarted call) {
			Choice choice = choice(call.choice());
			choice.flush(false);
			choice.calls.put(call.index(), new Call(call));
		}
		else if (event instanceof ChatEvent.ToolCallDelta delta) {
			choice(delta.choice()).append(delta);
		}
		else if (event instanceof ChatEvent.Finished finished) {
			finish(finished);
		}
		else if (event instanceof ChatEvent.UsageReported reported) {
			this.usage = GeminiUsage.encode(reported.usage());
			if (this.pending == null) {
				chunk(null);
			}
			else {
				flushPending();
			}
		}
		else if (event instanceof ChatEvent.Failed failure) {
			this.failed = true;
			this.frames.add(SseWriter.data(GeminiErrors.encode(failure.error(), null)));
		}
	}

	private void sign(int index, Signature signature) {
		// Anybody's proof belongs to thoughts; Gemini's stands on its texts as well.
		boolean thought = choice(index).thinking || !GeminiSignatures.isOwn(signature);
		ObjectNode part = thought ? GeminiPartWriter.thought("") : GeminiPartWriter.text("");
		GeminiSignatures.write(part, signature);
		part(index, part, false);
	}

	private void part(int index, ObjectNode part, boolean thinking) {
		Choice choice = choice(index);
		choice.flush(false);
		choice.thinking = thinking;
		choice.write(part);
	}

	private void finish(ChatEvent.Finished finished) {
		Choice choice = choice(finished.choice());
		choice.flush(true);
		flushPending();
		ObjectNode candidate = candidate(finished.choice());
		FinishReason reason = finished.reason();
		candidate.put("finishReason", choice.malformed ? GeminiFinish.malformed(reason) : GeminiFinish.encode(reason));
		this.pending = candidate;
	}

	private void flushPending() {
		if (this.pending != null) {
			ObjectNode candidate = this.pending;
			this.pending = null;
			chunk(candidate);
		}
	}

	private static ObjectNode candidate(int index) {
		return GeminiJson.object().put("index", index);
	}

	private void chunk(@Nullable ObjectNode candidate) {
		ObjectNode chunk = GeminiJson.object();
		if (candidate != null) {
			chunk.putArray("candidates").add(candidate);
		}
		if (this.usage != null) {
			chunk.set("usageMetadata", this.usage);
		}
		GeminiAnswers.write(chunk, this.id, this.model, this.created);
		this.frames.add(SseWriter.data(GeminiJson.bytes(chunk)));
	}

	private Choice choice(int index) {
		return this.choices.computeIfAbsent(index, Choice::new);
	}

	@Override
	public byte[] end() {
		if (this.failed) {
			return NOTHING;
		}
		flushPending();
		return drain();
	}

	private byte[] drain() {
		if (this.frames.isEmpty()) {
			return NOTHING;
		}
		int length = 0;
		for (byte[] frame : this.frames) {
			length += frame.length;
		}
		byte[] all = (this.frames.size() == 1) ? this.frames.get(0) : new byte[length];
		if (this.frames.size() > 1) {
			int at = 0;
			for (byte[] frame : this.frames) {
				System.arraycopy(frame, 0, all, at, frame.length);
				at += frame.length;
			}
		}
		this.frames.clear();
		return all;
	}

	/** One candidate in the making. */
	private final class Choice {

		private final int index;

		/** By number, and so in order. */
		private final Map<Integer, Call> calls = new TreeMap<>();

		private boolean thinking;

		private boolean malformed;

		Choice(int index) {
			this.index = index;
		}

		void append(ChatEvent.ToolCallDelta delta) {
			Call call = this.calls.get(delta.index());
			if (call != null) {
				call.arguments.append(delta.arguments());
			}
		}

		void write(ObjectNode part) {
			flushPending();
			ObjectNode candidate = GeminiJson.object();
			candidate.putObject("content").put("role", "model").putArray("parts").add(part);
			chunk(candidate.put("index", this.index));
		}

		/**
		 * Writes calls in order.
		 * @param all whether no more arguments will come; otherwise up to the first call
		 * whose arguments are not whole
		 */
		void flush(boolean all) {
			if (this.calls.isEmpty()) {
				return;
			}
			List<Integer> written = new ArrayList<>();
			for (Map.Entry<Integer, Call> entry : this.calls.entrySet()) {
				Call call = entry.getValue();
				ObjectNode arguments = (call.arguments.isEmpty() && !all) ? null
						: GeminiPartWriter.arguments(call.arguments.toString());
				if (arguments == null && !all) {
					break;
				}
				written.add(entry.getKey());
				if (arguments == null) {
					this.malformed = true;
				}
				else {
					this.thinking = false;
					ChatEvent.ToolCallStarted start = call.start;
					write(GeminiPartWriter.call(start.id(), start.name(), arguments, start.signature()));
				}
			}
			written.forEach(this.calls::remove);
		}

	}

	/** A call whose arguments are still growing. */
	private static final class Call {

		private final ChatEvent.ToolCallStarted start;

		private final StringBuilder arguments = new StringBuilder();

		Call(ChatEvent.ToolCallStarted start) {
			this.start = start;
		}

	}

}
