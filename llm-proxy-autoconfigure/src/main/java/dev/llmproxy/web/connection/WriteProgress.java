package dev.llmproxy.web.connection;

import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the peer reads, by looking at what waits to be written from time to
 * time. Nothing happens per write.
 */
final class WriteProgress {

	private @Nullable Object first;

	private long written;

	private long since;

	/**
	 * How long the peer has read nothing.
	 * @param buffer what waits to be written; {@code null} once the channel is closed
	 * @param now the time, in nanoseconds
	 * @return nanoseconds; 0 where nothing waits
	 */
	@SuppressWarnings("ReferenceEquality")
	long stalledFor(@Nullable ChannelOutboundBuffer buffer, long now) {
		Object current = (buffer != null) ? buffer.current() : null;
		if (buffer == null || current == null) {
			this.first = null;
			return 0;
		}
		long progress = buffer.currentProgress();
		if (current != this.first || progress != this.written) {
			this.first = current;
			this.written = progress;
			this.since = now;
		}
		return now - this.since;
	}

}
