package dev.llmproxy.web.connection;

import java.time.Duration;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WriteProgressTest {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ChannelOutboundBuffer buffer = this.channel.unsafe().outboundBuffer();

	private final WriteProgress progress = new WriteProgress();

	@Test
	void nothingToWriteIsNoStall() {
		assertThat(this.progress.stalledFor(this.buffer, SECOND)).isZero();
		assertThat(this.progress.stalledFor(null, 100 * SECOND)).isZero();
	}

	@Test
	void whatIsNotWrittenIsAStall() {
		add(100);
		assertThat(this.progress.stalledFor(this.buffer, SECOND)).isZero();
		add(100);
		assertThat(this.progress.stalledFor(this.buffer, 9 * SECOND)).isEqualTo(8 * SECOND);
	}

	@Test
	void everyByteThatIsWrittenIsProgress() {
		add(100);
		add(100);
		this.progress.stalledFor(this.buffer, SECOND);
		this.buffer.removeBytes(1);
		assertThat(this.progress.stalledFor(this.buffer, 9 * SECOND)).isZero();
		this.buffer.removeBytes(99);
		assertThat(this.progress.stalledFor(this.buffer, 20 * SECOND)).isZero();
		assertThat(this.progress.stalledFor(this.buffer, 21 * SECOND)).isEqualTo(SECOND);
		this.buffer.removeBytes(100);
		assertThat(this.progress.stalledFor(this.buffer, 90 * SECOND)).isZero();
	}

	private void add(int size) {
		this.buffer.addMessage(Unpooled.buffer(size).writeZero(size), size, this.channel.newPromise());
		this.buffer.addFlush();
	}

}
