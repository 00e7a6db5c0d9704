package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions in Portkey's form: fields with operators ({@code $eq}, {@code $ne},
 * {@code $gt}, {@code $gte}, {@code $lt}, {@code $lte}, {@code $in}, {@code $nin},
 * {@code $regex}) joined by {@code $and} and {@code $or}. As properties lose the dollar
 * sign unless it is in brackets, operators are known without it too. Fields beside each
 * other must all match. Beside the fields of a request there are {@code flags.<name>}.
 */
public final class ConditionQuery {

	private static final int DEEPEST = 20;

	private static final Set<String> OPERATORS = Set.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "regex");

	private static final String FLAGS = "flags.";

	private final @Nullable Flags flags;

	private final List<Flags.Asked> asked = new ArrayList<>();

	private ConditionQuery(@Nullable Flags flags) {
		this.flags = flags;
	}

	/**
	 * Reads a query that asks no flags.
	 * @throws IllegalArgumentException saying where it is wrong
	 */
	public static Condition parse(Map<?, ?> query) {
		return parse(query, null);
	}

	/**
	 * Reads a query.
	 * @param flags that it may ask; {@code null} for none
	 * @throws IllegalArgumentException saying where it is wrong
	 */
	public static Condition parse(Map<?, ?> query, @Nullable Flags flags) {
		return new ConditionQuery(flags).all(query, 0);
	}

	/**
	 * The flags that a query asks.
	 * @throws IllegalArgumentException saying where it is wrong
	 */
	public static List<Flags.Asked> flags(Map<?, ?> query) {
		ConditionQuery reading = new ConditionQuery(new Unasked());
		reading.all(query, 0);
		return List.copyOf(reading.asked);
	}

	private Condition all(Map<?, ?> query, int depth) {
		if (depth > DEEPEST) {
			throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
		}
		if (query.isEmpty()) {
			throw new IllegalArgumentException("it asks for nothing");
		}
		List<Condition> conditions = new ArrayList<>();
		query.forEach((key, value) -> conditions.add(part(String.valueOf(key), value, depth)));
		return (conditions.size() == 1) ? conditions.get(0) : and(conditions);
	}

	private Condition part(String key, @Nullable Object value, int depth) {
		return switch (bare(key)) {
			case "and" -> and(each(key, value, depth));
			case "or" -> or(each(key, value, depth));
			default -> field(key, value);
		};
	}

	private List<Condition> each(String key, @Nullable Object value, int depth) {
		List<Condition> conditions = new ArrayList<>();
		for (Object element : list(value)) {
			if (!(element instanceof Map<?, ?> query)) {
				throw new IllegalArgumentException("'" + key + "' wants a list of conditions");
			}
			conditions.add(all(query, depth + 1));
		}
		if (conditions.isEmpty()) {
			throw new IllegalArgumentException("'" + key + "' wants a list of conditions");
		}
		return conditions;
	}

	/** Goes down to the operators: properties split names at their dots. */
	private Condition field(String path, @Nullable Object value) {
		if (!(value instanceof Map<?, ?> map)) {
			return operator(path, named(path, "eq", value), "eq", value);
		}
		if (map.isEmpty()) {
			throw new IllegalArgumentException("'" + path + "' has no operator");
		}
		List<Condition> conditions = new ArrayList<>();
		boolean operators = map.keySet().stream().allMatch((key) -> OPERATORS.contains(bare(String.valueOf(key))));
		map.forEach((key, operand) -> conditions.add(operators
				? operator(path, named(path, bare(String.valueOf(key)), operand), bare(String.valueOf(key)), operand)
				: deeper(path, String.valueOf(key), operand)));
		return (conditions.size() == 1) ? conditions.get(0) : and(conditions);
	}

	private Condition deeper(String path, String key, @Nullable Object value) {
		if (key.startsWith("$")) {
			throw new IllegalArgumentException("'" + key + "' of '" + path
					+ "' is no operator. There are $eq, $ne, $gt, " + "$gte, $lt, $lte, $in, $nin and $regex.");
		}
		return field(path + "." + key, value);
	}

	private RequestField named(String path, String operator, @Nullable Object operand) {
		if (!path.startsWith(FLAGS) || path.length() == FLAGS.length()) {
			return RequestField.named(path);
		}
		Flags known = this.flags;
		if (known == null) {
			throw new IllegalArgumentException(
					"'" + path + "' asks a flag, for which the application has no dev.openfeature:sdk");
		}
		String flag = path.substring(FLAGS.length());
		Flags.Kind kind = kind(operator, operand);
		this.asked.add(new Flags.Asked(flag, kind));
		return (context) -> known.value(flag, kind, context.request());
	}

	/** What a flag has to be so that it can be compared. */
	private static Flags.Kind kind(String operator, @Nullable Object operand) {
		switch (operator) {
			case "regex" -> {
				return Flags.Kind.TEXT;
			}
			case "gt", "gte", "lt", "lte" -> {
				return Flags.Kind.NUMBER;
			}
			default -> {
				List<Object> operands = list(operand);
				if (!operands.isEmpty()
						&& operands.stream().allMatch((one) -> Set.of("true", "false").contains(one.toString()))) {
					return Flags.Kind.BOOLEAN;
				}
				boolean numbers = !operands.isEmpty()
						&& operands.stream().noneMatch((one) -> Double.isNaN(Operand.number(one)));
				return numbers ? Flags.Kind.NUMBER : Flags.Kind.TEXT;
			}
		}
	}

	private static Condition operator(String path, RequestField field, String operator, @Nullable Object operand) {
		return switch (operator) {
			case "eq" -> {
				Operand expected = Operand.of(path, operand);
				yield (context) -> expected.equalTo(field.of(context));
			}
			case "ne" -> {
				Operand expected = Operand.of(path, operand);
				yield (context) -> !expected.equalTo(field.of(context));
			}
			case "in" -> {
				List<Operand> expected = operands(path, operand);
				yield (context) -> anyEqual(expected, field.of(context));
			}
			case "nin" -> {
				List<Operand> expected = operands(path, operand);
				yield (context) -> !anyEqual(expected, field.of(context));
			}
			case "regex" -> {
				SafePattern pattern = SafePattern.compile(String.valueOf(operand));
				yield (context) -> pattern.isFoundIn(field.of(context));
			}
			default -> comparison(path, field, operator, operand);
		};
	}

	private static Condition comparison(String path, RequestField field, String operator, @Nullable Object operand) {
		double bound = Operand.of(path, operand).number();
		if (Double.isNaN(bound)) {
			throw new IllegalArgumentException("'" + path + "' is compared with '" + operand + "', which is no number");
		}
		// Of what is no number none of these is true.
		return switch (operator) {
			case "gt" -> (context) -> Operand.number(field.of(context)) > bound;
			case "gte" -> (context) -> Operand.number(field.of(context)) >= bound;
			case "lt" -> (context) -> Operand.number(field.of(context)) < bound;
			default -> (context) -> Operand.number(field.of(context)) <= bound;
		};
	}

	private static List<Operand> operands(String path, @Nullable Object value) {
		List<Operand> operands = list(value).stream().map((element) -> Operand.of(path, element)).toList();
		if (operands.isEmpty()) {
			throw new IllegalArgumentException("'" + path + "' wants a list");
		}
		return operands;
	}

	private static boolean anyEqual(List<Operand> expected, @Nullable Object actual) {
		for (Operand operand : expected) {
			if (operand.equalTo(actual)) {
				return true;
			}
		}
		return false;
	}

	/** A list, also in the forms that properties give it. */
	private static List<Object> list(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			List<Object> elements = new ArrayList<>();
			for (int i = 0; i < map.size(); i++) {
				Object element = map.get(String.valueOf(i));
				if (element == null) {
					throw new IllegalArgumentException("a list is wanted where there is " + map.keySet());
				}
				elements.add(element);
			}
			return elements;
		}
		if (value instanceof Iterable<?> iterable) {
			List<Object> elements = new ArrayList<>();
			iterable.forEach(elements::add);
			return elements;
		}
		if (value instanceof String text) {
			List<Object> elements = new ArrayList<>();
			for (String element : text.split(",")) {
				if (!element.isBlank()) {
					elements.add(element.strip());
				}
			}
			return elements;
		}
		return (value != null) ? List.of(value) : List.of();
	}

	private static String bare(String key) {
		return (key.startsWith("$") ? key.substring(1) : key).toLowerCase(Locale.ROOT);
	}

	private static Condition and(List<Condition> conditions) {
		return (context) -> {
			for (Condition condition : conditions) {
				if (!condition.matches(context)) {
					return false;
				}
			}
			return true;
		};
	}

	private static Condition or(List<Condition> conditions) {
		return (context) -> {
			for (Condition condition : conditions) {
				if (condition.matches(context)) {
					return true;
				}
			}
			return false;
		};
	}

	/** For queries that are only read. */
	private static final class Unasked implements Flags {

		@Override
		public boolean on(String flag, LlmRequest request) {
			return false;
		}

		@Override
		public @Nullable Object value(String flag, Kind kind, LlmRequest request) {
			return null;
		}

	}

	/**
	 * What a field is compared with.
	 *
	 * @param number not a number where it is none
	 */
	private record Operand(String text, double number) {

		private static final int LONGEST_NUMBER = 64;

		static Operand of(String path, @Nullable Object value) {
			if (value == null || value instanceof Map || value instanceof Iterable) {
				throw new IllegalArgumentException("'" + path + "' wants a single value to be compared with");
			}
			return new Operand(String.valueOf(value), number(value));
		}

		boolean equalTo(@Nullable Object actual) {
			if (actual instanceof Number other) {
				return this.number == other.doubleValue();
			}
			return actual != null && this.text.equals(actual.toString());
		}

		static double number(@Nullable Object value) {
			if (value instanceof Number number) {
				return number.doubleValue();
			}
			if (!(value instanceof String text) || text.length() > LONGEST_NUMBER
					|| !text.chars().allMatch(Operand::isNumeric)) {
				return Double.NaN;
			}
			try {
				return Double.parseDouble(text);
			}
			catch (NumberFormatException ex) {
				return Double.NaN;
			}
		}

		private static boolean isNumeric(int c) {
			return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
		}

	}

}
