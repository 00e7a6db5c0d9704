package dev.llmproxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that are written by hand, field by field, as the specification numbers them.
 */
class OtlpReaderTest {

	@Test
	void readsASpan() throws Exception {
		byte[] event = join(fixed(1, 15), text(2, "llm.first_token"), bytes(3, attribute("n", number(3, 7))));
		byte[] span = join(bytes(1, HexFormat.of().parseHex("0102030405060708090a0b0c0d0e0f10")),
				bytes(2, HexFormat.of().parseHex("1112131415161718")), text(3, "a=b"), text(5, "chat m"), number(6, 3),
				fixed(7, 10), fixed(8, 20), bytes(9, attribute("s", text(1, "x"))),
				bytes(9, attribute("b", number(2, 1))),
				bytes(9, attribute("d", fixed(4, Double.doubleToLongBits(1.5)))),
				bytes(9, attribute("l", bytes(5, join(bytes(1, text(1, "p")), bytes(1, text(1, "q")))))),
				bytes(11, event), bytes(15, join(text(2, "why"), number(3, 2))));
		byte[] body = bytes(1, join(bytes(1, bytes(1, attribute("service.name", text(1, "llm-proxy")))),
				bytes(2, join(bytes(1, text(1, "scope")), bytes(2, span)))));
		try (OtlpReceiver receiver = OtlpReceiver.start()) {
			HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(receiver.traces())
					.POST(HttpRequest.BodyPublishers.ofByteArray(body))
					.build(), HttpResponse.BodyHandlers.discarding());
			assertThat(receiver.spans())
				.containsExactly(new OtlpSpan("0102030405060708090a0b0c0d0e0f10", "1112131415161718", "", "a=b",
						"chat m", "client", 10, 20, Map.of("s", "x", "b", true, "d", 1.5, "l", List.of("p", "q")),
						List.of(new OtlpSpan.Event("llm.first_token", 15, Map.of("n", 7L))), "error", "why", 0, "scope",
						Map.of("service.name", "llm-proxy")));
		}
	}

	@Test
	void readsCountersAndHistograms() throws Exception {
		byte[] sum = bytes(7,
				join(bytes(1, join(bytes(7, attribute("a", text(1, "1"))), fixed(2, 1), fixed(3, 2), fixed(6, 5))),
						number(2, 2)));
		byte[] histogram = bytes(9,
				join(bytes(1, join(fixed(2, 1), fixed(3, 2), fixed(4, 3), fixed(5, Double.doubleToLongBits(6)),
						bytes(6, longs(1, 2)), bytes(7, longs(Double.doubleToLongBits(0.5))))), number(2, 1)));
		byte[] body = bytes(1, bytes(2, join(bytes(2, join(text(1, "calls"), text(3, "{call}"), sum)),
				bytes(2, join(text(1, "time"), text(3, "s"), histogram)))));
		List<OtlpMetric> metrics = OtlpReader.metrics(body);
		assertThat(metrics).containsExactly(
				new OtlpMetric("calls", "", "{call}", "sum", "cumulative",
						List.of(new OtlpMetric.Point(Map.of("a", "1"), 1, 2, 5, 0, 0, List.of(), List.of())), Map.of()),
				new OtlpMetric("time", "", "s", "histogram", "delta",
						List.of(new OtlpMetric.Point(Map.of(), 1, 2, 0, 3, 6, List.of(0.5), List.of(1L, 2L))),
						Map.of()));
	}

	private static byte[] attribute(String name, byte[] value) throws IOException {
		return join(text(1, name), bytes(2, value));
	}

	private static byte[] text(int field, String text) throws IOException {
		return bytes(field, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Small ones only. */
	private static byte[] number(int field, int number) {
		return new byte[] { (byte) (field << 3), (byte) number };
	}

	private static byte[] fixed(int field, long number) throws IOException {
		return join(new byte[] { (byte) (field << 3 | 1) }, longs(number));
	}

	private static byte[] longs(long... numbers) {
		ByteBuffer buffer = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
		for (long number : numbers) {
			buffer.putLong(number);
		}
		return buffer.array();
	}

	private static byte[] bytes(int field, byte[] content) throws IOException {
		ByteArrayOutputStream length = new ByteArrayOutputStream();
		int rest = content.length;
		while (rest > 127) {
			length.write(rest & 0x7f | 0x80);
			rest >>>= 7;
		}
		length.write(rest);
		return join(new byte[] { (byte) (field << 3 | 2) }, length.toByteArray(), content);
	}

	private static byte[] join(byte[]... parts) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			all.write(part);
		}
		return all.toByteArray();
	}

}
