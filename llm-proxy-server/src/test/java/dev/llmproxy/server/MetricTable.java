package dev.llmproxy.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the tables of the page about metrics. */
final class MetricTable {

	private MetricTable() {
	}

	static List<Row> read(String page) {
		Map<String, List<Double>> buckets = new HashMap<>();
		List<String[]> rows = new ArrayList<>();
		for (String line : page.lines().toList()) {
			String[] cells = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
			if (line.startsWith("| `") && cells.length == 8) {
				rows.add(cells);
			}
			else if (cells.length == 3 && cells[2].matches("[0-9. ]+")) {
				buckets.put(cells[1], Arrays.stream(cells[2].split(" ")).map(Double::valueOf).toList());
			}
		}
		return rows.stream()
			.map((cells) -> new Row(unquoted(cells[1]), unquoted(cells[2]), cells[3], cells[4], labels(cells[5]),
					cells[6].isEmpty() ? List.of() : buckets.get(cells[6])))
			.toList();
	}

	private static String unquoted(String cell) {
		return cell.replace("`", "");
	}

	private static Set<String> labels(String cell) {
		return cell.isEmpty() ? Set.of() : new TreeSet<>(Arrays.asList(unquoted(cell).split(" ")));
	}

	/**
	 * A metric.
	 *
	 * @param prometheus its name there
	 * @param otlp its name by OTLP, and in code
	 * @param labels as Prometheus spells them
	 * @param buckets empty if it is no histogram
	 */
	record Row(String prometheus, String otlp, String type, String unit, Set<String> labels, List<Double> buckets) {
	}

}
