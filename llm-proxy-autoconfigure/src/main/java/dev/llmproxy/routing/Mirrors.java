package dev.llmproxy.routing;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.Attempt.Kind;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Sends copies of requests whose answers are read to their end and thrown away, so that
 * they are measured and billed like others. Nobody waits for them, and nothing that
 * happens to them reaches a caller. Thread-safe.
 */
final class Mirrors {

	/** More at once are not sent: a slow shadow must not eat the gateway's memory. */
	private static final int MOST = 100;

	private final AttemptHandler attempts;

	private final RoutePlanner planner;

	private final AtomicInteger underWay = new AtomicInteger();

	Mirrors(AttemptHandler attempts, RoutePlanner planner) {
		this.attempts = attempts;
		this.planner = planner;
	}

	/** Sends one, unless the route's mirror is not to get this request. */
	void send(Route route, LlmRequest request) {
		Route.Mirror mirror = route.mirror();
		if (mirror == null || ThreadLocalRandom.current().nextDouble(100) >= mirror.percent()
				|| !this.planner.mayMirror(route, mirror.target(), request)) {
			return;
		}
		if (this.underWay.incrementAndGet() > MOST) {
			this.underWay.decrementAndGet();
			return;
		}
		Mono.defer(() -> this.attempts
			.execute(new Attempt(request, mirror.target(), 1, Kind.MIRROR, route.timeouts(), route.name())))
			.subscribeOn(Schedulers.parallel())
			.flatMap(Mirrors::readToEnd)
			.doFinally((signal) -> this.underWay.decrementAndGet())
			.onErrorComplete()
			.subscribe();
	}

	private static Mono<Void> readToEnd(LlmResponse response) {
		ResponseBody body = response.body();
		if (body instanceof ResponseBody.Wire wire) {
			return wire.content().doOnNext(DataBufferUtils::release).then();
		}
		return (body instanceof ResponseBody.Events events) ? events.events().then() : Mono.empty();
	}

}
