package dev.llmproxy.observability.log;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.TraceContext;
import dev.llmproxy.observability.call.CallRecord.End;
import dev.llmproxy.observability.call.CallRecord;

/** Records of calls as they are logged. */
final class Calls {

	private Calls() {
	}

	/** One that knows everything that can be known. */
	static CallRecord full() {
		return new CallRecord("req_1", new Caller("web-app", List.of(), "research"), Operation.CHAT, Dialect.ANTHROPIC,
				"fast", true, "fast",
				new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, null),
				Instant.parse("2026-01-02T03:04:05.006Z"), 842_123_456L, 210_987_654L, 412_345L, 200, End.SUCCEEDED,
				List.of(new AttemptRecord("azure/gpt-5", "azure", "gpt-5", "first", "upstream_overloaded", 98_000_000L),
						new AttemptRecord("openai/gpt-5", "openai", "gpt-5", "fallback", null, 112_000_000L)),
				new Usage(1204, 87, 1000, 20, 30, 4, 5, false), FinishReason.LENGTH, 1_230_000L, true, null, "miss",
				"summarised; before=131072; after=79310", 5432, 9876);
	}

	/** One that went well. */
	static CallRecord succeeded(long nanos) {
		return with("m", nanos, 200, End.SUCCEEDED, null);
	}

	/** One that was refused. */
	static CallRecord refused(String model) {
		return with(model, 300_000, 429, End.FAILED,
				new LlmError(ErrorKind.RATE_LIMIT, "secret words", "rate_limit_exceeded", null));
	}

	static CallRecord with(String model, long nanos, int status, End end, LlmError error) {
		return new CallRecord("req_2", Caller.ANONYMOUS, Operation.CHAT, Dialect.OPENAI, model, false, null, null,
				Instant.EPOCH, nanos, (end == End.SUCCEEDED) ? nanos : -1, 1000, status, end, List.of(), null, null,
				null, false, error, null, null, 10, 0);
	}

}
