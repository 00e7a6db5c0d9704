package dev.llmproxy.dialect;

/**
 * What a JSON document may cost. Every limit is inclusive: a document at the limit is
 * accepted, one beyond it is refused with a {@link MalformedJsonException}.
 *
 * @param maxDepth containers open at the same time, the root included; 1 to 10,000
 * @param maxKeysPerObject members of a single object; at least 1
 * @param maxKeys members of all objects of the document together;
 * {@code maxKeysPerObject} to 10,000,000
 * @param maxNumberLength characters of a number, with sign, fraction and exponent; at
 * least 1
 * @param maxNameLength bytes of a member's name as spelled in the document, without the
 * quotes; at least 32, so that the names the gateway itself reads always fit
 * @param maxExponent absolute value of a number's exponent; 0 to 1,000,000.
 * Arbitrary-precision decoders expand {@code 1e999999999} to gigabytes
 */
public record JsonLimits(int maxDepth, int maxKeysPerObject, int maxKeys, int maxNumberLength, int maxNameLength,
		int maxExponent) {

	/**
	 * Depth 64, 10,000 keys per object, 200,000 keys, numbers of 1,000 characters, names
	 * of 8,192 bytes, exponents up to 400: far beyond what any LLM API accepts, and cheap
	 * enough for anyone to send.
	 */
	public static final JsonLimits DEFAULT = new JsonLimits(64, 10_000, 200_000, 1_000, 8_192, 400);

	/** Refuses limits outside the documented bounds. */
	public JsonLimits {
		check(maxDepth >= 1 && maxDepth <= 10_000, "maxDepth must be 1 to 10,000", maxDepth);
		check(maxKeysPerObject >= 1, "maxKeysPerObject must be at least 1", maxKeysPerObject);
		check(maxKeys >= maxKeysPerObject && maxKeys <= 10_000_000, "maxKeys must be maxKeysPerObject to 10,000,000",
				maxKeys);
		check(maxNumberLength >= 1, "maxNumberLength must be at least 1", maxNumberLength);
		check(maxNameLength >= 32, "maxNameLength must be at least 32", maxNameLength);
		check(maxExponent >= 0 && maxExponent <= 1_000_000, "maxExponent must be 0 to 1,000,000", maxExponent);
	}

	private static void check(boolean valid, String rule, int value) {
		if (!valid) {
			throw new IllegalArgumentException(rule + " but is " + value);
		}
	}

}
