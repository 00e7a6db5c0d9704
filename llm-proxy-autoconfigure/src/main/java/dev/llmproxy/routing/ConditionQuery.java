package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Reads conditions in Portkey's form: fields with operators ({@code $eq}, {@code $ne},
 * {@code $gt}, {@code $gte}, {@code $lt}, {@code $lte}, {@code $in}, {@code $nin},
 * {@code $regex}) joined by {@code $and} and {@code $or}. As properties lose the dollar
 * sign unless it is in brackets, operators are known without it too. Fields beside each
 * other must all match.
 */
public final class ConditionQuery {

	private static final int DEEPEST = 20;

	private static final Set<String> OPERATORS = Set.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "regex");

	private ConditionQuery() {
	}

	/**
	 * Reads a query.
	 * @throws IllegalArgumentException saying where it is wrong
	 */
	public static Condition parse(Map<?, ?> query) {
		return all(query, 0);
	}

	private static Condition all(Map<?, ?> query, int depth) {
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

	private static Condition part(String key, @Nullable Object value, int depth) {
		return switch (bare(key)) {
			case "and" -> and(each(key, value, depth));
			case "or" -> or(each(key, value, depth));
			default -> field(key, value);
		};
	}

	private static List<Condition> each(String key, @Nullable Object value, int depth) {
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
	private static Condition field(String path, @Nullable Object value) {
		if (!(value instanceof Map<?, ?> map)) {
			return operator(path, RequestField.named(path), "eq", value);
		}
		if (map.isEmpty()) {
			throw new IllegalArgumentException("'" + path + "' has no operator");
		}
		List<Condition> conditions = new ArrayList<>();
		boolean operators = map.keySet().stream().allMatch((key) -> OPERATORS.contains(bare(String.valueOf(key))));
		map.forEach((key, operand) -> conditions
			.add(operators ? operator(path, RequestField.named(path), bare(String.valueOf(key)), operand)
					: deeper(path, String.valueOf(key), operand)));
		return (conditions.size() == 1) ? conditions.get(0) : and(conditions);
	}

	private static Condition deeper(String path, String key, @Nullable Object value) {
		if (key.startsWith("$")) {
			throw new IllegalArgumentException("'" + key + "' of '" + path
					+ "' is no operator. There are $eq, $ne, $gt, " + "$gte, $lt, $lte, $in, $nin and $regex.");
		}
		return field(path + "." + key, value);
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
