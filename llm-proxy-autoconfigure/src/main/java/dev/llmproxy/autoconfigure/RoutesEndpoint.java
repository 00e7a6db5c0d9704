package dev.llmproxy.autoconfigure;

import java.util.Comparator;
import java.util.List;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RoutePlanner;
import dev.llmproxy.routing.Router;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Shows routes and what is going on at their targets, and says of a sample request what
 * would be done with it. Calls nobody.
 */
@Endpoint(id = "llmroutes")
final class RoutesEndpoint {

	private final Router router;

	private final RoutePlanner planner;

	private final StatisticsGate statistics;

	private final AttemptGates gates;

	private final SampleRequests samples;

	RoutesEndpoint(Router router, RoutePlanner planner, StatisticsGate statistics, AttemptGates gates, Codecs codecs) {
		this.router = router;
		this.planner = planner;
		this.statistics = statistics;
		this.gates = gates;
		this.samples = new SampleRequests(codecs);
	}

	/** All routes, aliases among them. */
	@ReadOperation
	Routes routes() {
		return new Routes(this.router.routes()
			.stream()
			.sorted(Comparator.comparing(Route::name))
			.map((route) -> RouteDescription.of(route, this.statistics, this.gates))
			.toList());
	}

	/** One of them, whose name may have slashes in it. */
	@ReadOperation
	@Nullable RouteDescription route(@Selector(match = Selector.Match.ALL_REMAINING) String... name) {
		String wanted = String.join("/", name);
		return this.router.routes()
			.stream()
			.filter((route) -> route.name().equals(wanted))
			.findFirst()
			.map((route) -> RouteDescription.of(route, this.statistics, this.gates))
			.orElse(null);
	}

	/**
	 * Rehearses a request.
	 * @param model the name that is asked for; by default the one in the body
	 * @param body of the request, as text; by default a greeting
	 * @param dialect of the body; by default openai
	 * @param operation by default chat
	 * @param headers of the request, as lines
	 * @param caller the id of the key that is used
	 */
	@WriteOperation
	WebEndpointResponse<Object> rehearse(@Nullable String model, @Nullable String body, @Nullable String dialect,
			@Nullable String operation, @Nullable String headers, @Nullable String caller) {
		try {
			LlmRequest request = this.samples.of(model, body, dialect, operation, headers, caller);
			Route route = this.router.route(request);
			return new WebEndpointResponse<>(RouteRehearsal.of(this.planner.rehearse(route, request)));
		}
		catch (LlmException ex) {
			return refusal(ex.status(), ex.error());
		}
		catch (InvalidRequestException ex) {
			return refusal(ex.error().kind().status(), ex.error());
		}
		catch (MalformedJsonException | IllegalArgumentException ex) {
			return new WebEndpointResponse<>(new RouteRehearsal.Refusal(WebEndpointResponse.STATUS_BAD_REQUEST, null,
					String.valueOf(ex.getMessage())), WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	private static WebEndpointResponse<Object> refusal(int status, LlmError error) {
		return new WebEndpointResponse<>(new RouteRehearsal.Refusal(status, error.code(), error.message()), status);
	}

	/** All routes. */
	record Routes(List<RouteDescription> routes) {
	}

}
