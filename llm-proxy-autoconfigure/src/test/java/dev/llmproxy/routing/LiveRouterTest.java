package dev.llmproxy.routing;

import java.util.Map;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A request is routed by the configuration that it began with. */
class LiveRouterTest {

	private final LiveSnapshot live = new LiveSnapshot();

	private final LiveRouter router = new LiveRouter(this.live);

	@Test
	void aRequestThatBeganBeforeIsRoutedAsBefore() {
		this.live.add(Router.class, named("before"));
		LlmRequest began = request(this.live.current());
		this.live.replace(Map.of(Router.class, named("after")));

		assertThat(this.router.route(began).name()).isEqualTo("before");
		assertThat(this.router.route(began.withChat(Samples.chat("hi").build())).name()).isEqualTo("before");
		assertThat(this.router.route(request(this.live.current())).name()).isEqualTo("after");
		assertThat(this.router.route(request(null)).name()).isEqualTo("after");
	}

	private static Router named(String name) {
		return (request) -> Route.of(name, Samples.leaf("t"), RetryPolicy.DEFAULT);
	}

	private static LlmRequest request(@Nullable Snapshot snapshot) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(new byte[0], Envelope.none().withModel("m"))
			.snapshot(snapshot)
			.build();
	}

}
