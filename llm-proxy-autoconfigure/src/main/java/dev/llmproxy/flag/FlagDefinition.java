package dev.llmproxy.flag;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.NamePattern;

/**
 * A flag that is configured here. Immutable.
 *
 * @param kind of all its values
 * @param variants its values by their names: {@link Boolean}, {@link String} or
 * {@link Double}
 * @param otherwise the variant if no rule applies
 * @param rules the first that applies decides
 */
public record FlagDefinition(Flags.Kind kind, Map<String, Object> variants, String otherwise, List<Rule> rules) {

	public FlagDefinition {
		variants = Map.copyOf(variants);
		rules = List.copyOf(rules);
		if (!variants.containsKey(otherwise)) {
			throw unknown(otherwise, variants);
		}
		for (Rule rule : rules) {
			for (String variant : rule.split().keySet()) {
				if (!variants.containsKey(variant)) {
					throw unknown(variant, variants);
				}
			}
		}
	}

	private static IllegalArgumentException unknown(String variant, Map<String, Object> variants) {
		return new IllegalArgumentException(
				"there is no variant '" + variant + "'; there are " + new TreeMap<>(variants).keySet());
	}

	/**
	 * The variant for somebody.
	 * @param flag its name, so that those who are first in one flag are not in all
	 * @param attributes what is known of who asks, by name
	 */
	String variant(String flag, Attributes attributes) {
		for (Rule rule : this.rules) {
			if (rule.applies(attributes)) {
				return rule.variant(flag, attributes.key());
			}
		}
		return this.otherwise;
	}

	Object value(String variant) {
		Object value = this.variants.get(variant);
		if (value == null) {
			throw new IllegalArgumentException("there is no variant '" + variant + "'");
		}
		return value;
	}

	/** Who asks. */
	interface Attributes {

		/** Whose share of a percentage it is. */
		String key();

		/** The values of an attribute; empty where there is none. */
		List<String> of(String attribute);

	}

	/**
	 * A rule.
	 *
	 * @param when patterns by attribute, of each of which one has to fit; empty for
	 * everybody
	 * @param split percentages by variant, 100 together; they are taken in the order of
	 * the names, so that only those move who have to when they change
	 */
	public record Rule(Map<String, List<String>> when, SortedMap<String, Double> split) {

		/** One variant for all whom the conditions fit. */
		public Rule(Map<String, List<String>> when, String variant) {
			this(when, new TreeMap<>(Map.of(variant, 100.0)));
		}

		public Rule {
			when = Map.copyOf(when);
			split = Collections.unmodifiableSortedMap(new TreeMap<>(split));
			double sum = 0;
			for (double share : split.values()) {
				if (!(share >= 0 && share <= 100)) {
					throw new IllegalArgumentException("a percentage must be from 0 to 100, and not " + share);
				}
				sum += share;
			}
			if (Math.abs(sum - 100) > 1e-6) {
				throw new IllegalArgumentException("percentages must sum up to 100, and not " + sum);
			}
		}

		boolean applies(Attributes attributes) {
			for (Map.Entry<String, List<String>> condition : this.when.entrySet()) {
				if (!fits(condition.getValue(), attributes.of(condition.getKey()))) {
					return false;
				}
			}
			return true;
		}

		private static boolean fits(List<String> patterns, List<String> values) {
			for (String value : values) {
				for (String pattern : patterns) {
					if (NamePattern.matches(pattern, value)) {
						return true;
					}
				}
			}
			return false;
		}

		String variant(String flag, String key) {
			if (this.split.size() == 1) {
				return this.split.firstKey();
			}
			double left = 100 * draw(flag, key);
			for (Map.Entry<String, Double> share : this.split.entrySet()) {
				left -= share.getValue();
				if (left < 0) {
					return share.getKey();
				}
			}
			return this.split.lastKey();
		}

		/** From 0 to 1, without 1; the same on every node and after every restart. */
		private static double draw(String flag, String key) {
			byte[] hash = Sha256.of(flag + "\n" + key);
			long bits = 0;
			for (int i = 0; i < Long.BYTES; i++) {
				bits = (bits << Byte.SIZE) | (hash[i] & 0xff);
			}
			return (bits >>> 11) * 0x1p-53;
		}

	}

}
