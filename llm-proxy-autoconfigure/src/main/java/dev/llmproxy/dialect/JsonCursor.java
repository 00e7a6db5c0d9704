package dev.llmproxy.dialect;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Walks a JSON document (RFC 8259) from front to back and refuses whatever is not
 * strictly well-formed or beyond the limits. Containers are kept on a stack of its own,
 * so that depth never costs stack frames.
 */
final class JsonCursor {

	private static final byte[] TRUE = { 't', 'r', 'u', 'e' };

	private static final byte[] FALSE = { 'f', 'a', 'l', 's', 'e' };

	private static final byte[] NULL = { 'n', 'u', 'l', 'l' };

	private final byte[] body;

	private final JsonLimits limits;

	private final KeyIndex keys;

	/**
	 * For each open container: of an object the number of its first name in the index, of
	 * an array -1 minus the elements begun.
	 */
	private int[] frames = new int[16];

	private int depth;

	private int pos;

	/** The names so far, in all objects. */
	private int names;

	/** Whether the innermost container is at one of its members, not between them. */
	private boolean inMember;

	/** The last name, decoded: the body unless it is spelled with escapes. */
	private byte[] nameBytes = NULL;

	private int nameFrom;

	private int nameTo;

	JsonCursor(byte[] body, JsonLimits limits) {
		this.body = body;
		this.limits = limits;
		this.keys = new KeyIndex(body);
	}

	/** Checks what can be said before the first value. */
	void begin() {
		refuseOtherEncodings();
		this.pos = skipWhitespace(0);
		if (this.pos == this.body.length) {
			throw new MalformedJsonException(MalformedJsonException.EMPTY_BODY, "The body is empty", this.pos);
		}
	}

	/**
	 * The grammar would refuse these bytes anyway, but not say what the matter is. JSON
	 * starts with an ASCII character, which has zero bytes around it in wider encodings.
	 */
	private void refuseOtherEncodings() {
		int first = (this.body.length > 0) ? this.body[0] & 0xFF : -1;
		int second = (this.body.length > 1) ? this.body[1] & 0xFF : -1;
		if (first == 0xEF && second == 0xBB) {
			throw new MalformedJsonException(MalformedJsonException.UNSUPPORTED_ENCODING,
					"JSON must be UTF-8 without a byte order mark", 0);
		}
		boolean wideMark = first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE;
		if (wideMark || first == 0 || second == 0) {
			throw new MalformedJsonException(MalformedJsonException.UNSUPPORTED_ENCODING,
					"JSON must be UTF-8, not UTF-16 or UTF-32", 0);
		}
	}

	/** Checks that nothing follows the root value. */
	void end() {
		this.pos = skipWhitespace(this.pos);
		if (this.pos < this.body.length) {
			throw new MalformedJsonException(MalformedJsonException.TRAILING_DATA,
					"Nothing may follow the JSON document", this.pos);
		}
	}

	/** Where the cursor is: before a value after {@link #peek()}, after one otherwise. */
	int position() {
		return this.pos;
	}

	/** The first byte of the value that comes next. */
	byte peek() {
		this.pos = skipWhitespace(this.pos);
		if (this.pos == this.body.length) {
			throw MalformedJsonException.endOfBody(this.pos);
		}
		return this.body[this.pos];
	}

	/** Enters the object that comes next. */
	void enterObject() {
		enter(this.keys.size());
	}

	private void enter(int frame) {
		if (this.depth == this.limits.maxDepth()) {
			throw new MalformedJsonException(MalformedJsonException.JSON_TOO_DEEP,
					"JSON may be nested at most " + this.limits.maxDepth() + " levels deep", this.pos);
		}
		if (this.depth == this.frames.length) {
			this.frames = Arrays.copyOf(this.frames, this.depth * 2);
		}
		this.frames[this.depth++] = frame;
		this.inMember = false;
		this.pos++;
	}

	/**
	 * Goes to the value of the innermost object's next member or of the innermost array's
	 * next element, or leaves the container if there is none.
	 */
	boolean next() {
		this.inMember = false;
		int frame = this.frames[this.depth - 1];
		return (frame < 0) ? nextElement(frame) : nextMember(frame);
	}

	private boolean nextElement(int frame) {
		byte b = peek();
		if (b == ']') {
			leave();
			return false;
		}
		if (frame != -1) {
			if (b != ',') {
				throw invalid("Expected ',' or ']'");
			}
			this.pos++;
		}
		this.frames[this.depth - 1] = frame - 1;
		this.inMember = true;
		return true;
	}

	private boolean nextMember(int first) {
		byte b = peek();
		if (b == '}') {
			this.keys.drop(first);
			leave();
			return false;
		}
		if (this.keys.size() != first) {
			if (b != ',') {
				throw invalid("Expected ',' or '}'");
			}
			this.pos++;
			b = peek();
		}
		if (b != '"') {
			throw invalid("Expected a member's name in double quotes");
		}
		name(first);
		if (peek() != ':') {
			throw invalid("Expected ':'");
		}
		this.pos++;
		return true;
	}

	private void leave() {
		this.depth--;
		this.pos++;
		this.inMember = true;
	}

	private void name(int first) {
		int from = this.pos + 1;
		int to = StringLexer.skipPlain(this.body, from);
		boolean escaped = false;
		if (to == this.body.length || this.body[to] != '"') {
			to = StringLexer.skip(this.body, to) - 1;
			escaped = StringLexer.hasEscape(this.body, from, to);
		}
		checkName(first, from, to);
		this.nameBytes = escaped ? StringLexer.unescape(this.body, from, to) : this.body;
		this.nameFrom = escaped ? 0 : from;
		this.nameTo = escaped ? this.nameBytes.length : to;
		int hash = NameHash.SECRET.of(this.nameBytes, this.nameFrom, this.nameTo);
		boolean fresh = this.keys.add(first, hash, from, to, escaped);
		this.inMember = true;
		if (!fresh) {
			throw new MalformedJsonException(MalformedJsonException.DUPLICATE_KEY,
					"An object may have each key only once", this.pos);
		}
		this.pos = to + 1;
	}

	private void checkName(int first, int from, int to) {
		if (to - from > this.limits.maxNameLength()) {
			throw new MalformedJsonException(MalformedJsonException.KEY_TOO_LONG,
					"A key may have at most " + this.limits.maxNameLength() + " bytes", this.pos);
		}
		if (this.keys.size() - first == this.limits.maxKeysPerObject()) {
			throw new MalformedJsonException(MalformedJsonException.TOO_MANY_KEYS,
					"An object may have at most " + this.limits.maxKeysPerObject() + " keys", this.pos);
		}
		if (this.names++ == this.limits.maxKeys()) {
			throw new MalformedJsonException(MalformedJsonException.TOO_MANY_KEYS,
					"A document may have at most " + this.limits.maxKeys() + " keys", this.pos);
		}
	}

	/** Whether the last name, decoded, is the given one. */
	boolean nameIs(byte[] name) {
		return this.nameTo - this.nameFrom == name.length
				&& Arrays.equals(this.nameBytes, this.nameFrom, this.nameTo, name, 0, name.length);
	}

	/** Checks the value that comes next, with all that is in it. */
	void skipValue() {
		int outer = this.depth;
		skipScalarOrEnter();
		while (this.depth > outer) {
			if (next()) {
				skipScalarOrEnter();
			}
		}
	}

	private void skipScalarOrEnter() {
		switch (peek()) {
			case '"' -> this.pos = StringLexer.skip(this.body, this.pos + 1);
			case '{' -> enterObject();
			case '[' -> enter(-1);
			case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
				this.pos = NumberLexer.skip(this.body, this.pos, this.limits);
			case 't' -> skipLiteral(TRUE);
			case 'f' -> skipLiteral(FALSE);
			case 'n' -> skipLiteral(NULL);
			default -> throw invalid("Expected a value");
		}
	}

	private void skipLiteral(byte[] literal) {
		int end = Math.min(this.pos + literal.length, this.body.length);
		if (!Arrays.equals(this.body, this.pos, end, literal, 0, literal.length)) {
			throw invalid("Expected a value");
		}
		this.pos = end;
	}

	private int skipWhitespace(int from) {
		int at = from;
		while (at < this.body.length && this.body[at] <= ' ' && isWhitespace(this.body[at])) {
			at++;
		}
		return at;
	}

	private static boolean isWhitespace(byte b) {
		return b == ' ' || b == '\n' || b == '\r' || b == '\t';
	}

	private MalformedJsonException invalid(String reason) {
		return new MalformedJsonException(MalformedJsonException.INVALID_JSON, reason, this.pos);
	}

	/** Where the cursor is, see {@link JsonLocation}. */
	@Nullable String path() {
		return JsonLocation.of(this.keys, this.frames, this.depth, this.inMember);
	}

}
