package dev.llmproxy.web;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.Holding;
import dev.llmproxy.gateway.MemoryBudget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.buffer.NettyDataBufferFactory;

import static org.assertj.core.api.Assertions.assertThat;

class CollectedBodyTest {

	private final NettyDataBufferFactory factory = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	@ParameterizedTest
	@ValueSource(longs = { -1, 0, 5, 6, 7, 1_000_000_000_000L })
	void thePiecesAreTheBodyWhateverWasAnnounced(long announced) {
		CollectedBody body = body(announced);
		assertThat(add(body, "ab", 6)).isTrue();
		assertThat(add(body, "", 6)).isTrue();
		assertThat(add(body, "cdef", 6)).isTrue();
		assertThat(new String(body.bytes(), StandardCharsets.UTF_8)).isEqualTo("abcdef");
		assertThat(add(body, "g", 6)).isFalse();
	}

	@Test
	void anAnnouncedBodyThatComesInWholeIsNotCopiedTwice() {
		CollectedBody body = body(6);
		add(body, "abc", 6);
		add(body, "def", 6);
		assertThat(body.bytes()).isSameAs(body.bytes()).hasSize(6);
	}

	@Test
	void anAnnouncementAloneReservesLittle() {
		CollectedBody body = body(30_000_000);
		add(body, "a", 32_000_000);
		assertThat(body.reserved()).isLessThanOrEqualTo(64 * 1024);
	}

	@Test
	void anEmptyBodyIsEmpty() {
		assertThat(body(-1).bytes()).isEmpty();
	}

	private static CollectedBody body(long announced) {
		return new CollectedBody(announced, Admission.UNLIMITED,
				new Holding(MemoryBudget.UNLIMITED, MemoryBudget.Use.REQUEST));
	}

	/** Adds a piece, and checks that it was given back. */
	private boolean add(CollectedBody body, String piece, int limit) {
		ByteBuf bytes = UnpooledByteBufAllocator.DEFAULT.buffer();
		bytes.writeCharSequence(piece, StandardCharsets.UTF_8);
		boolean added = body.add(this.factory.wrap(bytes), limit);
		assertThat(bytes.refCnt()).isZero();
		return added;
	}

}
