package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A mapping of the old configuration that knows what of it nobody has asked for yet, so
 * that nothing is lost without a word.
 */
final class Section {

	private static final String VARIABLE = "os.environ/";

	private final String path;

	private final Map<String, Object> values = new LinkedHashMap<>();

	private final Set<String> taken = new LinkedHashSet<>();

	private final boolean camelCase;

	private final Draft draft;

	Section(String path, Map<?, ?> values, Draft draft) {
		this(path, values, draft, false);
	}

	private Section(String path, Map<?, ?> values, Draft draft, boolean camelCase) {
		this.path = path;
		this.draft = draft;
		this.camelCase = camelCase;
		values.forEach((key, value) -> {
			if (value != null) {
				String name = String.valueOf(key);
				this.values.put(camelCase ? name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT) : name,
						value);
			}
		});
	}

	/** With names such as {@code apiKey} beside {@code api_key}. */
	static Section ofCamelCase(String path, Map<?, ?> values, Draft draft) {
		return new Section(path, values, draft, true);
	}

	String path() {
		return this.path;
	}

	String path(String key) {
		return this.path.isEmpty() ? key : this.path + "." + key;
	}

	Set<String> keys() {
		return this.values.keySet();
	}

	boolean has(String key) {
		return this.values.containsKey(key);
	}

	@Nullable Object take(String key) {
		this.taken.add(key);
		return this.values.get(key);
	}

	/** Values from elsewhere, where this has none. */
	Section with(Map<?, ?> defaults) {
		Map<Object, Object> all = new LinkedHashMap<>(defaults);
		all.putAll(this.values);
		return new Section(this.path, all, this.draft, this.camelCase);
	}

	/** A text, with what names a variable as a placeholder; {@code null} if none. */
	@Nullable String text(String key) {
		Object value = take(key);
		return (value == null || value instanceof Map || value instanceof Collection) ? null : text(value);
	}

	static String text(Object value) {
		String text = String.valueOf(value).trim();
		return text.startsWith(VARIABLE) ? "${" + text.substring(VARIABLE.length()) + "}" : text;
	}

	@Nullable Boolean flag(String key) {
		String text = text(key);
		return (text == null) ? null : text.equalsIgnoreCase("true");
	}

	boolean isOn(String key) {
		return Boolean.TRUE.equals(flag(key));
	}

	/** A number; one that is none, such as a variable's, is told and left out. */
	@Nullable BigDecimal number(String key) {
		String text = text(key);
		if (text == null) {
			return null;
		}
		try {
			return new BigDecimal(text);
		}
		catch (NumberFormatException ex) {
			this.draft.left(path(key), "it is no plain number", "Set it where you want it in the new configuration.");
			return null;
		}
	}

	@Nullable Long whole(String key) {
		BigDecimal number = number(key);
		return (number == null) ? null : number.longValue();
	}

	/** Seconds, as a duration. */
	@Nullable String seconds(String key) {
		BigDecimal number = number(key);
		return (number == null || number.signum() <= 0) ? null : duration(number.movePointRight(3).longValue());
	}

	static String duration(long millis) {
		if (millis % 1000 != 0) {
			return millis + "ms";
		}
		long seconds = millis / 1000;
		if (seconds > 0 && seconds % 3600 == 0) {
			return seconds / 3600 + "h";
		}
		return (seconds > 0 && seconds % 60 == 0) ? seconds / 60 + "m" : seconds + "s";
	}

	List<String> texts(String key) {
		Object value = take(key);
		List<String> texts = new ArrayList<>();
		if (value instanceof Collection<?> many) {
			many.stream()
				.filter((one) -> one != null && !(one instanceof Map) && !(one instanceof Collection))
				.forEach((one) -> texts.add(text(one)));
		}
		else if (value != null && !(value instanceof Map)) {
			texts.add(text(value));
		}
		return texts;
	}

	/** What is there below a name; empty if nothing is. */
	Section section(String key) {
		return new Section(path(key), (take(key) instanceof Map<?, ?> map) ? map : Map.of(), this.draft,
				this.camelCase);
	}

	List<Section> sections(String key) {
		List<Section> sections = new ArrayList<>();
		if (take(key) instanceof Collection<?> many) {
			int i = 0;
			for (Object one : many) {
				if (one instanceof Map<?, ?> map) {
					sections.add(new Section(path(key) + "[" + i + "]", map, this.draft, this.camelCase));
				}
				i++;
			}
		}
		return sections;
	}

	/** Tells of something here. */
	void left(String key, String reason, String action) {
		take(key);
		this.draft.left(path(key), reason, action);
	}

	/** Tells of something if it is there. */
	void leftIfAny(String key, String reason, String action) {
		if (has(key)) {
			left(key, reason, action);
		}
	}

	/** Tells of all that nobody asked for. */
	void rest(String reason, String action) {
		for (String key : this.values.keySet()) {
			if (!this.taken.contains(key)) {
				this.draft.left(path(key), reason, action);
			}
		}
	}

}
