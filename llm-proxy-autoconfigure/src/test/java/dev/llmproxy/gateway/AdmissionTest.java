package dev.llmproxy.gateway;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;
import org.junit.jupiter.api.Tag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Tag("once")
class AdmissionTest {

	private static final int MEGA = 1 << 20;

	private final CountedMemory memory = new CountedMemory(new MemoryMarks(10 * MEGA, 0.75, 0.9, 0.05));

	private final Admission admission = new Admission(this.memory, Duration.ofSeconds(3));

	@Test
	void takesWhatIsAnnouncedUpToWhatIsTrusted() {
		Holding small = this.admission.admit(1000);
		assertThat(this.memory.used(Use.REQUEST)).isEqualTo(Admission.CALL + 2 * 1000);
		small.close();
		Holding large = this.admission.admit(4 * MEGA);
		assertThat(this.memory.used()).isEqualTo(Admission.CALL + 2 * Admission.MOST_ON_TRUST);
		this.admission.body(large, 4 * MEGA);
		assertThat(this.memory.used()).isEqualTo(Admission.CALL + 8 * MEGA);
		large.close();
		assertThat(this.memory.used()).isZero();
	}

	@Test
	void refusesABodyThatCanNotFitBeforeAnyOfItHasCome() {
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> this.admission.admit(6 * MEGA))
			.satisfies((refusal) -> {
				assertThat(refusal.kind()).isEqualTo(ErrorKind.OVERLOADED);
				assertThat(refusal.status()).isEqualTo(503);
				assertThat(refusal.error().code()).isEqualTo("overloaded");
				assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(3));
			});
		assertThat(this.memory.used()).isZero();
		assertThat(this.admission.refused()).isEqualTo(1);
	}

	@Test
	void refusesACallOfTheApplicationWhileMemoryIsShortAndLeavesOthersToTheirFront() {
		AdmissionFilter filter = new AdmissionFilter(this.admission);
		LlmRequest own = request(null);
		Mono<LlmResponse> answer = filter.filter(own, (request) -> Mono.empty());
		StepVerifier.create(answer).verifyComplete();
		this.memory.feel(Pressure.CRITICAL);
		StepVerifier.create(answer)
			.verifyErrorSatisfies(
					(failure) -> assertThat(LlmException.known(failure).error().code()).isEqualTo("overloaded"));
		StepVerifier.create(filter.filter(request(Snapshot.EMPTY), (request) -> Mono.empty())).verifyComplete();
		this.memory.feel(Pressure.HIGH);
		StepVerifier.create(answer).verifyComplete();
		assertThat(this.admission.keepsConnections()).isFalse();
	}

	/** Those that come over HTTP have the configuration that held when they came. */
	private static LlmRequest request(@Nullable Snapshot snapshot) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.caller(Caller.APPLICATION)
			.snapshot(snapshot)
			.body(new byte[0], Envelope.none())
			.build();
	}

}
