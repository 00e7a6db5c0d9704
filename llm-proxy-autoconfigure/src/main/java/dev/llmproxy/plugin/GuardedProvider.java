package dev.llmproxy.plugin;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Connections;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Timeouts;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A plugin's provider, on threads of its own. It has the clocks of every other provider,
 * and not the plugin's deadline: models take their time. What it fails with may be tried
 * elsewhere.
 */
final class GuardedProvider implements Provider {

	private final Provider provider;

	private final Guard guard;

	GuardedProvider(Provider provider, Guard guard) {
		this.provider = provider;
		this.guard = guard;
	}

	@Override
	public Mono<LlmResponse> execute(Attempt attempt) {
		Timeouts known = attempt.timeouts();
		Timeouts clocks = (known != null) ? known : Timeouts.DEFAULT;
		return Mono.defer(() -> this.provider.execute(attempt))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("The provider gave no answer")))
			.subscribeOn(this.guard.scheduler())
			.timeout(attempt.request().stream() ? clocks.firstToken() : clocks.total())
			.onErrorMap((failure) -> !(failure instanceof LlmException), this::failed)
			.map((response) -> response.withBody(body(response, clocks)))
			.doOnDiscard(LlmResponse.class, (response) -> response.body().discard());
	}

	private ResponseBody body(LlmResponse response, Timeouts clocks) {
		if (response.body() instanceof ResponseBody.Wire wire) {
			return new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					watched(wire.content(), response, clocks));
		}
		return (response.body() instanceof ResponseBody.Events events)
				? new ResponseBody.Events(watched(events.events(), response, clocks)) : response.body();
	}

	private <T> Flux<T> watched(Flux<T> content, LlmResponse response, Timeouts clocks) {
		return content.timeout(clocks.idle())
			.onErrorMap((failure) -> !(failure instanceof LlmException), this::failed)
			.doOnError(LlmException.class, (failure) -> response.outcome().error(failure.error()));
	}

	private LlmException failed(Throwable failure) {
		if (failure instanceof TimeoutException) {
			return LlmException.exchange(new LlmError(ErrorKind.TIMEOUT,
					"The provider '" + name() + "' took too long to answer.", "upstream_timeout", null));
		}
		this.guard.failure(failure);
		return LlmException
			.exchange(new LlmError(ErrorKind.UPSTREAM, "The provider '" + name() + "' failed.", "plugin_failed", null));
	}

	@Override
	public String name() {
		return this.provider.name();
	}

	@Override
	public String type() {
		return this.provider.type();
	}

	@Override
	public String vendor() {
		return this.provider.vendor();
	}

	@Override
	public @Nullable URI address() {
		return this.provider.address();
	}

	@Override
	public boolean supports(Operation operation, Dialect dialect) {
		return this.provider.supports(operation, dialect);
	}

	@Override
	public @Nullable Dialect dialectFor(Operation operation, Dialect dialect) {
		return this.provider.dialectFor(operation, dialect);
	}

	@Override
	public boolean hasFreshCredential() {
		return this.provider.hasFreshCredential();
	}

	@Override
	public @Nullable String identity() {
		return this.provider.identity();
	}

	@Override
	public Flux<Model> models() {
		return Flux.defer(this.provider::models).subscribeOn(this.guard.scheduler()).onErrorComplete();
	}

	@Override
	public boolean discovers() {
		return this.provider.discovers();
	}

	@Override
	public Mono<List<Model>> discover(Duration patience) {
		return Mono.defer(() -> this.provider.discover(patience))
			.subscribeOn(this.guard.scheduler())
			.timeout(patience)
			.onErrorMap((failure) -> !(failure instanceof LlmException), this::failed);
	}

	@Override
	public @Nullable Connections connections() {
		return this.provider.connections();
	}

	@Override
	public List<String> modelPrefixes() {
		return this.provider.modelPrefixes();
	}

}
