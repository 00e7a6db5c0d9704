package dev.llmproxy.server;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in a query. No parser: words that are followed by a parenthesis are
 * functions, those in braces, or behind words like {@code by}, are labels, and what is
 * left are metrics.
 *
 * @param metrics each with the labels that it is chosen by
 * @param groups the labels that are grouped or joined by
 */
record PromQl(Map<String, Set<String>> metrics, Set<String> groups) {

	private static final Pattern TOKEN = Pattern.compile(
			"\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\$\\{?\\w+}?|[a-zA-Z_:][a-zA-Z0-9_:]*|\\[[^\\]]*]|\\d[\\w.]*|[^\\s]");

	private static final Set<String> LABELS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

	private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

	static PromQl of(String query) {
		Map<String, Set<String>> metrics = new LinkedHashMap<>();
		Set<String> groups = new LinkedHashSet<>();
		Matcher tokens = TOKEN.matcher(query);
		String metric = "";
		String word = "";
		char inside = 0;
		boolean value = false;
		while (tokens.find()) {
			String token = tokens.group();
			boolean name = Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
			switch (token) {
				case "{" -> {
					inside = '{';
					value = false;
				}
				case "(" -> inside = LABELS.contains(word) ? '(' : inside;
				case "}", ")" -> inside = 0;
				case "," -> value = false;
				case "=", "!", "~" -> value = true;
				default -> {
					if (name && inside == '{' && !value) {
						metrics.get(metric).add(token);
					}
					else if (name && inside == '(') {
						groups.add(token);
					}
					else if (name && inside == 0 && !LABELS.contains(token) && !WORDS.contains(token)
							&& !isFunction(query, tokens.end())) {
						metric = token;
						metrics.putIfAbsent(metric, new LinkedHashSet<>());
					}
				}
			}
			word = name ? token : "";
		}
		return new PromQl(metrics, groups);
	}

	private static boolean isFunction(String query, int end) {
		String rest = query.substring(end).stripLeading();
		return rest.startsWith("(") || LABELS.stream().anyMatch((word) -> rest.matches("(?s)" + word + "\\s*\\(.*"));
	}

}
