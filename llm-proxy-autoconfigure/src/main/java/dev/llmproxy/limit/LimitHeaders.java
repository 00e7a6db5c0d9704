package dev.llmproxy.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.HeaderFields;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Tells callers where they stand in the headers that their SDK knows: OpenAI's
 * {@code x-ratelimit-*}, and Anthropic's {@code anthropic-ratelimit-*} for who speaks its
 * dialect. Of several limits the one is told of which least is left.
 */
final class LimitHeaders {

	private static final String OPENAI = "x-ratelimit-";

	private static final String ANTHROPIC = "anthropic-ratelimit-";

	private LimitHeaders() {
	}

	/** Takes the place of what a provider says of its own limits, which are not these. */
	static HttpHeaders replace(HttpHeaders headers, Dialect dialect, List<Standing> standings) {
		HttpHeaders replaced = HeaderFields.create();
		HeaderFields.forEach(headers, (name, values) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			if (!lower.startsWith(OPENAI) && !lower.startsWith(ANTHROPIC)) {
				replaced.put(name, values);
			}
		});
		write(replaced, dialect, standings);
		return replaced;
	}

	static HttpHeaders refused(Dialect dialect, Refusal refusal) {
		HttpHeaders headers = HeaderFields.create();
		write(headers, dialect, List.of(refusal.standing()));
		headers.set("rate_limit_type", refusal.limited().label());
		Duration wait = refusal.retryAfter();
		if (wait != null) {
			headers.set("reset_at", Long.toString(Instant.now().plus(wait).plusMillis(999).getEpochSecond()));
		}
		return headers;
	}

	private static void write(HttpHeaders headers, Dialect dialect, List<Standing> standings) {
		Standing requests = null;
		Standing tokens = null;
		for (Standing standing : standings) {
			if (standing.demand().quota().requests() > 0
					&& (requests == null || standing.remainingRequests() < requests.remainingRequests())) {
				requests = standing;
			}
			if (standing.demand().quota().tokens() > 0
					&& (tokens == null || standing.remainingTokens() < tokens.remainingTokens())) {
				tokens = standing;
			}
		}
		if (requests != null) {
			write(headers, dialect, "requests", requests.demand().quota().requests(), requests.remainingRequests(),
					requests.requestsReset());
		}
		if (tokens != null) {
			write(headers, dialect, "tokens", tokens.demand().quota().tokens(), tokens.remainingTokens(),
					tokens.tokensReset());
		}
	}

	private static void write(HttpHeaders headers, @Nullable Dialect dialect, String what, long limit, long remaining,
			Duration reset) {
		headers.set(OPENAI + "limit-" + what, Long.toString(limit));
		headers.set(OPENAI + "remaining-" + what, Long.toString(remaining));
		headers.set(OPENAI + "reset-" + what, duration(reset));
		if (Dialect.ANTHROPIC.equals(dialect)) {
			headers.set(ANTHROPIC + what + "-limit", Long.toString(limit));
			headers.set(ANTHROPIC + what + "-remaining", Long.toString(remaining));
			headers.set(ANTHROPIC + what + "-reset",
					Instant.now().plus(reset).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1).toString());
		}
	}

	/** As OpenAI writes it: {@code 12ms}, {@code 1.5s}, {@code 6m0s}, {@code 1h0m0s}. */
	static String duration(Duration duration) {
		long millis = (duration.toNanos() + 999_999) / 1_000_000;
		if (millis < 1000) {
			return millis + "ms";
		}
		long hours = millis / 3_600_000;
		long minutes = millis / 60_000 % 60;
		StringBuilder text = new StringBuilder();
		if (hours > 0) {
			text.append(hours).append('h');
		}
		if (hours > 0 || minutes > 0) {
			text.append(minutes).append('m');
		}
		text.append(millis / 1000 % 60);
		if (millis % 1000 != 0) {
			text.append('.').append(String.format(Locale.ROOT, "%03d", millis % 1000).replaceAll("0+$", ""));
		}
		return text.append('s').toString();
	}

}
