package dev.llmproxy.observability.status;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.cost.ChargeListener;
import dev.llmproxy.observability.status.TrafficReport.Windows;
import org.jspecify.annotations.Nullable;

/**
 * Counts what goes on, for whoever looks: some additions for each call, and at most ten
 * megabytes, whatever callers do. Thread-safe.
 */
public final class TrafficBoard implements CallListener, ChargeListener {

	private static final int NOT = Slot.Details.NOT;

	private static final int RECENT_MINUTES = 5;

	private static final int MOST_ROUTES = 30;

	private static final int MOST_PROVIDERS = 30;

	private final InstantSource clock;

	private final LongAdder active = new LongAdder();

	private final LongAdder streams = new LongAdder();

	private final Slot sinceStart = new Slot(0, true);

	private final Ring day = new Ring(1, 86_400_000, false);

	private final Ring seconds = new Ring(60, 1000, false);

	private final Ring minutes = minutes();

	private final NamedRings routes = new NamedRings(MOST_ROUTES, TrafficBoard::minutes);

	private final NamedRings providers = new NamedRings(MOST_PROVIDERS, TrafficBoard::minutes);

	public TrafficBoard(InstantSource clock) {
		this.clock = clock;
	}

	private static Ring minutes() {
		return new Ring(60, 60_000, true);
	}

	@Override
	public void began(LlmRequest request) {
		this.active.increment();
		if (request.stream()) {
			this.streams.increment();
		}
	}

	@Override
	public void ended(CallRecord call) {
		this.active.decrement();
		if (call.stream()) {
			this.streams.decrement();
		}
		long now = call.began().toEpochMilli() + call.duration() / 1_000_000;
		int latency = (call.end() == CallRecord.End.SUCCEEDED) ? Latencies.bucket(call.duration()) : NOT;
		int firstToken = (call.stream() && call.firstToken() >= 0) ? Latencies.bucket(call.firstToken()) : NOT;
		count(this.sinceStart, call, latency, firstToken);
		count(this.day.at(now), call, latency, firstToken);
		count(this.seconds.at(now), call, latency, firstToken);
		count(this.minutes.at(now), call, latency, firstToken);
		String route = call.route();
		if (route != null) {
			count(this.routes.of(route, now).at(now), call, latency, firstToken);
		}
		for (AttemptRecord attempt : call.attempts()) {
			// A breaker that opened in between is no failure of the provider's, as in the
			// metrics.
			if (!attempt.refused()) {
				count(this.providers.of(attempt.provider(), now).at(now), attempt);
			}
		}
	}

	private static void count(Slot slot, CallRecord call, int latency, int firstToken) {
		slot.add(Count.REQUESTS, 1);
		slot.add(Count.ATTEMPTS, call.attempts().size());
		switch (call.end()) {
			case SUCCEEDED -> {
			}
			case FAILED, BROKEN -> slot.add(Count.FAILED, 1);
			case CANCELLED -> slot.add(Count.CANCELLED, 1);
		}
		Count cache = cache(call.cache());
		if (cache != null) {
			slot.add(cache, 1);
		}
		Slot.Details details = slot.details();
		if (details != null) {
			details.count(call.error(), latency, firstToken);
		}
	}

	/** By the words of the header. */
	private static @Nullable Count cache(@Nullable String outcome) {
		if (outcome == null) {
			return null;
		}
		return switch (outcome) {
			case "hit" -> Count.CACHE_HIT;
			case "semantic" -> Count.CACHE_SEMANTIC;
			case "coalesced" -> Count.CACHE_COALESCED;
			case "miss" -> Count.CACHE_MISS;
			case "bypass" -> Count.CACHE_BYPASS;
			default -> null;
		};
	}

	private static void count(Slot slot, AttemptRecord attempt) {
		slot.add(Count.REQUESTS, 1);
		slot.add(Count.ATTEMPTS, 1);
		if (attempt.code() != null) {
			slot.add(Count.FAILED, 1);
			return;
		}
		Slot.Details details = slot.details();
		if (details != null) {
			details.count(null, Latencies.bucket(attempt.nanos()), NOT);
		}
	}

	@Override
	public void charged(Charge charge) {
		long now = charge.time().toEpochMilli();
		count(this.sinceStart, charge);
		count(this.day.at(now), charge);
		count(this.seconds.at(now), charge);
		count(this.minutes.at(now), charge);
		count(this.routes.of(charge.route(), now).at(now), charge);
		count(this.providers.of(charge.provider(), now).at(now), charge);
	}

	private static void count(Slot slot, Charge charge) {
		Usage usage = charge.usage();
		slot.add(Count.INPUT_TOKENS, usage.inputTokens());
		slot.add(Count.OUTPUT_TOKENS, usage.outputTokens());
		Long cost = charge.cost();
		if (cost != null) {
			slot.add(Count.NANO_USD, cost);
		}
		else {
			slot.add(Count.UNPRICED, 1);
		}
	}

	/** What has gone on up to now. */
	public TrafficReport report() {
		Instant time = this.clock.instant();
		long now = time.toEpochMilli();
		List<@Nullable Slot> hour = this.minutes.last(now, this.minutes.size());
		return new TrafficReport(time, Math.max(0, this.active.sum()), Math.max(0, this.streams.sum()),
				Summary.window(List.of(this.sinceStart)), Summary.window(this.minutes.last(now, RECENT_MINUTES)),
				Summary.window(hour), Summary.window(this.day.last(now, 1)),
				Summary.points(this.seconds.last(now, this.seconds.size()), 1), Summary.points(hour, 60),
				windows(this.routes, now), windows(this.providers, now));
	}

	private static Map<String, Windows> windows(NamedRings rings, long now) {
		Map<String, Windows> windows = new TreeMap<>();
		rings.all()
			.forEach((name, ring) -> windows.put(name, new Windows(Summary.window(ring.last(now, RECENT_MINUTES)),
					Summary.window(ring.last(now, ring.size())))));
		return windows;
	}

}
