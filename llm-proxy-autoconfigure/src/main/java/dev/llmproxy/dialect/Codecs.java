package dev.llmproxy.dialect;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** All known codecs by dialect; immutable. */
public final class Codecs {

	private final Map<Dialect, InboundCodec> inbound;

	private final Map<Dialect, UpstreamCodec> upstream;

	private final Map<Dialect, EmbeddingsCodec> embeddings;

	private final Map<Dialect, TokenCountCodec> tokenCounts;

	/**
	 * Creates the registry.
	 * @throws IllegalArgumentException if two codecs claim one dialect
	 */
	public Codecs(Collection<? extends InboundCodec> inbound, Collection<? extends UpstreamCodec> upstream,
			Collection<? extends EmbeddingsCodec> embeddings, Collection<? extends TokenCountCodec> tokenCounts) {
		this.inbound = byDialect(inbound, InboundCodec::dialect);
		this.upstream = byDialect(upstream, UpstreamCodec::dialect);
		this.embeddings = byDialect(embeddings, EmbeddingsCodec::dialect);
		this.tokenCounts = byDialect(tokenCounts, TokenCountCodec::dialect);
		// Its key comes from a device, which must not be read first on an event loop.
		Objects.requireNonNull(NameHash.SECRET);
	}

	private static <T> Map<Dialect, T> byDialect(Collection<? extends T> codecs, Function<T, Dialect> dialect) {
		Map<Dialect, T> byDialect = new HashMap<>();
		for (T codec : codecs) {
			T previous = byDialect.put(dialect.apply(codec), codec);
			if (previous != null) {
				throw new IllegalArgumentException("Two codecs for dialect '" + dialect.apply(codec) + "': "
						+ previous.getClass().getName() + " and " + codec.getClass().getName());
			}
		}
		return Map.copyOf(byDialect);
	}

	/**
	 * The codec that faces callers.
	 * @throws IllegalArgumentException if there is none
	 */
	public InboundCodec inbound(Dialect dialect) {
		return require(this.inbound.get(dialect), dialect, "inbound");
	}

	/**
	 * The codec that faces providers.
	 * @throws IllegalArgumentException if there is none
	 */
	public UpstreamCodec upstream(Dialect dialect) {
		return require(this.upstream.get(dialect), dialect, "upstream");
	}

	/** The codec for embeddings, if there is one. */
	public @Nullable EmbeddingsCodec embeddings(Dialect dialect) {
		return this.embeddings.get(dialect);
	}

	/** The codec for counts of tokens, if there is one. */
	public @Nullable TokenCountCodec tokenCounts(Dialect dialect) {
		return this.tokenCounts.get(dialect);
	}

	private static <T> T require(@Nullable T codec, Dialect dialect, String side) {
		if (codec == null) {
			throw new IllegalArgumentException("No " + side + " codec for dialect '" + dialect + "'");
		}
		return codec;
	}

}
