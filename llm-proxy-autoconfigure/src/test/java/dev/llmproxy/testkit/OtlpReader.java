package dev.llmproxy.testkit;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the messages of OTLP by the numbers of their fields. */
final class OtlpReader {

	private static final List<String> KINDS = List.of("unspecified", "internal", "server", "client", "producer",
			"consumer");

	private static final List<String> STATUSES = List.of("unset", "ok", "error");

	private static final List<String> TEMPORALITIES = List.of("", "delta", "cumulative");

	private static final Map<Integer, String> TYPES = Map.of(5, "gauge", 7, "sum", 9, "histogram", 10, "exponential",
			11, "summary");

	private OtlpReader() {
	}

	static List<OtlpSpan> spans(byte[] body) {
		List<OtlpSpan> spans = new ArrayList<>();
		for (ProtoMessage owner : ProtoMessage.of(body).messages(1)) {
			Map<String, Object> resource = attributes(owner.message(1), 1);
			for (ProtoMessage scope : owner.messages(2)) {
				for (ProtoMessage span : scope.messages(2)) {
					spans.add(span(span, scope.message(1).text(1), resource));
				}
			}
		}
		return spans;
	}

	private static OtlpSpan span(ProtoMessage span, String scope, Map<String, Object> resource) {
		ProtoMessage status = span.message(15);
		return new OtlpSpan(hex(span, 1), hex(span, 2), hex(span, 4), span.text(3), span.text(5),
				KINDS.get((int) span.number(6)), span.number(7), span.number(8), attributes(span, 9),
				span.messages(11)
					.stream()
					.map((event) -> new OtlpSpan.Event(event.text(2), event.number(1), attributes(event, 3)))
					.toList(),
				STATUSES.get((int) status.number(3)), status.text(2), span.messages(13).size(), scope, resource);
	}

	static List<OtlpMetric> metrics(byte[] body) {
		List<OtlpMetric> metrics = new ArrayList<>();
		for (ProtoMessage owner : ProtoMessage.of(body).messages(1)) {
			Map<String, Object> resource = attributes(owner.message(1), 1);
			for (ProtoMessage scope : owner.messages(2)) {
				for (ProtoMessage metric : scope.messages(2)) {
					metrics.add(metric(metric, resource));
				}
			}
		}
		return metrics;
	}

	private static OtlpMetric metric(ProtoMessage metric, Map<String, Object> resource) {
		int field = TYPES.keySet().stream().filter(metric::has).findFirst().orElse(5);
		String type = TYPES.getOrDefault(field, "");
		ProtoMessage data = metric.message(field);
		boolean timed = field == 7 || field == 9 || field == 10;
		return new OtlpMetric(metric.text(1), metric.text(2), metric.text(3), type,
				timed ? TEMPORALITIES.get((int) data.number(2)) : "",
				data.messages(1).stream().map((point) -> point(point, type)).toList(), resource);
	}

	private static OtlpMetric.Point point(ProtoMessage point, String type) {
		boolean single = type.equals("gauge") || type.equals("sum");
		boolean buckets = type.equals("histogram");
		int attributes = buckets ? 9 : (type.equals("exponential") ? 1 : 7);
		double value = !single ? 0 : (point.has(6) ? point.number(6) : point.decimal(4));
		return new OtlpMetric.Point(attributes(point, attributes), point.number(2), point.number(3), value,
				single ? 0 : point.number(4), single ? 0 : point.decimal(5),
				buckets ? point.numbers(7).stream().map(Double::longBitsToDouble).toList() : List.of(),
				buckets ? point.numbers(6) : List.of());
	}

	private static Map<String, Object> attributes(ProtoMessage owner, int field) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		owner.messages(field).forEach((entry) -> attributes.put(entry.text(1), value(entry.message(2))));
		return attributes;
	}

	private static Object value(ProtoMessage value) {
		if (value.has(2)) {
			return value.number(2) != 0;
		}
		if (value.has(3)) {
			return value.number(3);
		}
		if (value.has(4)) {
			return value.decimal(4);
		}
		if (value.has(5)) {
			return value.message(5).messages(1).stream().map(OtlpReader::value).toList();
		}
		return value.text(1);
	}

	private static String hex(ProtoMessage message, int field) {
		return HexFormat.of().formatHex(message.bytes(field));
	}

}
