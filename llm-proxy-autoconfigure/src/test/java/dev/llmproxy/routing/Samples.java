package dev.llmproxy.routing;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Target;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/** Targets and requests to choose with. */
final class Samples {

	private Samples() {
	}

	static Target target(String id) {
		return target(id, Deployment.PLAIN);
	}

	static Target target(String id, Deployment deployment) {
		return new Target(id, new NamedProvider("p"), id, deployment);
	}

	static RouteNode leaf(String id) {
		return leaf(id, 1);
	}

	static RouteNode leaf(String id, int weight) {
		return leaf(id, weight, 0);
	}

	static RouteNode leaf(String id, int weight, int priority) {
		return new RouteNode.Leaf(target(id, deployment(weight, priority, null)));
	}

	static RouteNode priced(String id, long input, long output) {
		return new RouteNode.Leaf(target(id, deployment(1, 0, ModelPrices.of(input, output))));
	}

	private static Deployment deployment(int weight, int priority, ModelPrices prices) {
		return new Deployment(weight, priority, Set.of(), null, Deployment.Capabilities.UNKNOWN, Deployment.Limits.NONE,
				prices);
	}

	static ChatRequest.Builder chat(String text) {
		return ChatRequest.builder("route").message(Message.text(Role.USER, text));
	}

	static LlmRequest request(ChatRequest chat) {
		return request(chat, Map.of());
	}

	static LlmRequest request(ChatRequest chat, Map<String, String> headers) {
		return request(chat, headers, Caller.ANONYMOUS);
	}

	static LlmRequest request(ChatRequest chat, Map<String, String> headers, Caller caller) {
		HttpHeaders all = new HttpHeaders();
		headers.forEach(all::set);
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.hints(all)
			.caller(caller)
			.body(new byte[0], Envelope.none())
			.build()
			.withChat(chat);
	}

	static RoutingContext context() {
		return context(chat("Hello").build(), Map.of());
	}

	static RoutingContext context(ChatRequest chat, Map<String, String> headers) {
		return new RoutingContext(request(chat, headers), "route");
	}

	static RoutingContext session(String id) {
		return context(chat("Hello").build(), Map.of("llm-proxy-session", id));
	}

	static List<String> names(List<RouteNode> nodes) {
		return nodes.stream().map(RouteNode::name).toList();
	}

	/** Serves everything and nothing. */
	record NamedProvider(String name) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return operation == Operation.CHAT;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.never();
		}

	}

}
