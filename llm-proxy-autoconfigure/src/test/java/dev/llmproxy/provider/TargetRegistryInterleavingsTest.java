package dev.llmproxy.provider;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.interleaving.Interleavings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** However threads interleave, all of them share the one thing of a target. */
@Tag("interleaving")
class TargetRegistryInterleavingsTest {

	@Test
	void nothingIsMadeTwice() {
		Interleavings.stress(Users.class);
	}

	/** Users of two targets, who see how often the thing they got was made. */
	public static class Users {

		private final Map<String, AtomicInteger> made = new ConcurrentHashMap<>();

		private final TargetRegistry<Integer> registry = new TargetRegistry<>(
				(target) -> this.made.computeIfAbsent(target.id(), (id) -> new AtomicInteger()).incrementAndGet());

		@org.jetbrains.lincheck.datastructures.Operation
		public int one() {
			return this.registry.of(Target.of(NOBODY, "one"));
		}

		@org.jetbrains.lincheck.datastructures.Operation
		public int two() {
			return this.registry.of(Target.of(NOBODY, "two"));
		}

	}

	private static final Provider NOBODY = new Provider() {

		@Override
		public String name() {
			return "nobody";
		}

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return false;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.never();
		}

	};

}
