package dev.llmproxy.dialect;

import java.nio.charset.StandardCharsets;

/**
 * Reads a request body's {@link Envelope} in a single pass that builds no tree, and
 * refuses everything that two JSON parsers could read differently: the gateway checks and
 * routes by what it reads here, while the provider reads the same bytes with another
 * parser.
 * <p>
 * Stricter than RFC 8259 where that leaves a choice: duplicate names are refused in every
 * object, also when they are spelled differently (section 4); so are a byte order mark
 * (section 8.1), half a surrogate pair (section 8.2), and what is beyond the
 * {@link JsonLimits} (section 9).
 * <p>
 * Stateless, and therefore safe for use by many threads. The body must not change while
 * it is scanned, nor as long as the envelope is used with it.
 */
public final class EnvelopeScanner {

	private static final byte[] MODEL = name("model");

	private static final byte[] STREAM = name("stream");

	private static final byte[] STREAM_OPTIONS = name("stream_options");

	private static final byte[] INCLUDE_USAGE = name("include_usage");

	private static final byte[] USER = name("user");

	private static final byte[] N = name("n");

	private static final byte[] MAX_TOKENS = name("max_tokens");

	private static final byte[] MAX_OUTPUT_TOKENS = name("max_output_tokens");

	private static final byte[] MAX_COMPLETION_TOKENS = name("max_completion_tokens");

	/** The API references of OpenAI allow no more answers than this to one request. */
	private static final int MAX_N = 128;

	private final byte[] body;

	private final JsonCursor cursor;

	private final Envelope.Fields fields = new Envelope.Fields();

	private int valueStart;

	private EnvelopeScanner(byte[] body, JsonCursor cursor) {
		this.body = body;
		this.cursor = cursor;
	}

	/**
	 * Checks a request body and reads its envelope.
	 * @param body a whole JSON document, whose root must be an object
	 * @param limits what the document may cost
	 * @return the envelope, whose offsets are those of {@code body}
	 * @throws MalformedJsonException if the body is not strict JSON, beyond the limits,
	 * or has an envelope field of the wrong type or range
	 */
	public static Envelope scan(byte[] body, JsonLimits limits) {
		JsonCursor cursor = new JsonCursor(body, limits);
		try {
			return new EnvelopeScanner(body, cursor).scan();
		}
		catch (MalformedJsonException ex) {
			throw ex.in(cursor.path());
		}
	}

	/**
	 * Checks a document that has no envelope.
	 * @param json a whole JSON document with any root
	 * @param limits what the document may cost
	 * @throws MalformedJsonException if the document is not strict JSON or beyond the
	 * limits
	 */
	public static void validate(byte[] json, JsonLimits limits) {
		JsonCursor cursor = new JsonCursor(json, limits);
		try {
			cursor.begin();
			cursor.skipValue();
			cursor.end();
		}
		catch (MalformedJsonException ex) {
			throw ex.in(cursor.path());
		}
	}

	private Envelope scan() {
		this.cursor.begin();
		if (this.cursor.peek() != '{') {
			refuseRoot();
		}
		this.cursor.enterObject();
		this.fields.bodyLength = this.body.length;
		this.fields.objectStart = this.cursor.position();
		while (this.cursor.next()) {
			this.fields.empty = false;
			member();
		}
		this.cursor.end();
		return new Envelope(this.fields);
	}

	/** It may still be no JSON at all, which is the better thing to say. */
	private void refuseRoot() {
		int start = this.cursor.position();
		this.cursor.skipValue();
		this.cursor.end();
		throw new MalformedJsonException(MalformedJsonException.INVALID_TYPE, "The body must be a JSON object", start);
	}

	private void member() {
		if (this.cursor.nameIs(MODEL)) {
			model();
		}
		else if (this.cursor.nameIs(STREAM)) {
			this.fields.stream = bool();
		}
		else if (this.cursor.nameIs(STREAM_OPTIONS)) {
			streamOptions();
		}
		else if (this.cursor.nameIs(MAX_TOKENS) || this.cursor.nameIs(MAX_COMPLETION_TOKENS)
				|| this.cursor.nameIs(MAX_OUTPUT_TOKENS)) {
			this.fields.maxTokens = Math.max(this.fields.maxTokens, integer(0, Integer.MAX_VALUE, -1));
		}
		else if (this.cursor.nameIs(N)) {
			this.fields.n = integer(1, MAX_N, 1);
		}
		else if (this.cursor.nameIs(USER)) {
			user();
		}
		else {
			this.cursor.skipValue();
		}
	}

	private void model() {
		byte first = value();
		if (first != '"') {
			throw invalidType("must be a string");
		}
		this.fields.model = text();
		this.fields.modelStart = this.valueStart;
		this.fields.modelEnd = this.cursor.position();
	}

	private void user() {
		byte first = value();
		if (first == '"') {
			this.fields.user = text();
		}
		else if (first != 'n') {
			throw invalidType("must be a string or null");
		}
	}

	private void streamOptions() {
		byte first = this.cursor.peek();
		int start = this.cursor.position();
		if (first == '{') {
			this.cursor.enterObject();
			this.fields.streamOptionsEmpty = true;
			while (this.cursor.next()) {
				this.fields.streamOptionsEmpty = false;
				streamOption();
			}
		}
		else if (value() != 'n') {
			throw invalidType("must be an object or null");
		}
		this.fields.streamOptionsStart = start;
		this.fields.streamOptionsEnd = this.cursor.position();
	}

	private void streamOption() {
		if (this.cursor.nameIs(INCLUDE_USAGE)) {
			this.fields.includeUsage = bool();
			this.fields.includeUsageStart = this.valueStart;
			this.fields.includeUsageEnd = this.cursor.position();
		}
		else {
			this.cursor.skipValue();
		}
	}

	private boolean bool() {
		byte first = value();
		if (first != 't' && first != 'f' && first != 'n') {
			throw invalidType("must be true, false or null");
		}
		return first == 't';
	}

	private int integer(int least, int most, int absent) {
		byte first = value();
		if (first == 'n') {
			return absent;
		}
		int end = this.cursor.position();
		if (first != '-' && !NumberLexer.isDigit(first) || !NumberLexer.isInteger(this.body, this.valueStart, end)) {
			throw invalidType("must be an integer or null");
		}
		long value = NumberLexer.integer(this.body, this.valueStart, end);
		if (value < least || value > most) {
			throw new MalformedJsonException(MalformedJsonException.NUMBER_OUT_OF_RANGE,
					"The value must be " + least + " to " + most, this.valueStart);
		}
		return (int) value;
	}

	/** Checks the value that comes next; its first byte tells its type. */
	private byte value() {
		byte first = this.cursor.peek();
		this.valueStart = this.cursor.position();
		this.cursor.skipValue();
		return first;
	}

	private String text() {
		return StringLexer.decode(this.body, this.valueStart + 1, this.cursor.position() - 1);
	}

	private MalformedJsonException invalidType(String rule) {
		return new MalformedJsonException(MalformedJsonException.INVALID_TYPE, "The value " + rule, this.valueStart);
	}

	private static byte[] name(String name) {
		return name.getBytes(StandardCharsets.US_ASCII);
	}

}
