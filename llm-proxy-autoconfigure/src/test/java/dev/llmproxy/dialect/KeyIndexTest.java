package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The index compared with a set per open object, for good hashes and bad ones. */
class KeyIndexTest {

	private static final int NAMES = 400;

	@ParameterizedTest
	@MethodSource
	void knowsTheNamesOfTheInnermostObject(IntUnaryOperator hash) {
		for (int seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			KeyIndex index = new KeyIndex(body());
			Deque<Open> open = new ArrayDeque<>();
			open.push(new Open(0, new HashSet<>()));
			int limit = 1 + random.nextInt(NAMES);
			for (int step = 0; step < 600; step++) {
				step(random, index, open, hash, limit);
			}
		}
	}

	private static void step(Random random, KeyIndex index, Deque<Open> open, IntUnaryOperator hash, int limit) {
		int action = random.nextInt(40);
		if (action == 0 && open.size() < 20) {
			open.push(new Open(index.size(), new HashSet<>()));
		}
		else if (action == 1 && open.size() > 1) {
			index.drop(open.pop().first());
		}
		else {
			int name = random.nextInt(limit);
			// A second occurrence ends the scan, so that only new names stay in the
			// index.
			Set<Integer> names = open.element().names();
			if (names.contains(name) && random.nextInt(100) > 0) {
				return;
			}
			int from = 4 * name;
			boolean fresh = index.add(open.element().first(), hash.applyAsInt(name), from, from + 4, false);
			assertThat(fresh).isEqualTo(names.add(name));
			if (!fresh) {
				index.drop(open.pop().first());
				if (open.isEmpty()) {
					open.push(new Open(0, new HashSet<>()));
				}
			}
		}
	}

	static Stream<Named<IntUnaryOperator>> knowsTheNamesOfTheInnermostObject() {
		return Stream.of(Named.of("the same hash for all", (name) -> 17), Named.of("few hashes", (name) -> name % 7),
				Named.of("hashes that differ in high bits only", (name) -> name << 24),
				Named.of("consecutive hashes", (name) -> name), Named.of("real hashes", (name) -> {
					byte[] bytes = text(name).getBytes(StandardCharsets.US_ASCII);
					return NameHash.SECRET.of(bytes, 0, bytes.length);
				}));
	}

	private static byte[] body() {
		StringBuilder body = new StringBuilder();
		for (int i = 0; i < NAMES; i++) {
			body.append(text(i));
		}
		return body.toString().getBytes(StandardCharsets.US_ASCII);
	}

	private static String text(int name) {
		return "%04d".formatted(name);
	}

	private record Open(int first, Set<Integer> names) {
	}

}
