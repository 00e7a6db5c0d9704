package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Names made to collide do not. */
class NameHashTest {

	private static final int NAMES = 8_192;

	@ParameterizedTest
	@MethodSource
	void namesMadeToCollideAreSpread(IntFunction<String> family) {
		List<byte[]> names = IntStream.range(0, NAMES)
			.mapToObj((i) -> family.apply(i).getBytes(StandardCharsets.UTF_8))
			.toList();
		Random random = new Random(1);
		for (int round = 0; round < 20; round++) {
			NameHash hash = new NameHash(random.nextLong(), random.nextLong() | 1);
			int[] hashes = names.stream().mapToInt((name) -> hash.of(name, 0, name.length)).toArray();
			assertThat(IntStream.of(hashes).distinct().count()).isGreaterThan(NAMES - 3);
			int[] buckets = new int[2 * NAMES];
			IntStream.of(hashes).forEach((value) -> buckets[value & buckets.length - 1]++);
			assertThat(IntStream.of(buckets).max().orElseThrow()).isLessThan(12);
		}
	}

	static Stream<Named<IntFunction<String>>> namesMadeToCollideAreSpread() {
		return Stream.of(Named.of("equal String.hashCode", (i) -> bits(i, "Aa", "BB")),
				Named.of("words swapped", (i) -> bits(i, "abcdefgh", "12345678")),
				Named.of("differing in the first byte of a word only",
						(i) -> bits(i, "\u0001aaaaaaa", "\u0002aaaaaaa")),
				Named.of("differing in the last byte of a word only", (i) -> bits(i, "aaaaaaa\u0001", "aaaaaaa\u0081")),
				Named.of("consecutive numbers", Integer::toString), Named.of("lengths only", "\0"::repeat),
				Named.of("numbers behind a word", (i) -> "prefixed" + i));
	}

	private static String bits(int number, String zero, String one) {
		StringBuilder name = new StringBuilder();
		for (int bit = 0; bit < 13; bit++) {
			name.append(((number >> bit & 1) == 0) ? zero : one);
		}
		return name.toString();
	}

	@Test
	void dependsOnTheNameAloneNotOnWhatSurroundsIt() {
		for (int length = 0; length < 40; length++) {
			byte[] name = "k".repeat(length).getBytes(StandardCharsets.US_ASCII);
			int expected = NameHash.SECRET.of(name, 0, length);
			for (int before = 0; before < 10; before++) {
				byte[] around = new byte[before + length + 12];
				new Random(before).nextBytes(around);
				System.arraycopy(name, 0, around, before, length);
				for (int after = 0; after <= 12; after++) {
					byte[] bytes = Arrays.copyOf(around, before + length + after);
					assertThat(NameHash.SECRET.of(bytes, before, before + length)).isEqualTo(expected);
				}
			}
		}
	}

	@Test
	void differsWithItsKey() {
		byte[] name = { 'k' };
		long distinct = new Random(2).longs(100)
			.mapToInt((seed) -> new NameHash(seed, 0x9E3779B97F4A7C15L).of(name, 0, 1))
			.distinct()
			.count();
		assertThat(distinct).isEqualTo(100);
	}

}
