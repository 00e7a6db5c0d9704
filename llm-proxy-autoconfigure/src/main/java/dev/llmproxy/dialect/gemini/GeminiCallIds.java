package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Pairs function calls with their responses where the conversation leaves identifiers
 * out, as it may: a response belongs to the first call of its name that has none yet.
 * Invented identifiers depend on the conversation alone, and fit what other providers
 * take (letters, digits, {@code _} and {@code -}, at most 40 of them).
 */
final class GeminiCallIds {

	private static final int LONGEST_NAME = 24;

	private static final long FNV_OFFSET = 0xcbf29ce484222325L;

	private static final long FNV_PRIME = 0x100000001b3L;

	private final List<Call> unanswered = new ArrayList<>();

	private int count;

	/** The identifier of the conversation's next call. */
	String call(@Nullable String id, String name) {
		String known = (id != null) ? id : invent(name, this.count);
		this.count++;
		this.unanswered.add(new Call(known, name));
		return known;
	}

	/** The identifier of the call that a response answers. */
	String response(@Nullable String id, String name) {
		for (Iterator<Call> calls = this.unanswered.iterator(); calls.hasNext();) {
			Call call = calls.next();
			if ((id != null) ? call.id().equals(id) : call.name().equals(name)) {
				calls.remove();
				return call.id();
			}
		}
		return (id != null) ? id : invent(name, this.count++);
	}

	private static String invent(String name, int number) {
		StringBuilder id = new StringBuilder("call_");
		for (int i = 0; i < Math.min(name.length(), LONGEST_NAME); i++) {
			char c = name.charAt(i);
			boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
			id.append(plain ? c : '_');
		}
		return id.append('_').append(number).toString();
	}

	/**
	 * The identifier of a call in an answer that gives none. Callers put it into their
	 * history, where it must not meet itself: so it depends on the answer's own.
	 */
	static String inAnswer(@Nullable String id, String responseId, int choice, int number, String name) {
		if (id != null) {
			return id;
		}
		long hash = FNV_OFFSET;
		String key = responseId + '/' + choice + '/' + number + '/' + name;
		for (int i = 0; i < key.length(); i++) {
			hash = (hash ^ key.charAt(i)) * FNV_PRIME;
		}
		return String.format("call_%016x", hash);
	}

	private record Call(String id, String name) {
	}

}
