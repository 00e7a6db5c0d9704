package dev.llmproxy.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.MemoryBudget.Pressure;
import dev.llmproxy.gateway.MemoryBudget.Use;

import org.springframework.http.HttpHeaders;

/**
 * Lets new calls in while there is memory for them. Fronts ask before they read a body,
 * and note what each call holds. Thread-safe.
 */
public final class Admission {

	/** Lets everything in. */
	public static final Admission UNLIMITED = new Admission(MemoryBudget.UNLIMITED, Duration.ofSeconds(1));

	/** What a body may take before any of it has come: to announce much costs nothing. */
	public static final int MOST_ON_TRUST = 64 * 1024;

	/**
	 * What a call takes beside its body: its connections, headers, decoders and filters.
	 */
	static final int CALL = 16 * 1024;

	/**
	 * A body is there as it came, and as it goes out: decoded, or with another model's
	 * name.
	 */
	static final int COPIES = 2;

	private final MemoryBudget memory;

	private final Duration retryAfter;

	private final LongAdder refused = new LongAdder();

	/**
	 * Creates it.
	 * @param retryAfter when callers who are refused shall come again
	 */
	public Admission(MemoryBudget memory, Duration retryAfter) {
		this.memory = memory;
		this.retryAfter = retryAfter;
	}

	/** Where answers that callers are slow to read are counted. */
	public MemoryBudget memory() {
		return this.memory;
	}

	/**
	 * Lets a call in. Its announced length has to fit, but is not taken yet.
	 * @param announced the length of its body; negative where nobody said
	 * @return what it holds from now on, to be closed when it is over
	 * @throws LlmException if there is no room for it
	 */
	public Holding admit(long announced) {
		check();
		Holding holding = new Holding(this.memory, Use.REQUEST);
		long body = Math.max(0, announced);
		if (!holding.resize(bytes(body))) {
			throw refusal();
		}
		if (body > MOST_ON_TRUST) {
			holding.resize(bytes(MOST_ON_TRUST));
		}
		return holding;
	}

	/**
	 * Notes how long a call's body has become.
	 * @throws LlmException if there is no room for it
	 */
	public void body(Holding holding, long length) {
		if (!holding.resize(bytes(length))) {
			throw refusal();
		}
	}

	private static long bytes(long body) {
		return CALL + COPIES * body;
	}

	/**
	 * For a call that holds nothing of which we know.
	 * @throws LlmException if none may begin now
	 */
	public void check() {
		if (this.memory.pressure() == Pressure.CRITICAL) {
			throw refusal();
		}
	}

	/** Whether connections are kept for further calls. */
	public boolean keepsConnections() {
		return this.memory.pressure() == Pressure.NONE;
	}

	/** How many calls were refused. */
	public long refused() {
		return this.refused.sum();
	}

	private LlmException refusal() {
		this.refused.increment();
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.CONNECTION, "close");
		return LlmException
			.refusal(new LlmError(ErrorKind.OVERLOADED,
					"The gateway has too many calls under way to take another one. Try again in a moment.",
					"overloaded", null), this.retryAfter)
			.withHeaders(headers);
	}

}
