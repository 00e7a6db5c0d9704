package dev.llmproxy.dialect.responses;

/** Notices the end of a JSON object that arrives in pieces. Not thread-safe. */
final class JsonProgress {

	private int depth;

	private boolean inString;

	private boolean escaped;

	private boolean complete;

	void feed(String piece) {
		for (int i = 0; i < piece.length(); i++) {
			char c = piece.charAt(i);
			if (this.escaped) {
				this.escaped = false;
			}
			else if (this.inString) {
				this.escaped = (c == '\\');
				this.inString = (c != '"');
			}
			else if (c == '"') {
				this.inString = true;
			}
			else if (c == '{' || c == '[') {
				this.depth++;
			}
			else if (c == '}' || c == ']') {
				this.depth--;
				this.complete |= this.depth == 0;
			}
		}
	}

	boolean isComplete() {
		return this.complete && this.depth == 0;
	}

}
