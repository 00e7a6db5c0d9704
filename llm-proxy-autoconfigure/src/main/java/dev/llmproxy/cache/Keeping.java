package dev.llmproxy.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Decides which answers are kept, and keeps them: complete ones that came as they should,
 * and nobody marked {@code no-store}. Thread-safe.
 */
final class Keeping {

	/** Small frames are kept together; a reader takes this much at once. */
	private static final int PIECE = 16 * 1024;

	private static final int OK = 200;

	private final CacheSettings settings;

	private final LocalAnswers local;

	private final SharedAnswers shared;

	private final Codecs codecs;

	private final Completeness completeness;

	private final MemoryBudget budget;

	private final CacheListener listener;

	private final InstantSource clock;

	Keeping(CacheSettings settings, LocalAnswers local, SharedAnswers shared, Codecs codecs, MemoryBudget budget,
			CacheListener listener) {
		this.settings = settings;
		this.local = local;
		this.shared = shared;
		this.codecs = codecs;
		this.completeness = new Completeness(codecs);
		this.budget = budget;
		this.listener = listener;
		this.clock = local.clock();
	}

	Instant now() {
		return this.clock.instant();
	}

	<T> Recording<T> recording(ToLongFunction<T> size) {
		return new Recording<>(size, this.settings.maxAnswer(), this.budget);
	}

	/**
	 * An answer that came whole.
	 * @return whether it is kept from now on
	 */
	boolean keep(Call call, Arrival arrival) {
		if (arrival.known() != null) {
			return !arrival.similar() && this.local.keep(call.key(), arrival.known());
		}
		LlmResponse response = arrival.response();
		if (response == null) {
			return false;
		}
		if (response.body() instanceof ResponseBody.Json json) {
			return keep(call, response, json.dialect(), null, MediaType.APPLICATION_JSON_VALUE, List.of(json.bytes()));
		}
		return response.body() instanceof ResponseBody.Whole whole && keep(call, response, whole.response());
	}

	/**
	 * An answer that was streamed.
	 * @param pieces {@code null} if they are not all there
	 * @return whether it is kept from now on
	 */
	<T> boolean keep(Call call, Arrival arrival, @Nullable List<T> pieces) {
		LlmResponse response = arrival.response();
		if (pieces == null || response == null || response.outcome().error() != null) {
			return passedOver((pieces == null) ? "incomplete" : "failed");
		}
		if (response.body() instanceof ResponseBody.Wire wire) {
			List<byte[]> bytes = new ArrayList<>();
			pieces.forEach((piece) -> bytes.add((byte[]) piece));
			return keep(call, response, wire.dialect(), wire.framing(), wire.mediaType().toString(), joined(bytes));
		}
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		pieces.forEach((event) -> assembler.accept((ChatEvent) event));
		if (assembler.error() != null) {
			return passedOver("failed");
		}
		return keep(call, response, assembler.assemble());
	}

	/**
	 * What is in no dialect is kept in the caller's: whoever asks the same speaks it too.
	 */
	private boolean keep(Call call, LlmResponse response, ChatResponse whole) {
		LlmRequest request = call.request();
		if (!Completeness.proper(whole)) {
			return passedOver("incomplete");
		}
		Dialect dialect = request.dialect().equals(Dialect.COMPLETIONS) ? Dialect.OPENAI : request.dialect();
		return keep(call, response, dialect, null, MediaType.APPLICATION_JSON_VALUE,
				List.of(this.codecs.inbound(dialect).encodeResponse(whole)));
	}

	private boolean keep(Call call, LlmResponse response, Dialect dialect, @Nullable Framing framing, String mediaType,
			List<byte[]> pieces) {
		LlmRequest request = call.request();
		CachePolicy policy = call.policy();
		Duration asked = call.directives().ttl();
		Duration time = (asked != null) ? asked : policy.ttl();
		KeptAnswer answer = new KeptAnswer(call.tenant(), request.model(), dialect, framing, mediaType,
				response.headers().getFirst(KeptAnswer.DROPPED_HEADER), pieces, now(), time, policy.stale());
		String reason = (response.status() != OK) ? "status"
				: time.isZero() ? "no_time" : response.headers().containsHeader(CacheFilter.HEADER) ? "known_elsewhere"
						: noStore(response.headers()) ? "no_store"
								: (answer.length() > this.settings.maxAnswer()) ? "too_large"
										: !this.completeness.check(request.operation(), answer) ? "incomplete" : null;
		if (reason != null) {
			return passedOver(reason);
		}
		this.shared.keep(call.key(), answer);
		if (!this.local.keep(call.key(), answer)) {
			return passedOver("no_room");
		}
		this.listener.kept();
		return true;
	}

	private boolean passedOver(String reason) {
		this.listener.passedOver(reason);
		return false;
	}

	private static boolean noStore(HttpHeaders headers) {
		String control = headers.getFirst(HttpHeaders.CACHE_CONTROL);
		return control != null && Directives.NONE.and(control).noStore();
	}

	private static List<byte[]> joined(List<byte[]> pieces) {
		List<byte[]> joined = new ArrayList<>();
		int from = 0;
		int length = 0;
		for (int i = 0; i < pieces.size(); i++) {
			length += pieces.get(i).length;
			if (length >= PIECE || i == pieces.size() - 1) {
				joined.add(KeptAnswer.join(pieces.subList(from, i + 1)));
				from = i + 1;
				length = 0;
			}
		}
		return joined;
	}

}
