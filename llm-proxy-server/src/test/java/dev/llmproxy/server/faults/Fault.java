package dev.llmproxy.server.faults;

import java.time.Duration;
import java.util.Random;
import java.util.function.BiFunction;

import dev.llmproxy.testkit.Script;

/**
 * A way in which a provider fails. What is random about it comes from a seed.
 */
enum Fault {

	RESET("8, no answer: reset", Outcome.RECOVERS, (frames, random) -> Script.script().reset()),

	CLOSED("10, no answer: end of the connection", Outcome.RECOVERS, (frames, random) -> Script.script().fin()),

	SILENT("5, no answer: silence", Outcome.RECOVERS, (frames, random) -> Script.script().stall()),

	SLOW_HEAD("5, a late head", Outcome.RECOVERS,
			(frames, random) -> Script.script().delay(Duration.ofSeconds(2)).then(Script.json(200, "{}"))),

	STATUS_500("29, 500", Outcome.RECOVERS, (frames, random) -> refusal(500)),

	STATUS_502("29, 502", Outcome.RECOVERS, (frames, random) -> refusal(502)),

	STATUS_503("29, 503", Outcome.RECOVERS, (frames, random) -> refusal(503)),

	STATUS_504("29, 504", Outcome.RECOVERS, (frames, random) -> refusal(504)),

	STATUS_529("30, 529", Outcome.RECOVERS, (frames, random) -> refusal(529)),

	STATUS_429("26, 429 with Retry-After", Outcome.RECOVERS, (frames, random) -> Script.script()
		.status(429)
		.header("Content-Type", "application/json")
		.header("Retry-After",
				new String[] { "1", "junk", "-5", "1000000000", "Wed, 21 Oct 2015 07:28:00 GMT" }[random.nextInt(5)])
		.body("{\"error\":{\"message\":\"slow down\"}}")),

	STATUS_429_BARE("27, 429 without", Outcome.RECOVERS, (frames, random) -> refusal(429)),

	STATUS_401("31, 401", Outcome.RECOVERS, (frames, random) -> refusal(401)),

	STATUS_403("31, 403", Outcome.RECOVERS, (frames, random) -> refusal(403)),

	STATUS_404("404, a model it does not know", Outcome.RECOVERS, (frames, random) -> refusal(404)),

	STATUS_400("32, 400", Outcome.TOLD, (frames, random) -> refusal(400)),

	STATUS_422("32, 422", Outcome.TOLD, (frames, random) -> refusal(422)),

	REDIRECT("33, redirect", Outcome.RECOVERS,
			(frames, random) -> Script.script()
				.status(new int[] { 301, 302, 303, 307, 308 }[random.nextInt(5)])
				.header("Location", "http://127.0.0.1:1/")
				.noBody()),

	HTML("20, HTML", Outcome.RECOVERS,
			(frames, random) -> Script.content(200, "text/html", "<html>sorry</html>".getBytes())),

	EMPTY("14, 200 without a body", Outcome.RECOVERS,
			(frames, random) -> Script.script().status(200).header("Content-Type", "application/json").noBody()),

	HALF_JSON("12, half a JSON document", Outcome.RECOVERS, (frames, random) -> {
		String whole = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"}}]}";
		return Script.json(200, whole.substring(0, 1 + random.nextInt(whole.length() - 2)));
	}),

	CUT_JSON("10, cut in the middle of a JSON document", Outcome.RECOVERS,
			(frames, random) -> Script.script()
				.status(200)
				.header("Content-Type", "application/json")
				.chunked()
				.chunk("{\"id\":\"c\",\"choices\":[{".substring(0, 1 + random.nextInt(20)))
				.reset()),

	COMPRESSED_JUNK("24, what it says is gzip", Outcome.RECOVERS,
			(frames, random) -> Script.script()
				.status(200)
				.header("Content-Type", "application/json")
				.header("Content-Encoding", "gzip")
				.body("no gzip at all")),

	BROKEN_HEAD("34, a head that is none", Outcome.RECOVERS,
			(frames, random) -> Script.script().write("HTTP/9.9 banana\r\n\r\n").fin()),

	NOTHING_FIRST("6, a stream that stalls at once", Outcome.RECOVERS_IF_STREAMED,
			(frames, random) -> frames.head().stall()),

	STALL_FIRST("6, stall before the first token", Outcome.RECOVERS_IF_STREAMED,
			(frames, random) -> frames.begun().stall()),

	RESET_FIRST("8, reset before the first token", Outcome.RECOVERS_IF_STREAMED,
			(frames, random) -> frames.begun().reset()),

	END_FIRST("14, end before the first token", Outcome.RECOVERS_IF_STREAMED,
			(frames, random) -> frames.begun().endChunked()),

	STALL_LATER("7, stall after it", Outcome.BREAKS, (frames, random) -> frames.committed().stall()),

	RESET_LATER("9, reset after it", Outcome.BREAKS, (frames, random) -> frames.committed().reset()),

	CLOSED_LATER("10, end of the connection after it", Outcome.BREAKS, (frames, random) -> frames.committed().fin()),

	END_LATER("14, no end of the answer", Outcome.BREAKS, (frames, random) -> frames.committed().endChunked());

	private final String title;

	private final Outcome outcome;

	private final BiFunction<UpstreamFrames, Random, Script> script;

	Fault(String title, Outcome outcome, BiFunction<UpstreamFrames, Random, Script> script) {
		this.title = title;
		this.outcome = outcome;
		this.script = script;
	}

	private static Script refusal(int status) {
		String message = "\"message\":\"the primary said " + status + "\"";
		return Script.json(status, "{\"error\":{\"type\":\"x\"," + message + "}," + message + "}");
	}

	String title() {
		return this.title;
	}

	Outcome outcome() {
		return this.outcome;
	}

	Script script(UpstreamFrames frames, long seed) {
		return this.script.apply(frames, new Random(seed));
	}

	/** What has to follow. */
	enum Outcome {

		/** The fallback answers, as if nothing had been. */
		RECOVERS,

		/** The same; only streams can fail like this. */
		RECOVERS_IF_STREAMED,

		/** It is the request's fault: the first provider's answer is told. */
		TOLD,

		/** The caller has part of an answer: a typed error event ends it. */
		BREAKS

	}

}
