package dev.llmproxy.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.NanoUsd;
import dev.llmproxy.provider.catalog.ListedModel;
import dev.llmproxy.provider.catalog.ModelFacts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MultiValueMap;

/**
 * What a caller looks for among models, and which page of it, as query parameters. What
 * is not known of a model it is not found by.
 */
final class ModelQuery {

	private static final int LONGEST_PAGE = 1000;

	private static final Map<String, Predicate<ModelFacts>> CAPABILITIES = Map.of("vision",
			(facts) -> facts.inputModalities().contains("image"), "audio",
			(facts) -> facts.inputModalities().contains("audio"), "documents",
			(facts) -> facts.inputModalities().contains("document"), "tools",
			(facts) -> Boolean.TRUE.equals(facts.tools()), "reasoning",
			(facts) -> Boolean.TRUE.equals(facts.reasoning()), "structured_output",
			(facts) -> Boolean.TRUE.equals(facts.structuredOutput()), "embeddings",
			(facts) -> facts.outputModalities().contains("embedding"));

	private static final Set<String> KNOWN = Set.of("provider", "q", "search", "capability", "min_context",
			"max_input_price", "limit", "after", "after_id", "before_id", "pageSize", "pageToken");

	/** What SDKs add to every path. */
	private static final Set<String> IGNORED = Set.of("key", "alt", "prettyPrint", "$alt", "$prettyPrint", "beta",
			"api-version");

	private final MultiValueMap<String, String> parameters;

	private final List<Predicate<ListedModel>> conditions = new ArrayList<>();

	private final int limit;

	private final @Nullable String after;

	private final @Nullable String before;

	/**
	 * Reads the parameters.
	 * @throws LlmException naming the one that is wrong
	 */
	ModelQuery(MultiValueMap<String, String> parameters) {
		this.parameters = parameters;
		for (String name : parameters.keySet()) {
			if (!KNOWN.contains(name) && !IGNORED.contains(name)) {
				throw wrong("There is no parameter of this name; there are " + String.join(", ", new TreeSet<>(KNOWN))
						+ ".", shown(name));
			}
		}
		providers();
		text("q");
		text("search");
		capabilities();
		window();
		price();
		this.limit = limit();
		this.after = first("after", "after_id", "pageToken");
		this.before = first("before_id");
	}

	private void providers() {
		Set<String> names = new HashSet<>(values("provider"));
		if (!names.isEmpty()) {
			this.conditions.add((model) -> names.contains(model.owner()));
		}
	}

	private void text(String name) {
		for (String text : this.parameters.getOrDefault(name, List.of())) {
			String part = (text != null) ? text.toLowerCase(Locale.ROOT) : "";
			this.conditions.add((model) -> model.id().toLowerCase(Locale.ROOT).contains(part));
		}
	}

	private void capabilities() {
		for (String name : values("capability")) {
			Predicate<ModelFacts> condition = CAPABILITIES.get(name.replace('-', '_').toLowerCase(Locale.ROOT));
			if (condition == null) {
				throw wrong("'capability' is one of " + String.join(", ", new TreeSet<>(CAPABILITIES.keySet())) + ".",
						"capability");
			}
			this.conditions.add((model) -> model.facts() != null && condition.test(model.facts()));
		}
	}

	private void window() {
		String value = first("min_context");
		if (value != null) {
			int least = number("min_context", value, Integer.MAX_VALUE);
			this.conditions.add((model) -> model.facts() != null && model.facts().contextWindow() >= least);
		}
	}

	private void price() {
		String value = first("max_input_price");
		if (value == null) {
			return;
		}
		BigDecimal most = dollars(value);
		this.conditions.add((model) -> {
			Long price = (model.facts() != null) ? model.facts().prices().input() : null;
			return price != null && NanoUsd.dollars(price).compareTo(most) <= 0;
		});
	}

	private static BigDecimal dollars(String value) {
		try {
			BigDecimal dollars = (value.length() <= 20) ? new BigDecimal(value) : BigDecimal.ONE.negate();
			if (dollars.signum() >= 0 && Math.abs(dollars.scale()) <= 20) {
				return dollars;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw wrong("'max_input_price' is a price in US dollars per million tokens, such as 2.50.", "max_input_price");
	}

	private int limit() {
		String name = this.parameters.containsKey("pageSize") ? "pageSize" : "limit";
		String value = first(name);
		return (value != null) ? number(name, value, LONGEST_PAGE) : 0;
	}

	private static int number(String name, String value, int most) {
		try {
			int number = Integer.parseInt(value);
			if (number >= 1 && number <= most) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw wrong("'" + name + "' is a number from 1 to " + most + ".", name);
	}

	private @Nullable String first(String... names) {
		for (String name : names) {
			String value = this.parameters.getFirst(name);
			if (value != null) {
				return value;
			}
		}
		return null;
	}

	/** Given several times, or with commas between them. */
	private List<String> values(String name) {
		List<String> values = new ArrayList<>();
		for (String value : this.parameters.getOrDefault(name, List.of())) {
			if (value != null) {
				values.addAll(List.of(value.split(",")));
			}
		}
		return values;
	}

	private static LlmException wrong(String message, String parameter) {
		return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, message, "invalid_parameter", parameter));
	}

	static String shown(String name) {
		return (name.length() <= 64 && name.chars().allMatch((c) -> c > 0x20 && c < 0x7f)) ? name : "query";
	}

	/** The page that is asked for. */
	Page page(List<ListedModel> models) {
		List<ListedModel> found = models.stream()
			.filter((model) -> this.conditions.stream().allMatch((condition) -> condition.test(model)))
			.toList();
		int from = 0;
		int to = found.size();
		if (this.after != null) {
			from = position(found, this.after) + 1;
		}
		else if (this.before != null) {
			to = position(found, this.before);
			from = (this.limit > 0) ? Math.max(0, to - this.limit) : 0;
			return new Page(found.subList(from, to), from > 0);
		}
		if (this.limit > 0 && to - from > this.limit) {
			return new Page(found.subList(from, from + this.limit), true);
		}
		return new Page(found.subList(from, to), false);
	}

	private static int position(List<ListedModel> found, String id) {
		for (int i = 0; i < found.size(); i++) {
			if (found.get(i).id().equals(id)) {
				return i;
			}
		}
		throw wrong("The model to continue from is not in this list; begin anew.", "after");
	}

	/**
	 * Some models.
	 *
	 * @param more whether others follow
	 */
	record Page(List<ListedModel> models, boolean more) {
	}

}
