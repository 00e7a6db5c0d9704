package dev.llmproxy.observability.status;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * What has gone on, at one moment.
 *
 * @param time that moment
 * @param active calls under way
 * @param streams those of them whose answer is a stream
 * @param sinceStart all there was
 * @param recent the last five minutes, the present one among them
 * @param hour the last sixty minutes
 * @param today since midnight, UTC
 * @param seconds the last sixty seconds, one by one
 * @param minutes the last sixty minutes, one by one
 * @param routes by name; those too many are {@code other}
 * @param providers by name, counting attempts instead of calls
 */
public record TrafficReport(Instant time, long active, long streams, Window sinceStart, Window recent, Window hour,
		Window today, Points seconds, Points minutes, Map<String, Windows> routes, Map<String, Windows> providers) {

	/** The recent past of something. */
	public record Windows(Window recent, Window hour) {

		/** Nothing happened. */
		public static final Windows NONE = new Windows(Window.NONE, Window.NONE);

	}

	/**
	 * What happened in some time.
	 *
	 * @param requests calls that ended; of a provider, attempts
	 * @param failed those that ended in an error
	 * @param cancelled those whose caller left
	 * @param attempts that were made for the calls
	 * @param nanoUsd what was charged, in billionths of a US dollar
	 * @param unpriced charges without a known price, which are not in {@code nanoUsd}
	 * @param cache what the cache did
	 * @param errors failed calls by what went wrong; empty of a provider
	 * @param latency of complete answers, until they ended; of a provider, until they
	 * began; {@code null} if there were none
	 * @param firstToken until streams began; {@code null} if there were none
	 */
	public record Window(long requests, long failed, long cancelled, long attempts, long inputTokens, long outputTokens,
			long nanoUsd, long unpriced, Cache cache, Map<ErrorKind, Long> errors, @Nullable Percentiles latency,
			@Nullable Percentiles firstToken) {

		/** Nothing happened. */
		public static final Window NONE = new Window(0, 0, 0, 0, 0, 0, 0, 0, new Cache(0, 0, 0, 0, 0), Map.of(), null,
				null);

	}

	/** How many calls the cache did something for, by what. */
	public record Cache(long hit, long semantic, long coalesced, long miss, long bypass) {
	}

	/** In milliseconds, off by 5 % at most. */
	public record Percentiles(long count, double p50, double p95, double p99) {
	}

	/**
	 * Pieces of time one by one, the present one last.
	 *
	 * @param stepSeconds how long each is
	 * @param p50 of the latency, in milliseconds; {@code null} where there was none
	 * @param p95 likewise
	 * @param firstToken the median of the time until streams began, likewise
	 */
	public record Points(int stepSeconds, List<Long> requests, List<Long> failed, List<Long> tokens, List<Long> nanoUsd,
			List<@Nullable Double> p50, List<@Nullable Double> p95, List<@Nullable Double> firstToken) {
	}

}
