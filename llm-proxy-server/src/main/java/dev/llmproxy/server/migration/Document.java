package dev.llmproxy.server.migration;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A tree of properties that is written as commented YAML, as Spring Boot reads it. */
final class Document {

	/** What comes first, below the root and below {@code llm-proxy}. */
	private static final List<String> ORDER = List.of("server", "management", "spring", "logging", "llm-proxy",
			"llm-proxy.detect-providers", "llm-proxy.default-provider", "llm-proxy.access", "llm-proxy.providers",
			"llm-proxy.aliases", "llm-proxy.routes");

	/** Other names lose signs unless they are put in brackets. */
	private static final Pattern PLAIN = Pattern.compile("[a-z0-9-]+");

	/** Fields of conditions have dots and dollar signs that mean something. */
	private static final String VERBATIM = "query";

	private static final int LINE = 120;

	private final Map<String, Object> root = new LinkedHashMap<>();

	private final Map<String, String> comments = new LinkedHashMap<>();

	/** Sets a property whose names have no dots themselves. */
	void set(String property, Object value) {
		int end = property.lastIndexOf('.');
		map((end < 0) ? "" : property.substring(0, end)).put(property.substring(end + 1), value);
	}

	void comment(String property, String comment) {
		this.comments.put(property, comment);
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> map(String path) {
		Map<String, Object> map = this.root;
		for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
			map = (Map<String, Object>) map.computeIfAbsent(name, (key) -> new LinkedHashMap<>());
		}
		return map;
	}

	/** The text, with lines of comment at its beginning. */
	String write(List<String> head) {
		DumperOptions options = new DumperOptions();
		options.setProcessComments(true);
		options.setIndent(2);
		options.setIndicatorIndent(2);
		options.setIndentWithIndicator(true);
		options.setWidth(LINE);
		options.setSplitLines(false);
		StringWriter text = new StringWriter();
		head.forEach((line) -> text.append("# ").append(line).append('\n'));
		new Yaml(options).serialize(mapping("", this.root), text);
		return text.toString();
	}

	private Node node(String path, Object value) {
		if (value instanceof Map<?, ?> map) {
			return mapping(path, map);
		}
		if (value instanceof Collection<?> many) {
			List<Node> nodes = new ArrayList<>();
			many.forEach((one) -> nodes.add(node(path + "[]", one)));
			boolean flow = many.stream().noneMatch((one) -> one instanceof Map || one instanceof Collection);
			return new SequenceNode(Tag.SEQ, nodes, flow ? FlowStyle.FLOW : FlowStyle.BLOCK);
		}
		if (value instanceof Boolean) {
			return scalar(Tag.BOOL, value.toString());
		}
		if (value instanceof Double || value instanceof Float) {
			return node(path, BigDecimal.valueOf(((Number) value).doubleValue()));
		}
		if (value instanceof BigDecimal number) {
			BigDecimal plain = number.stripTrailingZeros();
			return scalar((plain.scale() > 0) ? Tag.FLOAT : Tag.INT, plain.toPlainString());
		}
		return scalar((value instanceof Number) ? Tag.INT : Tag.STR, value.toString());
	}

	private Node mapping(String path, Map<?, ?> map) {
		List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
		entries.sort((a, b) -> Integer.compare(rank(path, a.getKey()), rank(path, b.getKey())));
		List<NodeTuple> tuples = new ArrayList<>();
		for (Map.Entry<?, ?> entry : entries) {
			String name = String.valueOf(entry.getKey());
			String place = path.isEmpty() ? name : path + "." + name;
			boolean plain = PLAIN.matcher(name).matches() || path.contains(VERBATIM);
			Node key = scalar(Tag.STR, plain ? name : "[" + name + "]");
			Node value = node(place, entry.getValue());
			String comment = this.comments.get(place);
			if (comment != null) {
				key.setBlockComments(lines(comment));
			}
			tuples.add(new NodeTuple(key, value));
		}
		return new MappingNode(Tag.MAP, tuples, map.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
	}

	private static int rank(String path, @Nullable Object key) {
		int rank = ORDER.indexOf(path.isEmpty() ? String.valueOf(key) : path + "." + key);
		return (rank < 0) ? ORDER.size() : rank;
	}

	private static List<CommentLine> lines(String comment) {
		return comment.lines().map((line) -> new CommentLine(null, null, " " + line, CommentType.BLOCK)).toList();
	}

	private static Node scalar(Tag tag, String value) {
		return new ScalarNode(tag, value, null, null, ScalarStyle.PLAIN);
	}

}
