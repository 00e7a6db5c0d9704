package dev.llmproxy.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus would scrape. */
final class PrometheusText {

	private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([^ ]+)");

	private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	private final Map<String, String> types = new LinkedHashMap<>();

	private final List<Sample> samples = new ArrayList<>();

	private PrometheusText() {
	}

	static PrometheusText read(String text) {
		PrometheusText read = new PrometheusText();
		text.lines().forEach(read::line);
		return read;
	}

	private void line(String line) {
		if (line.startsWith("# TYPE ")) {
			String[] words = line.split(" ");
			this.types.put(words[2], words[3]);
		}
		Matcher matcher = SAMPLE.matcher(line);
		if (!line.startsWith("#") && matcher.matches()) {
			Map<String, String> labels = new LinkedHashMap<>();
			if (matcher.group(2) != null) {
				Matcher label = LABEL.matcher(matcher.group(2));
				while (label.find()) {
					labels.put(label.group(1), label.group(2));
				}
			}
			String value = matcher.group(3).replace("+Inf", "Infinity");
			this.samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(value)));
		}
	}

	/** The names that have a type. */
	Set<String> families() {
		return this.types.keySet();
	}

	String type(String family) {
		return this.types.get(family);
	}

	Collection<Sample> samples(String name) {
		return this.samples.stream().filter((sample) -> sample.name().equals(name)).toList();
	}

	/** All samples of this name with these labels, whatever else they have. */
	double sum(String name, Map<String, String> labels) {
		return samples(name).stream()
			.filter((sample) -> sample.labels().entrySet().containsAll(labels.entrySet()))
			.mapToDouble(Sample::value)
			.sum();
	}

	/** The upper bounds of a histogram's buckets, but for infinity. */
	List<Double> bounds(String family) {
		return samples(family + "_bucket").stream()
			.map((sample) -> sample.labels().get("le"))
			.filter((bound) -> !bound.equals("+Inf"))
			.map(Double::valueOf)
			.distinct()
			.sorted()
			.toList();
	}

	/** One value. */
	record Sample(String name, Map<String, String> labels, double value) {
	}

}
