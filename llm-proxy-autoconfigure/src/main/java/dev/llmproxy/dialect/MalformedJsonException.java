package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/**
 * A request body that is not acceptable JSON: the caller's fault, answered with a 400. It
 * is control flow, so it carries no stack trace. Neither message nor param contain
 * anything of the body but member names, and those made printable and cut to 64
 * characters.
 */
public final class MalformedJsonException extends RuntimeException {

	/** Nothing, or nothing but whitespace. */
	public static final String EMPTY_BODY = "empty_body";

	/** Against the grammar of RFC 8259, or cut off. */
	public static final String INVALID_JSON = "invalid_json";

	/**
	 * UTF-16, UTF-32 or a byte order mark. RFC 8259, section 8.1, asks for plain UTF-8.
	 */
	public static final String UNSUPPORTED_ENCODING = "unsupported_encoding";

	/** Bytes that are not well-formed UTF-8 (Unicode, table 3-7). */
	public static final String INVALID_UTF8 = "invalid_utf8";

	/** Half of a surrogate pair, spelled as an escape. */
	public static final String LONE_SURROGATE = "lone_surrogate";

	/** The same name twice in one object, however spelled. */
	public static final String DUPLICATE_KEY = "duplicate_key";

	/** Deeper than {@link JsonLimits#maxDepth()}. */
	public static final String JSON_TOO_DEEP = "json_too_deep";

	/**
	 * More than {@link JsonLimits#maxKeysPerObject()} or {@link JsonLimits#maxKeys()}.
	 */
	public static final String TOO_MANY_KEYS = "too_many_keys";

	/** A name longer than {@link JsonLimits#maxNameLength()}. */
	public static final String KEY_TOO_LONG = "key_too_long";

	/**
	 * A number beyond {@link JsonLimits#maxNumberLength()} or
	 * {@link JsonLimits#maxExponent()}, or outside the range of its field.
	 */
	public static final String NUMBER_OUT_OF_RANGE = "number_out_of_range";

	/** Well-formed, but of the wrong JSON type for its place. */
	public static final String INVALID_TYPE = "invalid_type";

	/** Something follows the document. */
	public static final String TRAILING_DATA = "trailing_data";

	private static final long serialVersionUID = 1L;

	private final String code;

	private final String reason;

	private final int offset;

	private final @Nullable String param;

	MalformedJsonException(String code, String reason, int offset) {
		this(code, reason, offset, null);
	}

	private MalformedJsonException(String code, String reason, int offset, @Nullable String param) {
		super(reason + " (byte " + offset + ((param != null) ? ", in '" + param + "')" : ")"), null, false, false);
		this.code = code;
		this.reason = reason;
		this.offset = offset;
		this.param = param;
	}

	static MalformedJsonException endOfBody(int offset) {
		return new MalformedJsonException(INVALID_JSON, "The JSON ends too early", offset);
	}

	/** The same fault, said to be at the given place. */
	MalformedJsonException in(@Nullable String path) {
		return new MalformedJsonException(this.code, this.reason, this.offset, path);
	}

	/** One of the constants of this class. */
	public String code() {
		return this.code;
	}

	/** Where the fault was noticed, in bytes from the start of the body. */
	public int offset() {
		return this.offset;
	}

	/**
	 * The member in which the fault was noticed, such as {@code model} or
	 * {@code messages[2].content}; {@code null} at the root.
	 */
	public @Nullable String param() {
		return this.param;
	}

}
