package dev.llmproxy.cache;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.dialect.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Digests values so that those which mean the same have the same digest, and others have
 * not: members of objects in the order of their names, numbers by their value, each text
 * with its length before it. Not thread-safe.
 */
final class Canonical {

	/** Records ask their components by reflection, and remember whom to ask. */
	private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {

		@Override
		protected RecordComponent[] computeValue(Class<?> type) {
			RecordComponent[] components = type.getRecordComponents();
			for (RecordComponent component : components) {
				component.getAccessor().setAccessible(true);
			}
			return components;
		}

	};

	private final MessageDigest digest = Sha256.digest();

	Canonical bytes(byte[] bytes) {
		number(bytes.length);
		this.digest.update(bytes);
		return this;
	}

	Canonical text(String text) {
		return bytes(text.getBytes(StandardCharsets.UTF_8));
	}

	Canonical number(long number) {
		for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
			this.digest.update((byte) (number >>> shift));
		}
		return this;
	}

	/**
	 * A value of JSON, or a record of such values.
	 * @throws IllegalArgumentException if it is neither
	 */
	Canonical value(@Nullable Object value) {
		if (value == null) {
			tag('0');
		}
		else if (value instanceof CharSequence text) {
			tag('s').text(text.toString());
		}
		else if (value instanceof Number number) {
			tag('n').text(plain(number));
		}
		else if (value instanceof Boolean flag) {
			tag(flag ? 't' : 'f');
		}
		else if (value instanceof Enum<?> constant) {
			tag('e').text(constant.name());
		}
		else if (value instanceof Map<?, ?> map) {
			object(map);
		}
		else if (value instanceof List<?> list) {
			tag('a').number(list.size());
			list.forEach(this::value);
		}
		else if (value instanceof byte[] bytes) {
			tag('b').bytes(bytes);
		}
		else if (value instanceof Record item) {
			components(item);
		}
		else {
			throw new IllegalArgumentException("No canonical form for " + value.getClass().getName());
		}
		return this;
	}

	private Canonical tag(char tag) {
		this.digest.update((byte) tag);
		return this;
	}

	private void object(Map<?, ?> map) {
		Map<String, @Nullable Object> sorted = new TreeMap<>();
		map.forEach((name, member) -> sorted.put(String.valueOf(name), member));
		tag('o').number(sorted.size());
		sorted.forEach((name, member) -> text(name).value(member));
	}

	private void components(Record item) {
		tag('r').text(item.getClass().getName());
		List<@Nullable Object> values = new ArrayList<>();
		try {
			for (RecordComponent component : COMPONENTS.get(item.getClass())) {
				values.add(component.getAccessor().invoke(item));
			}
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException("No canonical form for " + item.getClass().getName(), ex);
		}
		value(values);
	}

	/** {@code 1}, {@code 1.0} and {@code 10e-1} are one number. */
	private static String plain(Number number) {
		if (number instanceof Integer || number instanceof Long) {
			number = BigDecimal.valueOf(number.longValue());
		}
		BigDecimal exact = (number instanceof BigDecimal decimal) ? decimal : new BigDecimal(number.toString());
		return (exact.signum() == 0) ? "0" : exact.stripTrailingZeros().toString();
	}

	CacheKey key() {
		return CacheKey.of(this.digest.digest());
	}

}
