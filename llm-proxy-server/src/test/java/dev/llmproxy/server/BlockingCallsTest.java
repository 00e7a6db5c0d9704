package dev.llmproxy.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Whether these tests would notice a call that blocks an event loop. */
class BlockingCallsTest {

	@Test
	void isAnErrorWhereNothingMayBlock() {
		Mono<Boolean> blocking = Mono.fromCallable(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS))
			.subscribeOn(Schedulers.parallel());
		assertThatThrownBy(blocking::block).hasRootCauseInstanceOf(BlockingOperationError.class);
	}

}
