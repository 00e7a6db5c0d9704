package dev.llmproxy.provider.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.StatisticsGate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** What is remembered of lists, and when providers are asked. */
@Tag("once")
class ModelDiscoveryTest {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private Instant now = START;

	private final Asked provider = new Asked();

	private final ModelDiscovery discovery = new ModelDiscovery(new ProviderHealth(new StatisticsGate(),
			new AttemptGates(List.of()), new ProviderSwitch(), Duration.ofMinutes(6)), Duration.ofMinutes(5),
			Duration.ofSeconds(5), () -> this.now);

	@Test
	void isAskedOnceForAllWhoWait() {
		List<FoundModels> told = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			this.discovery.models(this.provider).subscribe(told::add);
		}
		assertThat(told).isEmpty();
		this.provider.answer("a", "b");
		assertThat(told).hasSize(10)
			.allSatisfy((found) -> assertThat(found.models()).extracting(Provider.Model::id).containsExactly("a", "b"));
		assertThat(this.provider.calls).hasSize(1);
	}

	@Test
	void whoLeavesDoesNotEndIt() {
		List<FoundModels> told = new ArrayList<>();
		this.discovery.models(this.provider).subscribe().dispose();
		this.discovery.models(this.provider).subscribe(told::add);
		this.provider.answer("a");
		assertThat(told).hasSize(1);
		assertThat(this.provider.calls).hasSize(1);
	}

	@Test
	void aListIsToldWhileTheNextOneIsAskedFor() {
		know("a");
		after(Duration.ofMinutes(4));
		assertThat(ids()).containsExactly("a");
		assertThat(this.provider.calls).hasSize(1);
		after(Duration.ofSeconds(31));
		assertThat(ids()).containsExactly("a");
		assertThat(ids()).containsExactly("a");
		assertThat(this.provider.calls).hasSize(2);
		this.provider.answer("b");
		assertThat(ids()).containsExactly("b");
		assertThat(this.provider.calls).hasSize(2);
	}

	@Test
	void theLastListIsToldAsLongAsTheProviderFails() {
		know("a");
		after(Duration.ofMinutes(10));
		ids();
		this.provider.fail();
		FoundModels found = this.discovery.known(this.provider);
		assertThat(found.models()).hasSize(1);
		assertThat(found.toldAt()).isEqualTo(START);
		assertThat(found.failingSince()).isEqualTo(START.plusSeconds(600));
		// It is not asked by everybody.
		assertThat(ids()).containsExactly("a");
		assertThat(this.provider.calls).hasSize(2);
		after(Duration.ofSeconds(30));
		ids();
		this.provider.fail();
		assertThat(this.discovery.known(this.provider).failingSince()).isEqualTo(START.plusSeconds(600));
		after(Duration.ofSeconds(30));
		ids();
		this.provider.answer("a", "c");
		assertThat(ids()).containsExactly("a", "c");
		assertThat(this.discovery.known(this.provider).failingSince()).isNull();
	}

	@Test
	void whoNeverToldIsWaitedForOnceAndThenHasNone() {
		List<FoundModels> told = new ArrayList<>();
		this.discovery.models(this.provider).subscribe(told::add);
		this.provider.fail();
		this.discovery.models(this.provider).subscribe(told::add);
		assertThat(told).hasSize(2).allSatisfy((found) -> {
			assertThat(found.models()).isEmpty();
			assertThat(found.failingSince()).isEqualTo(START);
		});
	}

	@Test
	void isAskedAtOnceOnDemand() {
		know("a");
		this.discovery.refresh(this.provider).subscribe();
		this.provider.answer("b");
		assertThat(ids()).containsExactly("b");
	}

	@Test
	void anotherProviderOfTheNameHasModelsOfItsOwn() {
		know("a");
		Asked other = new Asked();
		this.discovery.models(other).subscribe();
		other.answer("z");
		assertThat(this.discovery.known(other).models()).extracting(Provider.Model::id).containsExactly("z");
	}

	private void know(String id) {
		this.discovery.models(this.provider).subscribe();
		this.provider.answer(id);
	}

	private void after(Duration time) {
		this.now = this.now.plus(time);
	}

	private List<String> ids() {
		List<String> ids = new ArrayList<>();
		this.discovery.models(this.provider).subscribe((found) -> found.models().forEach((one) -> ids.add(one.id())));
		return ids;
	}

	/** Answers when told to. */
	private static final class Asked implements Provider {

		private final List<Sinks.One<List<Model>>> calls = new ArrayList<>();

		void answer(String... ids) {
			last().tryEmitValue(List.of(ids).stream().map((id) -> new Model(id, 0)).toList());
		}

		void fail() {
			last().tryEmitError(new IllegalStateException("down"));
		}

		private Sinks.One<List<Model>> last() {
			return this.calls.get(this.calls.size() - 1);
		}

		@Override
		public Mono<List<Model>> discover(Duration patience) {
			return Mono.defer(() -> {
				Sinks.One<List<Model>> call = Sinks.one();
				this.calls.add(call);
				return call.asMono();
			});
		}

		@Override
		public boolean discovers() {
			return true;
		}

		@Override
		public String name() {
			return "asked";
		}

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.never();
		}

	}

}
