package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.llmproxy.cluster.NodeMessage.Change;
import org.jspecify.annotations.Nullable;

/**
 * What operators have said on all nodes, as far as this one knows. Redis numbers the
 * changes, and in each place the one with the highest number holds: so nodes that hear
 * them in different orders agree. A change that was made here while Redis was away has no
 * number yet, and gives way to any that got one meanwhile. Used by one thread.
 */
final class Changes {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Map<String, Numbered> known = new HashMap<>();

	/** Made here, and not numbered yet. */
	private final Map<String, Own> own = new HashMap<>();

	private final int most;

	private final LongSupplier clock;

	private boolean read;

	Changes(int most, LongSupplier clock) {
		this.most = most;
		this.clock = clock;
	}

	/** The number of what holds in a place; 0 if nothing was ever said. */
	long revision(String place) {
		Numbered held = this.known.get(place);
		return (held != null) ? held.revision() : 0;
	}

	/** An operator says something here. */
	void begin(Change change) {
		Own before = this.own.get(change.place());
		if (before != null || this.own.size() < this.most) {
			this.own.put(change.place(), new Own(change, (before != null) ? before.since : null));
		}
	}

	/** It is on its way to Redis. */
	void sent(Change change) {
		Own mine = mine(change);
		if (mine != null) {
			mine.sent = this.clock.getAsLong();
			mine.underWay = true;
		}
	}

	/** It may not have got there. */
	void failed(Change change) {
		Own mine = mine(change);
		if (mine != null) {
			mine.underWay = false;
		}
	}

	/**
	 * It got its number.
	 * @return what another node said after it, which holds now; {@code null} for nothing
	 */
	@Nullable Numbered numbered(Change change, String node, long revision) {
		note(new Numbered(change, node, revision));
		Own mine = mine(change);
		if (mine == null) {
			return null;
		}
		this.own.remove(change.place());
		return (mine.since != null && note(mine.since)) ? mine.since : null;
	}

	/** Something else was said in its place while it could not be told. */
	void overtaken(Change change) {
		if (mine(change) != null) {
			this.own.remove(change.place());
		}
	}

	/** For ever is nothing: its end may have found no room in the queue. */
	private boolean isUnderWay(Own mine) {
		return mine.underWay && this.clock.getAsLong() - mine.sent < PATIENCE.toNanos();
	}

	@SuppressWarnings("ReferenceEquality") // the very change
	private @Nullable Own mine(Change change) {
		Own mine = this.own.get(change.place());
		return (mine != null && mine.change == change) ? mine : null;
	}

	/**
	 * Another node says something.
	 * @return whether that holds now
	 */
	boolean heard(Numbered change) {
		Own mine = this.own.get(change.place());
		if (mine == null) {
			return note(change);
		}
		// Which of the two is the later one only Redis knows.
		if (mine.since == null || mine.since.revision() < change.revision()) {
			mine.since = change;
		}
		return false;
	}

	private boolean note(Numbered change) {
		if (change.revision() <= revision(change.place())
				|| (this.known.size() >= this.most && !this.known.containsKey(change.place()))) {
			return false;
		}
		this.known.put(change.place(), change);
		return true;
	}

	/**
	 * All that Redis knows.
	 * @return what holds now and did not before. Of what was said before this node began
	 * only what stands
	 */
	List<Numbered> read(Collection<Numbered> stored) {
		List<Numbered> news = new ArrayList<>();
		for (Numbered change : stored) {
			Own mine = this.own.get(change.place());
			if (mine != null && isUnderWay(mine)) {
				continue;
			}
			if (!note(change)) {
				continue;
			}
			// What was said here since the start came after what was there before.
			if (mine == null || this.read) {
				this.own.remove(change.place());
				if (this.read || change.change().action().standing()) {
					news.add(change);
				}
			}
		}
		this.read = true;
		return news;
	}

	/** What was made here and could not be told. */
	List<Change> untold() {
		return this.own.values().stream().filter((mine) -> !isUnderWay(mine)).map((mine) -> mine.change).toList();
	}

	/** What Redis has lost: it was emptied, or went back to an older state. */
	List<Numbered> lost(Collection<Numbered> stored) {
		Set<String> there = new HashSet<>();
		for (Numbered change : stored) {
			if (change.revision() >= revision(change.place())) {
				there.add(change.place());
			}
		}
		return this.known.entrySet()
			.stream()
			.filter((held) -> !there.contains(held.getKey()) && !this.own.containsKey(held.getKey()))
			.map(Map.Entry::getValue)
			.toList();
	}

	/**
	 * A change and its number.
	 *
	 * @param node where it was made
	 */
	record Numbered(Change change, String node, long revision) {

		String place() {
			return this.change.place();
		}

	}

	private static final class Own {

		private final Change change;

		private @Nullable Numbered since;

		private boolean underWay;

		private long sent;

		Own(Change change, @Nullable Numbered since) {
			this.change = change;
			this.since = since;
		}

	}

}
