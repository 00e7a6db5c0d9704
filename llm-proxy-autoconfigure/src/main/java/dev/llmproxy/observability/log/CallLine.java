package dev.llmproxy.observability.log;

import java.util.List;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.RefusalRecord;
import dev.llmproxy.observability.call.CallRecord.End;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.provider.NanoUsd;
import org.jspecify.annotations.Nullable;

/** The event of a call as a line for people. */
final class CallLine {

	private final StringBuilder line = new StringBuilder(200);

	private CallLine() {
	}

	static String of(CallRecord call) {
		CallLine line = new CallLine();
		line.head(call.status(), (call.end() == End.CANCELLED) ? "cancelled" : null, call.error());
		line.line.append(' ').append(call.operation().operationName());
		line.name(" ", call.model());
		AttemptRecord last = call.last();
		if (last != null) {
			line.name(" -> ", last.target());
		}
		line.times(call).tokens(call.usage());
		if (call.finish() != null && call.finish() != FinishReason.STOP) {
			line.line.append(", ended by ").append(call.finish().label());
		}
		if (call.cost() != null) {
			line.line.append(", $").append(NanoUsd.dollars(call.cost()).toPlainString());
		}
		line.name(", cache ", call.cache());
		line.name(", context ", call.context());
		line.attempts(call.attempts());
		return line.caller(call.caller(), call.id());
	}

	static String of(RefusalRecord refusal) {
		CallLine line = new CallLine();
		line.head(refusal.status(), null, refusal.error());
		line.line.append(' ').append(refusal.place().label());
		return line.caller(refusal.caller(), refusal.id());
	}

	private void head(int status, @Nullable String word, @Nullable LlmError error) {
		this.line.append(status);
		name(" ", word);
		if (error != null) {
			String code = CallField.code(error);
			this.line.append(' ').append((code != null) ? code : error.kind().label());
		}
	}

	private CallLine times(CallRecord call) {
		this.line.append(", ");
		millis(call.duration());
		this.line.append(" ms (");
		if (call.firstToken() >= 0 && call.stream()) {
			this.line.append("first token ");
			millis(call.firstToken());
			this.line.append(", ");
		}
		this.line.append("own ");
		millis(call.overhead());
		this.line.append(')');
		return this;
	}

	/** Three digits are enough. */
	private void millis(long nanos) {
		int scale = (nanos < 10_000_000) ? 100 : (nanos < 100_000_000) ? 10 : 1;
		long unit = 1_000_000 / scale;
		long rounded = (nanos + unit / 2) / unit;
		this.line.append(rounded / scale);
		if (scale > 1) {
			long rest = rounded % scale;
			this.line.append((scale == 100 && rest < 10) ? ".0" : ".").append(rest);
		}
	}

	private CallLine tokens(@Nullable Usage usage) {
		if (usage != null) {
			this.line.append(usage.estimated() ? ", about " : ", ")
				.append(usage.inputTokens())
				.append('+')
				.append(usage.outputTokens())
				.append(" tokens");
		}
		return this;
	}

	/** Where there was more than one, what became of the others. */
	private void attempts(List<AttemptRecord> attempts) {
		for (int i = 0; attempts.size() > 1 && i < attempts.size(); i++) {
			AttemptRecord attempt = attempts.get(i);
			name((i == 0) ? ", tried " : "; ", text(attempt));
		}
	}

	static String text(AttemptRecord attempt) {
		String code = LogText.word(attempt.code());
		return LogText.clean(attempt.target()) + ' ' + attempt.kind() + ' ' + ((code != null) ? code : "ok") + ' '
				+ CallField.millis(attempt.nanos()).toPlainString() + "ms";
	}

	private String caller(@Nullable Caller caller, String id) {
		if (caller != null) {
			name(", by ", caller.id());
		}
		return this.line.append(", ").append(id).toString();
	}

	private void name(String before, @Nullable String name) {
		String clean = LogText.clean(name);
		if (clean != null) {
			this.line.append(before).append(clean);
		}
	}

}
