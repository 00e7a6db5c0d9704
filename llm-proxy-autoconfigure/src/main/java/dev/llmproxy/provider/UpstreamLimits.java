package dev.llmproxy.provider;

/**
 * Bounds on what a provider may send. All in bytes, after decompression.
 *
 * @param maxResponse of a whole answer
 * @param maxEvent of one event of a stream
 * @param maxError of an error's body; the rest is not read
 */
public record UpstreamLimits(int maxResponse, int maxEvent, int maxError) {

	public static final UpstreamLimits DEFAULT = new UpstreamLimits(64 << 20, 16 << 20, 256 << 10);

	public UpstreamLimits {
		if (maxResponse <= 0 || maxEvent <= 0 || maxError <= 0) {
			throw new IllegalArgumentException("Limits must be positive");
		}
	}

}
