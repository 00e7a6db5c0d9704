package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.call.CallRecord.End;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.status.TrafficBoard;
import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;

/** An hour of made-up traffic, for the pictures in the documentation. */
final class StatusPagePast {

	private static final String[] CACHE = { "hit", "miss", "miss", "miss", "bypass", "bypass" };

	private StatusPagePast() {
	}

	static void pretend(TestServer server) {
		TrafficBoard board = server.context().getBean(TrafficBoard.class);
		Random random = new Random(7);
		Instant now = Instant.now();
		for (int i = 0; i < 9; i++) {
			board.began(request(i < 7));
		}
		for (int second = 3540; second > 0; second--) {
			double wave = 3 + 2 * Math.sin(second / 420.0) + Math.sin(second / 97.0);
			int calls = (int) Math.max(0, Math.round(wave + random.nextGaussian()));
			for (int i = 0; i < calls; i++) {
				boolean smart = random.nextInt(3) == 0;
				boolean stream = random.nextInt(4) != 0;
				double firstToken = Math.exp(random.nextGaussian() * 0.4 + (smart ? 6.4 : 5.6));
				double duration = firstToken * (1 + 4 * random.nextDouble());
				boolean failed = random.nextInt((second > 1500 && second < 1800) ? 8 : 90) == 0;
				call(board, now.minusSeconds(second), smart ? "smart" : "fast", smart ? "claude" : "openai",
						smart ? "anthropic" : "openai", smart ? "claude-sonnet-4-5" : "gpt-4.1-mini", stream, failed,
						(long) (firstToken * 1e6), (long) (duration * 1e6), CACHE[random.nextInt(CACHE.length)],
						Usage.of(300 + random.nextInt(1500), 40 + random.nextInt(400)));
			}
		}
	}

	private static void call(TrafficBoard board, Instant end, String route, String provider, String vendor,
			String model, boolean stream, boolean failed, long firstToken, long duration, String cache, Usage usage) {
		boolean hit = cache.equals("hit") && !failed;
		Instant began = end.minusNanos(duration);
		List<AttemptRecord> attempts = hit ? List.of() : List.of(new AttemptRecord(provider + "/" + model, provider,
				model, "first", failed ? "rate_limit_exceeded" : null, firstToken));
		board.began(request(stream));
		board.ended(new CallRecord("made-up", Caller.ANONYMOUS, Operation.CHAT, Dialect.OPENAI, route, stream, route,
				null, began, hit ? 900_000 : duration, hit ? 700_000 : firstToken, 0, failed ? 429 : 200,
				failed ? End.FAILED : End.SUCCEEDED, attempts, null, null, null, false, error(failed), cache, null, 0,
				0));
		if (!hit && !failed) {
			long cost = route.equals("smart") ? usage.inputTokens() * 3000 + usage.outputTokens() * 15_000
					: usage.inputTokens() * 400 + usage.outputTokens() * 1600;
			board.charged(new Charge("made-up", 1, Attempt.Kind.FIRST, end, Caller.ANONYMOUS, Operation.CHAT, route,
					provider, vendor, provider + "/" + model, model, usage, cost, true));
		}
	}

	private static LlmRequest request(boolean stream) {
		byte[] body = ("{\"model\":\"m\",\"stream\":" + stream + "}").getBytes(StandardCharsets.UTF_8);
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT))
			.build();
	}

	private static @Nullable LlmError error(boolean failed) {
		return failed ? new LlmError(ErrorKind.RATE_LIMIT, "Made up.") : null;
	}

}
