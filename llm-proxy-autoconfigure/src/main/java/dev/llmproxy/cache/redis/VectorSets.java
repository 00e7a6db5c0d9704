package dev.llmproxy.cache.redis;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.BooleanOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueDoubleMapOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.lettuce.LettuceConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The commands of Redis' vector sets, which Spring Data has none for, and Lettuce only
 * with numbers written out: ten times the bytes. Thread-safe.
 */
final class VectorSets {

	private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

	private final LettuceConnectionFactory connections;

	private @Nullable LettuceConnection connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

	VectorSets(LettuceConnectionFactory connections) {
		this.connections = connections;
	}

	/** Blocks where there is no connection yet. Nothing else here does. */
	synchronized void connect() {
		LettuceConnection fresh = (LettuceConnection) this.connections.getConnection();
		close();
		this.connection = fresh;
		this.commands = fresh.getNativeConnection();
	}

	synchronized void close() {
		if (this.connection != null) {
			// It is the factory's, and shared, unless it was told otherwise.
			this.connection.close();
			this.connection = null;
		}
	}

	/**
	 * The elements that are most similar.
	 * @return with their cosine similarity, in no order
	 */
	Mono<Map<String, Double>> similar(String set, float[] vector, int count) {
		// A set is small: to look at all of it is exact, and takes no longer than its
		// graph.
		CommandArgs<byte[], byte[]> args = of(set).add("FP32")
			.add(bytes(vector))
			.add("WITHSCORES")
			.add("COUNT")
			.add(count)
			.add("TRUTH");
		return send(CommandType.VSIM, new ValueDoubleMapOutput<>(CODEC), args).map((scores) -> {
			Map<String, Double> similar = new HashMap<>();
			scores.forEach((element, score) -> similar.put(text(element), 2 * score - 1));
			return similar;
		});
	}

	/**
	 * Adds an element, or moves it, and has its set last for a time at least.
	 * @param attributes of the element, in JSON
	 * @return how many there are now
	 */
	Mono<Long> add(String set, float[] vector, String element, String attributes, Duration time) {
		// In numbers of eight bits, the default, similarities would be off by up to
		// 0.001. Few links, since nobody follows them: that makes it cheap to add.
		CommandArgs<byte[], byte[]> args = of(set).add("FP32")
			.add(bytes(vector))
			.add(element)
			.add("NOQUANT")
			.add("EF")
			.add(16)
			.add("SETATTR")
			.add(attributes)
			.add("M")
			.add(4);
		// All at once. GT alone would leave alone what has no end yet.
		return Mono
			.zip(send(CommandType.VADD, new BooleanOutput<>(CODEC), args),
					send(CommandType.PEXPIRE, new BooleanOutput<>(CODEC), of(set).add(time.toMillis()).add("NX")),
					send(CommandType.PEXPIRE, new BooleanOutput<>(CODEC), of(set).add(time.toMillis()).add("GT")),
					send(CommandType.VCARD, new IntegerOutput<>(CODEC), of(set)))
			.map((answers) -> answers.getT4());
	}

	Mono<Boolean> remove(String set, String element) {
		return send(CommandType.VREM, new BooleanOutput<>(CODEC), of(set).add(element));
	}

	/** Whether there is anything under a key. */
	Mono<Boolean> exists(String key) {
		return send(CommandType.EXISTS, new BooleanOutput<>(CODEC), of(key));
	}

	/** Removes whatever is under a key. */
	Mono<Boolean> unlink(String key) {
		return send(CommandType.UNLINK, new BooleanOutput<>(CODEC), of(key));
	}

	/** Any elements, none of them twice. */
	Mono<List<String>> any(String set, long count) {
		return send(CommandType.VRANDMEMBER, new ValueListOutput<>(CODEC), of(set).add(count))
			.map((elements) -> elements.stream().map(VectorSets::text).toList());
	}

	/** None where the element or its set is not there. */
	Mono<String> attributes(String set, String element) {
		return send(CommandType.VGETATTR, new ValueOutput<>(CODEC), of(set).add(element)).map(VectorSets::text);
	}

	private <T> Mono<T> send(CommandType type, CommandOutput<byte[], byte[], T> output,
			CommandArgs<byte[], byte[]> args) {
		return Mono.fromFuture(() -> {
			RedisClusterAsyncCommands<byte[], byte[]> commands = this.commands;
			if (commands == null) {
				throw new IllegalStateException("not connected yet");
			}
			return commands.dispatch(type, output, args).toCompletableFuture();
		}).onErrorMap(RedisCommandExecutionException.class, VectorSets::told);
	}

	/** What is not understood is repeated by Redis, vector and all. */
	private static Throwable told(RedisCommandExecutionException failure) {
		return String.valueOf(failure.getMessage()).startsWith("ERR unknown command")
				? new IllegalStateException("it has no vector sets, which come with Redis 8.0") : failure;
	}

	/** Whether there is something else in the place of a set of ours. */
	static boolean isForeign(Throwable failure) {
		String message = String.valueOf(failure.getMessage());
		return failure instanceof RedisCommandExecutionException
				&& (message.startsWith("WRONGTYPE") || message.contains("mismatch"));
	}

	private static CommandArgs<byte[], byte[]> of(String set) {
		return new CommandArgs<>(CODEC).addKey(set.getBytes(StandardCharsets.UTF_8));
	}

	private static byte[] bytes(float[] vector) {
		ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
		bytes.asFloatBuffer().put(vector);
		return bytes.array();
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
