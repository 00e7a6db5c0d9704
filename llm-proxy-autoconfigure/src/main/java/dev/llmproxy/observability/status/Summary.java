package dev.llmproxy.observability.status;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.observability.status.TrafficReport.Cache;
import dev.llmproxy.observability.status.TrafficReport.Percentiles;
import dev.llmproxy.observability.status.TrafficReport.Points;
import dev.llmproxy.observability.status.TrafficReport.Window;
import org.jspecify.annotations.Nullable;

/** Adds pieces of time up. */
final class Summary {

	private Summary() {
	}

	static Window window(Collection<? extends @Nullable Slot> some) {
		List<Slot> slots = some.stream().filter(Objects::nonNull).map(Slot.class::cast).toList();
		if (slots.isEmpty()) {
			return Window.NONE;
		}
		Cache cache = new Cache(sum(slots, Count.CACHE_HIT), sum(slots, Count.CACHE_SEMANTIC),
				sum(slots, Count.CACHE_COALESCED), sum(slots, Count.CACHE_MISS), sum(slots, Count.CACHE_BYPASS));
		return new Window(sum(slots, Count.REQUESTS), sum(slots, Count.FAILED), sum(slots, Count.CANCELLED),
				sum(slots, Count.ATTEMPTS), sum(slots, Count.INPUT_TOKENS), sum(slots, Count.OUTPUT_TOKENS),
				sum(slots, Count.NANO_USD), sum(slots, Count.UNPRICED), cache, errors(slots),
				percentiles(slots, Slot.Details::latency), percentiles(slots, Slot.Details::firstToken));
	}

	static Points points(List<@Nullable Slot> slots, int stepSeconds) {
		Points points = new Points(stepSeconds, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
				new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
		for (Slot slot : slots) {
			points.requests().add(count(slot, Count.REQUESTS));
			points.failed().add(count(slot, Count.FAILED));
			points.tokens().add(count(slot, Count.INPUT_TOKENS) + count(slot, Count.OUTPUT_TOKENS));
			points.nanoUsd().add(count(slot, Count.NANO_USD));
			Percentiles latency = (slot != null) ? percentiles(List.of(slot), Slot.Details::latency) : null;
			points.p50().add((latency != null) ? latency.p50() : null);
			points.p95().add((latency != null) ? latency.p95() : null);
			Percentiles first = (slot != null) ? percentiles(List.of(slot), Slot.Details::firstToken) : null;
			points.firstToken().add((first != null) ? first.p50() : null);
		}
		return points;
	}

	private static long count(@Nullable Slot slot, Count count) {
		return (slot != null) ? slot.get(count) : 0;
	}

	private static long sum(List<Slot> slots, Count count) {
		return slots.stream().mapToLong((slot) -> slot.get(count)).sum();
	}

	private static Map<ErrorKind, Long> errors(List<Slot> slots) {
		Map<ErrorKind, Long> errors = new EnumMap<>(ErrorKind.class);
		for (Slot slot : slots) {
			Slot.Details details = slot.details();
			if (details != null) {
				for (ErrorKind kind : ErrorKind.values()) {
					if (details.errors(kind) > 0) {
						errors.merge(kind, details.errors(kind), Long::sum);
					}
				}
			}
		}
		return errors;
	}

	private static @Nullable Percentiles percentiles(List<Slot> slots, Function<Slot.Details, Latencies> which) {
		return Latencies.of(slots.stream().map(Slot::details).filter(Objects::nonNull).map(which).toList());
	}

}
