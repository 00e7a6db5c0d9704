package dev.llmproxy.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.HeaderFields;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * A complete answer as it came, to be given again. Immutable: nobody writes the arrays.
 *
 * @param tenant whom it is kept for
 * @param model as the caller named it
 * @param dialect of the bytes
 * @param framing how a stream is framed; {@code null} for a document
 * @param mediaType as the provider said it
 * @param dropped what the answer's header {@code llm-proxy-dropped} said; {@code null}
 * for nothing
 * @param pieces whole frames of a stream, or one document
 * @param born when it was complete
 * @param ttl how long it is good for
 * @param stale how long after that it may still be of use
 */
public record KeptAnswer(String tenant, String model, Dialect dialect, @Nullable Framing framing, String mediaType,
		@Nullable String dropped, List<byte[]> pieces, Instant born, Duration ttl, Duration stale) {

	static final String DROPPED_HEADER = "llm-proxy-dropped";

	/** What an answer costs beside its bytes: itself, its key and its place in a map. */
	private static final int OVERHEAD = 512;

	private static final int PER_PIECE = 24;

	public KeptAnswer {
		pieces = List.copyOf(pieces);
	}

	/** Bytes of the answer itself. */
	public int length() {
		return length(this.pieces);
	}

	/** All pieces in one. */
	public byte[] bytes() {
		return join(this.pieces);
	}

	static byte[] join(List<byte[]> pieces) {
		byte[] joined = new byte[length(pieces)];
		int position = 0;
		for (byte[] piece : pieces) {
			System.arraycopy(piece, 0, joined, position, piece.length);
			position += piece.length;
		}
		return joined;
	}

	private static int length(List<byte[]> pieces) {
		int length = 0;
		for (byte[] piece : pieces) {
			length += piece.length;
		}
		return length;
	}

	/** Bytes of memory that it takes, about. */
	public int weight() {
		return length() + OVERHEAD + PER_PIECE * this.pieces.size() + 2 * (this.tenant.length() + this.model.length());
	}

	/** How old it is; a clock that was set back makes nothing younger than new. */
	public Duration age(Instant now) {
		Duration age = Duration.between(this.born, now);
		return age.isNegative() ? Duration.ZERO : age;
	}

	/** The answer once more. */
	LlmResponse response() {
		HttpHeaders headers = HeaderFields.create();
		if (this.dropped != null) {
			headers.set(DROPPED_HEADER, this.dropped);
		}
		Outcome outcome = new Outcome();
		outcome.free(true);
		return new LlmResponse(200, headers, body(), outcome);
	}

	private ResponseBody body() {
		if (this.framing == null) {
			return new ResponseBody.Json(this.dialect, this.pieces.get(0));
		}
		return new ResponseBody.Wire(this.dialect, this.framing, MediaType.parseMediaType(this.mediaType),
				Flux.fromIterable(this.pieces).map(DefaultDataBufferFactory.sharedInstance::wrap));
	}

}
