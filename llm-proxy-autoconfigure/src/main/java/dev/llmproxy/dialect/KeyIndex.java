package dev.llmproxy.dialect;

import java.util.Arrays;

/**
 * The names in all objects that are open while a document is scanned, to notice
 * duplicates. A stack of plain integers instead of a set per object: an object's names
 * lie on top of those of the object around it and are dropped when it closes. Few names
 * are compared one by one; from the ninth on an object's names are also in a hash table,
 * which all open objects share.
 */
final class KeyIndex {

	private static final int LISTED = 8;

	/** An entry's hash. */
	private static final int HASH = 0;

	/** Where its name starts in the body. */
	private static final int FROM = 1;

	/** Where its name ends; complemented if the name is spelled with escapes. */
	private static final int TO = 2;

	/** Its slot in the table, or -1. */
	private static final int SLOT = 3;

	private static final int WIDTH = 4;

	private final byte[] body;

	private int[] entries = new int[16 * WIDTH];

	private int size;

	/** Linear probing; an entry's number plus 1, or 0 for a free slot. */
	private int[] table = {};

	private int tabled;

	KeyIndex(byte[] body) {
		this.body = body;
	}

	/** How many names are held. */
	int size() {
		return this.size;
	}

	/** The name with the given number, decoded. */
	String name(int number) {
		return StringLexer.decode(this.body, from(number), to(number));
	}

	private int from(int number) {
		return this.entries[number * WIDTH + FROM];
	}

	private int to(int number) {
		int to = this.entries[number * WIDTH + TO];
		return (to < 0) ? ~to : to;
	}

	private boolean isEscaped(int number) {
		return this.entries[number * WIDTH + TO] < 0;
	}

	/**
	 * Adds a name to the innermost object.
	 * @param first the number of that object's first name
	 * @param hash the hash of the decoded name
	 * @param from where the name starts in the body
	 * @param to where it ends
	 * @param escaped whether it is spelled with escapes
	 * @return whether the object did not have that name yet
	 */
	boolean add(int first, int hash, int from, int to, boolean escaped) {
		int number = this.size;
		// Each object has hashes of its own, or equal names of nested objects would match
		// in the table, and long before that fight for the same slots.
		push(hash ^ first * 0x9E3779B9, from, escaped ? ~to : to);
		if (number - first < LISTED) {
			return isNewInList(first, number);
		}
		if (number - first == LISTED) {
			for (int i = first; i < number; i++) {
				putInTable(i);
			}
		}
		return putInTable(number);
	}

	private void push(int hash, int from, int to) {
		int at = this.size * WIDTH;
		if (at == this.entries.length) {
			this.entries = Arrays.copyOf(this.entries, at * 2);
		}
		this.entries[at + HASH] = hash;
		this.entries[at + FROM] = from;
		this.entries[at + TO] = to;
		this.entries[at + SLOT] = -1;
		this.size++;
	}

	private boolean isNewInList(int first, int number) {
		for (int i = first; i < number; i++) {
			if (isSame(i, number)) {
				return false;
			}
		}
		return true;
	}

	private boolean putInTable(int number) {
		if (this.tabled * 2 >= this.table.length) {
			growTable();
		}
		int mask = this.table.length - 1;
		int slot = this.entries[number * WIDTH + HASH] & mask;
		while (this.table[slot] != 0) {
			if (isSame(this.table[slot] - 1, number)) {
				return false;
			}
			slot = slot + 1 & mask;
		}
		occupy(slot, number);
		this.tabled++;
		return true;
	}

	private void occupy(int slot, int number) {
		this.table[slot] = number + 1;
		this.entries[number * WIDTH + SLOT] = slot;
	}

	private void growTable() {
		this.table = new int[Math.max(4 * LISTED, this.table.length * 2)];
		int mask = this.table.length - 1;
		for (int i = 0; i < this.size; i++) {
			if (this.entries[i * WIDTH + SLOT] >= 0) {
				int slot = this.entries[i * WIDTH + HASH] & mask;
				while (this.table[slot] != 0) {
					slot = slot + 1 & mask;
				}
				occupy(slot, i);
			}
		}
	}

	private boolean isSame(int one, int other) {
		if (this.entries[one * WIDTH + HASH] != this.entries[other * WIDTH + HASH]) {
			return false;
		}
		if (isEscaped(one) || isEscaped(other)) {
			return Arrays.equals(StringLexer.unescape(this.body, from(one), to(one)),
					StringLexer.unescape(this.body, from(other), to(other)));
		}
		return Arrays.equals(this.body, from(one), to(one), this.body, from(other), to(other));
	}

	/**
	 * Drops the names of the innermost object. Its slots were the last to be filled, so
	 * that freeing them leaves the table as it was before that object.
	 */
	void drop(int first) {
		if (this.size - first > LISTED) {
			for (int i = first; i < this.size; i++) {
				int slot = this.entries[i * WIDTH + SLOT];
				if (slot >= 0) {
					this.table[slot] = 0;
					this.tabled--;
				}
			}
		}
		this.size = first;
	}

}
