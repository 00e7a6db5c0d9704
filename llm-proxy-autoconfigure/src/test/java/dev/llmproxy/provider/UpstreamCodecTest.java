package dev.llmproxy.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class UpstreamCodecTest {

	private final EmbeddedChannel channel = new EmbeddedChannel(new UpstreamCodec(new HttpDecoderConfig()));

	@AfterEach
	void end() {
		this.channel.finishAndReleaseAll();
	}

	private List<ByteBuf> written(HttpMethod method, int content) {
		DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, "/v1",
				Unpooled.wrappedBuffer("x".repeat(content).getBytes(StandardCharsets.US_ASCII)));
		request.headers().set("content-length", content).set("host", "provider.test");
		this.channel.writeOutbound(request);
		List<ByteBuf> written = new ArrayList<>();
		for (ByteBuf next; (next = this.channel.readOutbound()) != null;) {
			written.add(next);
		}
		return written;
	}

	@ParameterizedTest
	@CsvSource({ "0,1", "1,1", "700,1", "16384,1", "16385,2" })
	void whatIsShortLeavesInOnePiece(int content, int pieces) {
		List<ByteBuf> written = written(HttpMethod.POST, content);
		try {
			assertThat(written).hasSize(pieces);
			String all = String.join("",
					written.stream().map((piece) -> piece.toString(StandardCharsets.US_ASCII)).toList());
			assertThat(all).isEqualTo("POST /v1 HTTP/1.1\r\ncontent-length: " + content
					+ "\r\nhost: provider.test\r\n\r\n" + "x".repeat(content));
		}
		finally {
			written.forEach(ByteBuf::release);
		}
	}

	@Test
	void whatAResponseToHeadSaysOfItsLengthIsNotWaitedFor() {
		written(HttpMethod.HEAD, 0).forEach(ByteBuf::release);
		assertThat(read("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")).hasSize(2)
			.hasAtLeastOneElementOfType(HttpResponse.class)
			.last()
			.isInstanceOf(LastHttpContent.class);
		written(HttpMethod.GET, 0).forEach(ByteBuf::release);
		assertThat(read("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel"))
			.noneMatch(LastHttpContent.class::isInstance);
		assertThat(read("lo")).last().isInstanceOf(LastHttpContent.class);
	}

	private List<Object> read(String bytes) {
		this.channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
		List<Object> read = new ArrayList<>();
		for (Object next; (next = this.channel.readInbound()) != null;) {
			ReferenceCountUtil.release(next);
			read.add(next);
		}
		return read;
	}

}
