package dev.llmproxy.context;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.context.ContextPolicy.Budget;

/**
 * Which turns of a conversation go. Turns that may go are counted off in steps of a fixed
 * size, from the beginning, and whole steps go: as few as are needed to come below the
 * trigger. Where a step ends depends on nothing that comes after it, so that a longer
 * conversation has the same beginning after the cut until the next step is due, and that
 * is when it has grown by about one step.
 *
 * @param removed by turn
 * @param stale by turn, those whose media go
 * @param steps the turns of each step that is gone, in order; those that stay because
 * they are the user's last included
 * @param next the turns of the step that is due next, empty while it is incomplete
 * @param after tokens of what is left
 */
record Cut(boolean[] removed, boolean[] stale, List<List<Integer>> steps, List<Integer> next, long after) {

	boolean removesNothing() {
		return !hasAny(this.removed);
	}

	boolean changesNothing() {
		return !hasAny(this.removed) && !hasAny(this.stale);
	}

	private static boolean hasAny(boolean[] turns) {
		for (boolean turn : turns) {
			if (turn) {
				return true;
			}
		}
		return false;
	}

	/** Cuts one conversation. */
	static final class Maker {

		private static final int KEPT = -1;

		private static final int HEAD = -2;

		private final Turns turns;

		private final Weights weights;

		private final Budget budget;

		private final ContextPolicy policy;

		private final int count;

		private final int lastOfUser;

		/** The step that a turn is of, {@link #KEPT} or {@link #HEAD}. */
		private final int[] steps;

		private final boolean[] removed;

		private final boolean[] stale;

		private final List<List<Integer>> gone = new ArrayList<>();

		/** Tokens of what is left. */
		private long left;

		/**
		 * The same as if no media were left. It decides about steps where media go,
		 * because it only grows: what is gone must not come back when an image becomes
		 * old.
		 */
		private long plain;

		Maker(Turns turns, Weights weights, Budget budget, ContextPolicy policy) {
			this.turns = turns;
			this.weights = weights;
			this.budget = budget;
			this.policy = policy;
			this.count = turns.count();
			this.lastOfUser = turns.lastOfUser();
			this.steps = new int[this.count];
			this.removed = new boolean[this.count];
			this.stale = new boolean[this.count];
			this.left = weights.total();
			this.plain = weights.total();
		}

		/**
		 * Cuts.
		 * @param order {@link TrimOrder#MIDDLE_OUT} keeps a head
		 * @param overhead tokens of what is said instead of the turns that are gone
		 */
		Cut make(TrimOrder order, long overhead) {
			int head = (order == TrimOrder.MIDDLE_OUT) ? head() : 0;
			assign(head);
			if (isTooLong() && this.policy.dropOldMedia()) {
				dropMedia();
			}
			int next = 0;
			if (isTooLong()) {
				add(overhead);
				next = removeSteps();
				removeHead();
				if (!hasAny(this.removed)) {
					add(-overhead);
				}
			}
			return new Cut(this.removed, this.stale, this.gone, due(next), this.left);
		}

		private boolean isTooLong() {
			return this.left > this.budget.trigger() || this.plain > this.budget.roomForText(this.policy);
		}

		private void add(long tokens) {
			this.left += tokens;
			this.plain += tokens;
		}

		/** What a turn counts for steps. */
		private long weight(int turn) {
			return this.weights.of(turn) - (this.policy.dropOldMedia() ? this.weights.media(turn) : 0);
		}

		private boolean mayGo(int turn) {
			return turn >= this.policy.keepFirst() && !this.turns.isPinned(turn);
		}

		/** At the end, now: a longer conversation has its end elsewhere. */
		private boolean isEnd(int turn) {
			return turn >= this.count - Math.max(1, this.policy.keepLast());
		}

		private boolean stays(int turn) {
			return isEnd(turn) || turn == this.lastOfUser;
		}

		/**
		 * Where the head ends that is kept: it takes half of the target, and ends with
		 * the model's words, so that the user's may follow.
		 */
		private int head() {
			long room = Math.max(0, this.budget.target() - this.weights.fixed()) / 2;
			int end = 0;
			for (int i = 0; i < this.count; i++) {
				if (mayGo(i)) {
					room -= weight(i);
				}
				if (room < 0) {
					break;
				}
				if (!this.turns.isUser(i)) {
					end = i + 1;
				}
			}
			return end;
		}

		private void assign(int head) {
			long sum = 0;
			for (int i = 0; i < this.count; i++) {
				if (!mayGo(i)) {
					this.steps[i] = KEPT;
				}
				else if (i < head) {
					this.steps[i] = HEAD;
				}
				else {
					this.steps[i] = (int) Math.min(Integer.MAX_VALUE, sum / this.budget.step());
					sum += weight(i);
				}
			}
		}

		private void dropMedia() {
			for (int i = 0; i < this.count; i++) {
				if (mayGo(i)) {
					this.plain -= this.weights.media(i);
				}
				if (mayGo(i) && !stays(i)) {
					this.stale[i] = true;
					this.left -= this.weights.media(i);
				}
			}
		}

		/** Removes steps from the first on; returns the turn at which it stopped. */
		private int removeSteps() {
			int i = 0;
			while (i < this.count && isTooLong()) {
				if (this.steps[i] < 0) {
					i++;
					continue;
				}
				if (isEnd(i)) {
					return i;
				}
				int step = this.steps[i];
				List<Integer> members = new ArrayList<>();
				for (; i < this.count && (this.steps[i] < 0 || this.steps[i] == step) && !isEnd(i); i++) {
					if (this.steps[i] == step) {
						members.add(i);
						remove(i);
					}
				}
				this.gone.add(members);
			}
			return i;
		}

		/** Only where nothing else is left that may go. */
		private void removeHead() {
			for (int i = this.count - 1; i >= 0 && isTooLong(); i--) {
				if (this.steps[i] == HEAD && !stays(i)) {
					remove(i);
					this.gone.add(List.of(i));
				}
			}
		}

		private void remove(int turn) {
			if (!stays(turn)) {
				this.removed[turn] = true;
				this.left -= this.weights.of(turn) - (this.stale[turn] ? this.weights.media(turn) : 0);
				this.plain -= weight(turn);
			}
		}

		private List<Integer> due(int from) {
			int step = KEPT;
			List<Integer> members = new ArrayList<>();
			for (int i = from; i < this.count; i++) {
				if (this.steps[i] < 0) {
					continue;
				}
				if (step == KEPT) {
					step = this.steps[i];
				}
				if (this.steps[i] != step) {
					return isEnd(members.get(members.size() - 1)) ? List.of() : members;
				}
				members.add(i);
			}
			return List.of();
		}

	}

}
