package dev.llmproxy.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.cache.CacheOutcome;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Asks what a file says on behalf of a caller, so that the answers are known when that
 * caller asks. Limits and access are that caller's own.
 */
final class CacheWarming {

	private static final int AT_ONCE = 4;

	private static final int MOST_LINES = 100_000;

	private static final String FILE_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";

	private final @Nullable Path directory;

	private final LlmGateway gateway;

	private final Codecs codecs;

	private final BodyConversion conversion;

	CacheWarming(@Nullable Path directory, LlmGateway gateway, Codecs codecs) {
		this.directory = directory;
		this.gateway = gateway;
		this.codecs = codecs;
		this.conversion = new BodyConversion(codecs);
	}

	/**
	 * Asks each line of a file.
	 * @param name of a file in the directory, with one request of OpenAI's chat API a
	 * line
	 * @throws IllegalArgumentException if there is no such file, or it can't be read
	 */
	Mono<Report> warm(String name, Caller caller) {
		return Mono.fromCallable(() -> read(name))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMapMany(Flux::fromIterable)
			.flatMap((line) -> ask(line, caller), AT_ONCE)
			.reduce(Report.EMPTY, Report::plus);
	}

	private List<byte[]> read(String name) throws IOException {
		if (this.directory == null) {
			throw new IllegalArgumentException(
					"No directory is configured to read requests from: set llm-proxy.cache.warm-directory.");
		}
		Path file = this.directory.resolve(name);
		if (!name.matches(FILE_NAME) || !Files.isRegularFile(file)) {
			throw new IllegalArgumentException("There is no file of this name in llm-proxy.cache.warm-directory.");
		}
		List<byte[]> lines = new ArrayList<>();
		try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null && lines.size() < MOST_LINES; line = reader.readLine()) {
				if (!line.isBlank()) {
					lines.add(line.getBytes(StandardCharsets.UTF_8));
				}
			}
		}
		return lines;
	}

	private Mono<Report> ask(byte[] line, Caller caller) {
		return Mono.defer(() -> this.gateway.handle(request(line, caller)))
			.flatMap((response) -> this.conversion.whole(response.body()).thenReturn(report(response)))
			.onErrorResume(LlmException.class, (failure) -> Mono.just(Report.FAILED))
			.onErrorResume(MalformedJsonException.class, (failure) -> Mono.just(Report.FAILED));
	}

	private LlmRequest request(byte[] line, Caller caller) {
		Envelope envelope = EnvelopeScanner.scan(line, JsonLimits.DEFAULT);
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id(RandomIds.next("req_"))
			.caller(caller)
			.body(line, envelope)
			.codec(this.codecs.inbound(Dialect.OPENAI))
			.build();
	}

	private static Report report(LlmResponse response) {
		String outcome = response.headers().getFirst(CacheFilter.HEADER);
		return CacheOutcome.HIT.label().equals(outcome) ? Report.KNOWN
				: CacheOutcome.MISS.label().equals(outcome) ? Report.FETCHED : Report.NOT_CACHED;
	}

	/**
	 * What came of it.
	 *
	 * @param fetched answers that were not known
	 * @param known answers that were
	 * @param notCached answers that are none for the cache
	 */
	record Report(int fetched, int known, int notCached, int failed) {

		static final Report EMPTY = new Report(0, 0, 0, 0);

		static final Report FETCHED = new Report(1, 0, 0, 0);

		static final Report KNOWN = new Report(0, 1, 0, 0);

		static final Report NOT_CACHED = new Report(0, 0, 1, 0);

		static final Report FAILED = new Report(0, 0, 0, 1);

		Report plus(Report other) {
			return new Report(this.fetched + other.fetched, this.known + other.known, this.notCached + other.notCached,
					this.failed + other.failed);
		}

	}

}
