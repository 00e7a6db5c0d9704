package dev.llmproxy.provider.simulator;

import org.jspecify.annotations.Nullable;

/**
 * Makes a text that matches a regular expression, for the expressions that schemas have:
 * literals, classes, groups, alternatives and counts. The expression is read and never
 * run. Not thread-safe.
 */
final class PatternSample {

	private static final int LONGEST_PATTERN = 500;

	private static final int LONGEST = 500;

	private static final int DEEPEST = 20;

	private static final String CANDIDATES = "a0A _-.@/x1";

	private final String pattern;

	/** How often what may repeat at will does. */
	private final int repetitions;

	private int position;

	private PatternSample(String pattern, int repetitions) {
		this.pattern = pattern;
		this.repetitions = repetitions;
	}

	/**
	 * A text that matches.
	 * @param least how long it must be, reached if something may repeat at will
	 * @return the text; {@code null} if the expression has something unknown in it
	 */
	static @Nullable String of(String pattern, int least) {
		if (pattern.length() > LONGEST_PATTERN) {
			return null;
		}
		try {
			String sample = new PatternSample(pattern, 1).whole();
			return (sample.length() >= least) ? sample
					: new PatternSample(pattern, 1 + least - sample.length()).whole();
		}
		catch (UnsupportedPatternException ex) {
			return null;
		}
	}

	private String whole() {
		String sample = alternatives(0);
		if (more()) {
			throw new UnsupportedPatternException();
		}
		return sample;
	}

	private boolean more() {
		return this.position < this.pattern.length();
	}

	private char next() {
		if (!more()) {
			throw new UnsupportedPatternException();
		}
		return this.pattern.charAt(this.position++);
	}

	private boolean take(String expected) {
		boolean here = this.pattern.startsWith(expected, this.position);
		this.position += here ? expected.length() : 0;
		return here;
	}

	/** The first alternative; the others are only read. */
	private String alternatives(int depth) {
		if (depth > DEEPEST) {
			throw new UnsupportedPatternException();
		}
		String first = sequence(depth);
		while (take("|")) {
			sequence(depth);
		}
		return first;
	}

	private String sequence(int depth) {
		StringBuilder sample = new StringBuilder();
		while (more() && this.pattern.charAt(this.position) != '|' && this.pattern.charAt(this.position) != ')') {
			String atom = atom(depth);
			int count = count();
			for (int i = 0; i < count && sample.length() < LONGEST; i++) {
				sample.append(atom);
			}
		}
		return sample.toString();
	}

	private String atom(int depth) {
		char first = next();
		return switch (first) {
			case '^', '$' -> "";
			case '.' -> "a";
			case '(' -> group(depth);
			case '[' -> CharacterClass.read(this).sample();
			case '\\' -> escaped();
			case '*', '+', '?', '{' -> throw new UnsupportedPatternException();
			default -> Character.toString(first);
		};
	}

	private String group(int depth) {
		boolean silent = false;
		if (take("?")) {
			if (take("=") || take("!") || take("<=") || take("<!")) {
				silent = true;
			}
			else if (take("<") || take("P<")) {
				while (next() != '>') {
					// A name.
				}
			}
			else if (!take(":")) {
				throw new UnsupportedPatternException();
			}
		}
		String sample = alternatives(depth + 1);
		if (!take(")")) {
			throw new UnsupportedPatternException();
		}
		return silent ? "" : sample;
	}

	private String escaped() {
		char letter = next();
		if (letter == 'b' || letter == 'B') {
			return "";
		}
		CharacterClass known = CharacterClass.shorthand(letter);
		return (known != null) ? known.sample() : Character.toString(literal(letter));
	}

	private char literal(char letter) {
		return switch (letter) {
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'f' -> '\f';
			case 'v' -> 0x0b;
			case 'x' -> hexadecimal(2);
			case 'u' -> hexadecimal(4);
			default -> {
				if (Character.isLetterOrDigit(letter)) {
					throw new UnsupportedPatternException();
				}
				yield letter;
			}
		};
	}

	private char hexadecimal(int digits) {
		int value = 0;
		for (int i = 0; i < digits; i++) {
			int digit = Character.digit(next(), 16);
			if (digit < 0) {
				throw new UnsupportedPatternException();
			}
			value = value * 16 + digit;
		}
		return (char) value;
	}

	/** How often the last atom is wanted. */
	private int count() {
		int count = 1;
		if (take("*") || take("+")) {
			count = this.repetitions;
		}
		else if (take("?")) {
			count = 0;
		}
		else if (take("{")) {
			int least = number();
			int most = least;
			if (take(",")) {
				most = (more() && this.pattern.charAt(this.position) == '}') ? Integer.MAX_VALUE : number();
			}
			if (!take("}")) {
				throw new UnsupportedPatternException();
			}
			count = Math.min(most, Math.max(least, this.repetitions));
		}
		else {
			return count;
		}
		if (!take("?")) {
			take("+");
		}
		return count;
	}

	private int number() {
		int start = this.position;
		while (more() && Character.isDigit(this.pattern.charAt(this.position))) {
			this.position++;
		}
		if (this.position == start || this.position - start > 5) {
			throw new UnsupportedPatternException();
		}
		return Integer.parseInt(this.pattern, start, this.position, 10);
	}

	/** Which characters are meant. */
	private record CharacterClass(String members, boolean negated) {

		static @Nullable CharacterClass shorthand(char letter) {
			return switch (letter) {
				case 'd' -> new CharacterClass("0123456789", false);
				case 'w' -> new CharacterClass(WORD, false);
				case 's' -> new CharacterClass(" \t\n\r", false);
				case 'D' -> new CharacterClass("0123456789", true);
				case 'W' -> new CharacterClass(WORD, true);
				case 'S' -> new CharacterClass(" \t\n\r", true);
				default -> null;
			};
		}

		private static final String WORD = range('a', 'z') + range('A', 'Z') + range('0', '9') + "_";

		/** Reads what follows an opening bracket, the closing one included. */
		static CharacterClass read(PatternSample reader) {
			boolean negated = reader.take("^");
			StringBuilder members = new StringBuilder();
			boolean first = true;
			for (char next = reader.next(); next != ']' || first; next = reader.next()) {
				first = false;
				CharacterClass known = null;
				char from = next;
				if (next == '\\') {
					char letter = reader.next();
					known = shorthand(letter);
					from = (known != null || letter == 'b') ? letter : reader.literal(letter);
				}
				if (known != null) {
					if (known.negated) {
						throw new UnsupportedPatternException();
					}
					members.append(known.members);
				}
				else {
					members.append(from);
					to(reader, from, members);
				}
			}
			return new CharacterClass(members.toString(), negated);
		}

		/** The rest of a range, if this is one. */
		private static void to(PatternSample reader, char from, StringBuilder members) {
			String pattern = reader.pattern;
			int position = reader.position;
			if (position + 1 < pattern.length() && pattern.charAt(position) == '-'
					&& pattern.charAt(position + 1) != ']') {
				reader.take("-");
				char to = reader.next();
				if (to == '\\') {
					to = reader.literal(reader.next());
				}
				if (to < from) {
					throw new UnsupportedPatternException();
				}
				// Far more members than candidates are not needed to tell who is in.
				members.append(range((char) (from + 1), (char) Math.min(to, from + 300)));
			}
		}

		private static String range(char from, char to) {
			StringBuilder range = new StringBuilder();
			for (int c = from; c <= to; c++) {
				range.append((char) c);
			}
			return range.toString();
		}

		String sample() {
			if (!this.negated) {
				return this.members.substring(0, 1);
			}
			for (int i = 0; i < CANDIDATES.length(); i++) {
				if (this.members.indexOf(CANDIDATES.charAt(i)) < 0) {
					return CANDIDATES.substring(i, i + 1);
				}
			}
			throw new UnsupportedPatternException();
		}

	}

	/** The expression has something in it that is not known here. */
	private static final class UnsupportedPatternException extends RuntimeException {

		UnsupportedPatternException() {
			super(null, null, false, false);
		}

	}

}
