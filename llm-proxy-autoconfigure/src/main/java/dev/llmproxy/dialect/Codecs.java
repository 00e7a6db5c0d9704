package dev.llmproxy.dialect;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** All known codecs by dialect; immutable. */
public final class Codecs {

	private final Map<Dialect, InboundCodec> inbound;

	private final Map<Dialect, UpstreamCodec> upstream;

	/**
	 * Creates the registry.
	 * @throws IllegalArgumentException if two codecs claim one dialect
	 */
	public Codecs(Collection<? extends InboundCodec> inbound, Collection<? extends UpstreamCodec> upstream) {
		Map<Dialect, InboundCodec> inboundByDialect = new HashMap<>();
		inbound.forEach((codec) -> put(inboundByDialect, codec.dialect(), codec));
		Map<Dialect, UpstreamCodec> upstreamByDialect = new HashMap<>();
		upstream.forEach((codec) -> put(upstreamByDialect, codec.dialect(), codec));
		this.inbound = Map.copyOf(inboundByDialect);
		this.upstream = Map.copyOf(upstreamByDialect);
		// Its key comes from a device, which must not be read first on an event loop.
		Objects.requireNonNull(NameHash.SECRET);
	}

	private static <T> void put(Map<Dialect, T> codecs, Dialect dialect, T codec) {
		T previous = codecs.put(dialect, codec);
		if (previous != null) {
			throw new IllegalArgumentException("Two codecs for dialect '" + dialect + "': "
					+ previous.getClass().getName() + " and " + codec.getClass().getName());
		}
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

	private static <T> T require(@Nullable T codec, Dialect dialect, String side) {
		if (codec == null) {
			throw new IllegalArgumentException("No " + side + " codec for dialect '" + dialect + "'");
		}
		return codec;
	}

}
