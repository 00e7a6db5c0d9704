package dev.llmproxy.observability;

import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.observability.call.CallRecord.End;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RequestMetersTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final RequestMeters meters = new RequestMeters(this.registry, new SeriesCap(100, Set::of), Exemplars.NONE,
			(name) -> name + ".vendor");

	@Test
	void measuresAStream() {
		this.meters.ended(Calls.succeeded("fast", "fast", true, Usage.of(10, 21)));
		Timer duration = timer("gen_ai.server.request.duration", "fast");
		assertThat(duration.getId().getTag("gen_ai.provider.name")).isEqualTo("up.vendor");
		assertThat(duration.getId().getTag("gen_ai.request.model")).isEqualTo("fast");
		assertThat(duration.getId().getTag("gen_ai.operation.name")).isEqualTo("chat");
		assertThat(duration.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(100);
		assertThat(timer("gen_ai.server.time_to_first_token", "fast").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
		assertThat(timer("gen_ai.server.time_per_output_token", "fast").totalTime(TimeUnit.MILLISECONDS)).isCloseTo(3,
				within(0.001));
		assertThat(timer("llm.proxy.request.overhead", "fast").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2);
		assertThat(requests("fast", "succeeded", "none")).isEqualTo(1);
	}

	@Test
	void whatIsNoCompleteStreamHasNoTokens() {
		this.meters.ended(Calls.succeeded("fast", "fast", false, Usage.of(10, 21)));
		this.meters
			.ended(Calls.call("fast", "fast", true, End.BROKEN, 40, Usage.of(10, 21), Calls.error(ErrorKind.UPSTREAM)));
		this.meters.ended(Calls.succeeded("one", "one", true, Usage.of(10, 1)));
		assertThat(this.registry.find("gen_ai.server.time_to_first_token").timers()).hasSize(1);
		assertThat(this.registry.find("gen_ai.server.time_per_output_token").timers()).isEmpty();
	}

	@Test
	void saysHowCallsEnded() {
		this.meters.ended(Calls.call("fast", "fast", true, End.BROKEN, 40, null, Calls.error(ErrorKind.TIMEOUT)));
		this.meters.ended(Calls.call("fast", "fast", false, End.FAILED, -1, null, Calls.error(ErrorKind.UPSTREAM)));
		this.meters.ended(Calls.call("fast", "fast", false, End.CANCELLED, -1, null, null));
		this.meters.ended(Calls.call(null, "guess", false, End.FAILED, -1, null, Calls.error(ErrorKind.NOT_FOUND)));
		this.meters.ended(Calls.call(null, "", false, End.FAILED, -1, null, Calls.error(ErrorKind.INVALID_REQUEST)));
		assertThat(requests("fast", "broken", "timeout")).isEqualTo(1);
		assertThat(requests("fast", "failed", "upstream")).isEqualTo(1);
		assertThat(requests("fast", "cancelled", "cancelled")).isEqualTo(1);
		assertThat(requests("none", "failed", "not_found")).isEqualTo(1);
		assertThat(this.registry.get("gen_ai.server.request.duration")
			.tags("gen_ai.request.model", "other", "gen_ai.provider.name", "none", "error.type", "not_found")
			.timer()
			.count()).isEqualTo(1);
		assertThat(this.registry.get("gen_ai.server.request.duration")
			.tags("gen_ai.request.model", "none", "error.type", "invalid_request")
			.timer()
			.count()).isEqualTo(1);
	}

	@Test
	void howLongAProviderWasWaitedForIsNotKnownOfACallerWhoLeftBefore() {
		this.meters.ended(Calls.call("fast", "fast", false, End.CANCELLED, -1, null, null));
		assertThat(timer("llm.proxy.request.overhead", "fast").count()).isZero();
		this.meters.ended(Calls.call("fast", "fast", true, End.CANCELLED, 40, null, null));
		this.meters.ended(Calls.call("fast", "fast", false, End.FAILED, -1, null, Calls.error(ErrorKind.UPSTREAM)));
		assertThat(timer("llm.proxy.request.overhead", "fast").count()).isEqualTo(2);
	}

	@Test
	void countsWhatIsUnderWay() {
		LlmRequest stream = Calls.request("fast", true);
		LlmRequest whole = Calls.request("fast", false);
		this.meters.began(stream);
		this.meters.began(whole);
		assertThat(gauge("llm.proxy.requests.active")).isEqualTo(2);
		assertThat(gauge("llm.proxy.streams.active")).isZero();
		this.meters.answered(stream, 1);
		this.meters.answered(whole, 1);
		assertThat(gauge("llm.proxy.streams.active")).isEqualTo(1);
		this.meters.ended(Calls.succeeded("fast", "fast", true, null));
		this.meters.ended(Calls.succeeded("fast", "fast", false, null));
		this.meters.began(stream);
		this.meters.ended(Calls.call("fast", "fast", true, End.CANCELLED, -1, null, null));
		assertThat(gauge("llm.proxy.requests.active")).isZero();
		assertThat(gauge("llm.proxy.streams.active")).isZero();
	}

	private double gauge(String name) {
		return this.registry.get(name).gauge().value();
	}

	private Timer timer(String name, String route) {
		return this.registry.get(name).tag("llm.route", route).timer();
	}

	private double requests(String route, String outcome, String errorType) {
		return this.registry.get("llm.proxy.requests")
			.tags("llm.route", route, "outcome", outcome, "error.type", errorType)
			.counter()
			.count();
	}

}
