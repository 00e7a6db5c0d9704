package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LastReadsTest {

	private final List<String> asked = new ArrayList<>();

	private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelOutboundHandlerAdapter() {

		@Override
		public void read(ChannelHandlerContext ctx) {
			LastReadsTest.this.asked.add("read");
			ctx.read();
		}

		@Override
		public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
			// A close that takes its time.
			LastReadsTest.this.asked.add("close");
		}

	}, new LastReads());

	@Test
	void nothingIsReadOnceTheConnectionShallClose() {
		this.channel.read();
		assertThat(this.asked).endsWith("read").doesNotContain("close");
		this.asked.clear();
		this.channel.close();
		this.channel.read();
		assertThat(this.asked).containsExactly("close");
	}

	@Test
	void whatWasAskedForIsTakenBack() {
		this.asked.clear();
		this.channel.close();
		assertThat(this.asked).containsExactly("close");
		assertThat(this.channel.config().isAutoRead()).isFalse();
		this.channel.unsafe().closeForcibly();
	}

}
