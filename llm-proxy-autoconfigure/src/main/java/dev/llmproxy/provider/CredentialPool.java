package dev.llmproxy.provider;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A provider's credentials, used in turn. One that the provider refused rests for a
 * while, so that the others serve; when all rest, the one that rests shortest is tried,
 * because the operator may have mended it. Thread-safe.
 */
public final class CredentialPool {

	/** How long a refused credential rests. */
	public static final Duration QUARANTINE = Duration.ofSeconds(60);

	/** How long one rests of which too much was asked, unless the provider says. */
	public static final Duration SHORT_REST = Duration.ofSeconds(5);

	private final List<Credential> credentials;

	private final AtomicLongArray restingUntil;

	private final AtomicInteger turn = new AtomicInteger();

	/**
	 * Creates a pool.
	 * @throws IllegalArgumentException if there is no credential
	 */
	public CredentialPool(List<Credential> credentials) {
		if (credentials.isEmpty()) {
			throw new IllegalArgumentException("At least one credential is needed");
		}
		this.credentials = List.copyOf(credentials);
		this.restingUntil = new AtomicLongArray(credentials.size());
		long now = System.nanoTime();
		for (int i = 0; i < credentials.size(); i++) {
			this.restingUntil.set(i, now);
		}
	}

	/** The next credential to use. */
	public Credential next() {
		int size = this.credentials.size();
		if (size == 1) {
			return this.credentials.get(0);
		}
		long now = System.nanoTime();
		int start = Math.floorMod(this.turn.getAndIncrement(), size);
		int best = start;
		for (int i = 0; i < size; i++) {
			int candidate = (start + i) % size;
			if (this.restingUntil.get(candidate) - now <= 0) {
				return this.credentials.get(candidate);
			}
			if (this.restingUntil.get(candidate) - this.restingUntil.get(best) < 0) {
				best = candidate;
			}
		}
		return this.credentials.get(best);
	}

	/** Lets a credential rest that the provider refused. */
	public void quarantine(Credential credential, Duration rest) {
		int index = this.credentials.indexOf(credential);
		if (index >= 0) {
			this.restingUntil.set(index, System.nanoTime() + rest.toNanos());
		}
	}

	/** A digest of all credentials, in whatever order they are. */
	String identity() {
		return Digest.of(this.credentials.stream().map(Credential::secret).sorted().toList());
	}

	/** Whether there are several, and one of them is not at rest. */
	public boolean hasFresh() {
		if (this.credentials.size() == 1) {
			return false;
		}
		long now = System.nanoTime();
		for (int i = 0; i < this.restingUntil.length(); i++) {
			if (this.restingUntil.get(i) - now <= 0) {
				return true;
			}
		}
		return false;
	}

}
