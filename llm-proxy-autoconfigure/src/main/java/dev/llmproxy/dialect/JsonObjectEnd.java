package dev.llmproxy.dialect;

/** Tells when the fragments of a JSON object are all there; not thread-safe. */
public final class JsonObjectEnd {

	private int depth;

	private boolean inString;

	private boolean escaped;

	private boolean ended;

	/** Whether an object has begun and ended. */
	public boolean reached() {
		return this.ended;
	}

	public void accept(String fragment) {
		for (int i = 0; i < fragment.length(); i++) {
			accept(fragment.charAt(i));
		}
	}

	private void accept(char c) {
		if (this.inString) {
			if (this.escaped) {
				this.escaped = false;
			}
			else if (c == '\\') {
				this.escaped = true;
			}
			else if (c == '"') {
				this.inString = false;
			}
		}
		else if (c == '"') {
			this.inString = true;
		}
		else if (c == '{' || c == '[') {
			this.depth++;
		}
		else if (c == '}' || c == ']') {
			this.depth--;
			this.ended |= this.depth == 0;
		}
	}

}
