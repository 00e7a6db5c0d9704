package dev.llmproxy.cluster.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.ReactiveSubscription.Message;
import org.springframework.data.redis.connection.SubscriptionListener;

/**
 * The channel on which nodes hear each other. Not by way of a template: that does not say
 * since when it listens, and logs an error when it ends.
 *
 * @param connections to Redis; each listening has one of its own
 * @param name of the channel
 */
record Channel(ReactiveRedisConnectionFactory connections, String name) {

	/** After which it is tried anew, on another connection. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/**
	 * What is told from now on.
	 * @param listening what is done once it listens, and again after each failure
	 */
	Flux<ByteBuffer> messages(Supplier<Mono<Void>> listening) {
		return Flux
			.usingWhen(Mono.fromSupplier(this.connections::getReactiveConnection),
					(connection) -> messages(connection, listening),
					(connection) -> connection.closeLater().onErrorComplete())
			// To connect may block.
			.subscribeOn(Schedulers.boundedElastic());
	}

	private Flux<ByteBuffer> messages(ReactiveRedisConnection connection, Supplier<Mono<Void>> listening) {
		ByteBuffer channel = ByteBuffer.wrap(this.name.getBytes(StandardCharsets.UTF_8));
		return connection.pubSubCommands()
			.createSubscription(SubscriptionListener.NO_OP_SUBSCRIPTION_LISTENER)
			.flatMapMany((subscription) -> subscription.receive()
				.map(Message::getMessage)
				.mergeWith(subscription.subscribe(channel)
					.timeout(PATIENCE)
					.then(Mono.defer(listening))
					.thenMany(Flux.<ByteBuffer>empty())));
	}

}
