package dev.llmproxy.flag;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.function.SingletonSupplier;

/**
 * Flags as an OpenFeature provider tells them. One that answers out of the process'
 * memory is asked at once, on the event loop too; one that asks a server for each flag is
 * asked elsewhere, before the request goes on, see {@link FlagFilter}. What a provider
 * can't tell is as it was last for that flag and that caller, or else as it is configured
 * here, or else off. Thread-safe.
 */
public final class OpenFeatureFlags implements Flags {

	private final Supplier<FlagSource> source;

	private final Supplier<KnownValues> known;

	private final boolean remote;

	private final LiveSnapshot live;

	/**
	 * What a provider in the process said last; {@code null} for one that never fails.
	 */
	private final @Nullable Cache<KnownValues.Question, Object> last;

	/**
	 * Creates them.
	 * @param client is asked for when the first flag is
	 * @param live where the {@link FlagSettings} are
	 */
	public OpenFeatureFlags(Supplier<Client> client, LiveSnapshot live, Settings settings) {
		this.live = live;
		this.remote = settings.remote();
		this.source = once(() -> new FlagSource(client.get()));
		this.known = once(
				() -> new KnownValues(this.source.get(), settings.executor(), settings.most(), settings.maxAge()));
		this.last = (settings.remote() || settings.certain()) ? null
				: Caffeine.newBuilder().maximumSize(settings.most()).executor(Runnable::run).build();
	}

	private static <T> Supplier<T> once(Supplier<T> maker) {
		return SingletonSupplier.of(maker);
	}

	/** Connects now instead of when the first flag is asked. May wait. */
	public void connect() {
		Objects.requireNonNull(this.source.get());
	}

	/** Whether each flag may be a question to a server. */
	boolean remote() {
		return this.remote;
	}

	@Override
	public boolean on(String flag, LlmRequest request) {
		return Boolean.TRUE.equals(value(flag, Kind.BOOLEAN, request));
	}

	@Override
	public @Nullable Object value(String flag, Kind kind, LlmRequest request) {
		FlagSettings settings = settings(request);
		EvaluationContext context = FlagContext.of(request, settings);
		KnownValues.Question question = new KnownValues.Question(new Asked(flag, kind), context);
		if (this.remote) {
			Object value = this.known.get().now(question);
			return (value != null) ? value : MemoryProvider.configured(settings, question.asked(), context);
		}
		Cache<KnownValues.Question, Object> last = this.last;
		if (last == null) {
			return this.source.get().ask(question.asked(), null, context);
		}
		Object otherwise = MemoryProvider.configured(settings, question.asked(), context);
		Object value = this.source.get().ask(question.asked(), otherwise, context);
		Object before = last.getIfPresent(question);
		if (value == null) {
			return (before != null) ? before : otherwise;
		}
		if (!value.equals(before)) {
			last.put(question, value);
		}
		return value;
	}

	/**
	 * Completes once flags are known that are asked of a server, or it is clear that they
	 * can't be.
	 */
	Mono<Void> prepare(LlmRequest request, List<Asked> flags) {
		EvaluationContext context = FlagContext.of(request, settings(request));
		List<CompletableFuture<Object>> answers = new ArrayList<>(flags.size());
		for (Asked asked : flags) {
			CompletableFuture<Object> answer = this.known.get().soon(new KnownValues.Question(asked, context));
			if (!answer.isDone()) {
				answers.add(answer);
			}
		}
		if (answers.isEmpty()) {
			return Mono.empty();
		}
		CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
		return Mono.fromFuture(all, true).onErrorComplete();
	}

	@Override
	public String deciding(LlmRequest request) {
		List<Asked> deciding = settings(request).deciding(request.model());
		if (deciding.isEmpty()) {
			return "";
		}
		StringBuilder values = new StringBuilder();
		for (Asked asked : deciding) {
			values.append(' ').append(asked.flag()).append('=').append(value(asked.flag(), asked.kind(), request));
		}
		return values.toString();
	}

	FlagSettings settings(LlmRequest request) {
		return Objects.requireNonNullElse(this.live.find(request, FlagSettings.class), FlagSettings.NONE);
	}

	/**
	 * How flags are asked.
	 *
	 * @param remote whether each flag may be a question to a server
	 * @param certain whether the provider always knows all it ever will
	 * @param most values that are remembered
	 * @param maxAge after which a server is asked again
	 * @param executor on which it is asked; may reject
	 */
	public record Settings(boolean remote, boolean certain, long most, Duration maxAge, Executor executor) {
	}

}
