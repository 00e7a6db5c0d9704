package dev.llmproxy.routing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.junit.jupiter.api.Test;

import static dev.llmproxy.routing.Samples.chat;
import static dev.llmproxy.routing.Samples.leaf;
import static dev.llmproxy.routing.Samples.request;
import static dev.llmproxy.routing.Samples.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Who is tried, who is not and why. */
class RoutePlannerTest {

	private final RoutePlanner planner = new RoutePlanner(new AttemptGates(List.of(new Closed())));

	@Test
	void nestedGroupsAreFlattenedAndFallbacksComeLast() {
		RouteNode inner = new RouteNode.Group("inner", 1, 0,
				(children, context) -> List.of(children.get(1), children.get(0)), List.of(leaf("a"), leaf("b")));
		Route route = new Route("route", new RouteNode.Group(TargetSelector.LISTED, List.of(inner, leaf("c"))),
				RetryPolicy.DEFAULT, List.of(leaf("a"), leaf("d")), List.of(), List.of(), null, null, null);
		assertThat(this.planner.plan(route, request(chat("Hi").build())).targets()).extracting(Target::id)
			.containsExactly("b", "a", "c", "d");
	}

	@Test
	void skippedCandidatesAreNamedWithTheirReason() {
		Route route = Route.of("route",
				List.of(capable(new Deployment.Capabilities(50, 0, null, null, null, null, null)), target("closed"),
						target("open")),
				RetryPolicy.DEFAULT);
		Plan plan = this.planner.plan(route, request(chat("word ".repeat(100)).build()));
		assertThat(plan.targets()).extracting(Target::id).containsExactly("open");
		assertThat(plan.candidates().get(0).unsuited()).extracting(Unavailability::reason).isEqualTo("context_window");
		assertThat(plan.candidates().get(1).unavailable()).extracting(Unavailability::reason).isEqualTo("closed");
		assertThat(this.planner.rehearse(route, request(chat("Hi").build())).refusal()).isNull();
	}

	@Test
	void whatAModelCannotDoIsFoundOut() {
		Deployment.Capabilities nothing = new Deployment.Capabilities(0, 10, false, false, false, false, false);
		assertThat(reason(nothing, chat("Hi").build())).isNull();
		assertThat(reason(nothing, chat("Hi").maxTokens(11).build())).isEqualTo("max_output");
		assertThat(reason(nothing, chat("Hi").tool(new Tool.Function("f", null, null, null, null)).build()))
			.isEqualTo("no_tools");
		assertThat(reason(nothing, chat("Hi").responseFormat(new ResponseFormat.JsonObject()).build()))
			.isEqualTo("no_structured_output");
		assertThat(reason(nothing, chat("Hi").responseFormat(new ResponseFormat.Text()).build())).isNull();
		assertThat(reason(nothing, with(new Part.Image(new MediaSource.Url("https://x/y.png"), null, null))))
			.isEqualTo("no_vision");
		assertThat(reason(nothing,
				with(new Part.ToolResult("1", null,
						List.of(new Part.Image(new MediaSource.Url("https://x/y.png"), null, null)), false, null))))
			.isEqualTo("no_vision");
		assertThat(reason(nothing, with(new Part.Document(new MediaSource.FileId("f"), null, null))))
			.isEqualTo("no_documents");
		assertThat(reason(nothing, with(new Part.Audio(new MediaSource.Inline("audio/wav", "AA==")))))
			.isEqualTo("no_audio");
	}

	@Test
	void whatIsNotKnownIsTakenForPossible() {
		ChatRequest everything = chat("Hi").maxTokens(1_000_000)
			.tool(new Tool.Function("f", null, null, null, null))
			.message(new Message(Role.USER, List.of(new Part.Audio(new MediaSource.FileId("f")))))
			.build();
		assertThat(reason(Deployment.Capabilities.UNKNOWN, everything)).isNull();
	}

	@Test
	void aRequestIsNotDecodedForTargetsThatTakeAnything() {
		LlmRequest opaque = LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body("no chat at all".getBytes(java.nio.charset.StandardCharsets.UTF_8), Envelope.none().withModel("m"))
			.build();
		assertThat(this.planner.plan(Route.of("route", List.of(target("a"), target("b")), RetryPolicy.DEFAULT), opaque)
			.targets()).hasSize(2);
	}

	@Test
	void whatIsKnownOfATargetDecodesNothing() {
		Deployment.Capabilities facts = new Deployment.Capabilities(128_000, 16_384, false, false, false, null, false);
		assertThat(this.planner.plan(route(known("a", facts), known("b", facts)), opaque(100_000)).targets())
			.hasSize(2);
	}

	@Test
	void whoIsKnownToHaveTooSmallAWindowIsLeftOutIfAnotherHasNot() {
		Target small = known("small", new Deployment.Capabilities(1000, 0, null, null, null, null, null));
		Target large = known("large", new Deployment.Capabilities(100_000, 0, null, null, null, null, null));
		LlmRequest prompt = request(chat("word ".repeat(3000)).build());
		Plan plan = this.planner.plan(route(small, target("open"), large), prompt);
		assertThat(plan.targets()).extracting(Target::id).containsExactly("open", "large");
		assertThat(plan.candidates().get(0).unsuited()).extracting(Unavailability::reason).isEqualTo("context_window");
		assertThat(this.planner.plan(route(small, target("closed")), prompt).targets()).extracting(Target::id)
			.containsExactly("small");
		assertThat(this.planner.plan(route(small), prompt).targets()).extracting(Target::id).containsExactly("small");
	}

	@Test
	void aBodyThatCannotFitIsLookedAt() {
		Target small = known("small", new Deployment.Capabilities(1000, 0, null, null, null, null, null));
		Route route = route(small, target("open"));
		assertThat(this.planner.plan(route, opaque(8000)).targets()).hasSize(2);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.planner.plan(route, opaque(8001)));
	}

	@Test
	void whatIsKnownIsAskedOfRequestsThatWereDecodedAnyway() {
		Target deaf = known("deaf", new Deployment.Capabilities(0, 0, false, false, null, null, null));
		LlmRequest tools = request(chat("Hi").tool(new Tool.Function("f", null, null, null, null)).build());
		assertThat(this.planner.plan(route(deaf, target("open")), tools).targets()).extracting(Target::id)
			.containsExactly("open");
		assertThat(this.planner.plan(route(deaf, target("open")), request(chat("Hi").build())).targets()).hasSize(2);
	}

	private static Route route(Target... targets) {
		return Route.of("route", List.of(targets), RetryPolicy.DEFAULT);
	}

	private static Target known(String id, Deployment.Capabilities known) {
		return target(id, new Deployment(1, 0, Set.of(), null, Deployment.Capabilities.UNKNOWN, Deployment.Limits.NONE,
				null, known));
	}

	/** A request that can't be decoded. */
	private static LlmRequest opaque(int length) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(new byte[length], Envelope.none().withModel("m"))
			.build();
	}

	@Test
	void callersMayDemandRegionsAndTags() {
		Route route = Route.of("route",
				List.of(placed("us", "us-east-1", "gdpr"), placed("nowhere", null),
						placed("eu", "EU-central-1", "gdpr", "fast"), placed("europe", "europe", "gdpr", "fast")),
				RetryPolicy.DEFAULT);
		assertThat(eligible(route, Map.of("llm-proxy-region", "eu"))).containsExactly("eu");
		assertThat(eligible(route, Map.of("llm-proxy-region", "eu-central-1 , europe"))).containsExactly("eu",
				"europe");
		assertThat(eligible(route, Map.of("llm-proxy-tags", "gdpr"))).containsExactly("us", "eu", "europe");
		assertThat(eligible(route, Map.of("llm-proxy-tags", "fast,gdpr", "llm-proxy-region", "europe")))
			.containsExactly("europe");
		assertThat(eligible(route, Map.of("llm-proxy-region", "mars"))).isEmpty();
	}

	@Test
	void aCallersDemandDoesNotLoosenThatOfTheRoute() {
		Route strict = new Route("route",
				new RouteNode.Group(TargetSelector.LISTED,
						RouteNode.of(List.of(placed("us", "us-east-1"), placed("eu", "eu-central-1")))),
				RetryPolicy.DEFAULT, List.of(new RouteNode.Leaf(placed("us2", "us-west-1"))), List.of(), List.of(),
				null, null, null, new Requirement(Set.of("eu"), Set.of()));
		assertThat(eligible(strict, Map.of())).containsExactly("eu");
		assertThat(eligible(strict, Map.of("llm-proxy-region", "us"))).isEmpty();
	}

	@Test
	void aDemandHoldsForSingleTargetsAndMirrorsToo() {
		LlmRequest request = request(chat("Hi").build(), Map.of("llm-proxy-region", "eu"));
		Route single = Route.of("route", List.of(target("plain")), RetryPolicy.DEFAULT);
		assertThat(this.planner.plan(single, request).targets()).isEmpty();
		assertThat(this.planner.mayMirror(single, target("plain"), request)).isFalse();
		assertThat(this.planner.mayMirror(single, placed("eu", "eu"), request)).isTrue();
	}

	@Test
	void aRefusalSaysWhyNobodyIsTried() {
		Route route = Route.of("route", List.of(placed("us", "us-east-1"), placed("nowhere", null)),
				RetryPolicy.DEFAULT);
		LlmException refusal = this.planner
			.rehearse(route, request(chat("Hi").build(), Map.of("llm-proxy-region", "eu")))
			.refusal();
		assertThat(refusal).isNotNull();
		assertThat(refusal.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
		assertThat(refusal.error().code()).isEqualTo("region");
		assertThat(refusal.error().message()).contains("us is in region us-east-1", "nowhere does not say its region");
	}

	@Test
	void aRehearsalTellsTheOtherFallbacks() {
		Route route = new Route("route", leaf("a"), RetryPolicy.DEFAULT, List.of(), List.of(leaf("long")),
				List.of(leaf("lax")), null, null, null);
		RoutePlanner.Rehearsal rehearsal = this.planner.rehearse(route, request(chat("Hi").build()));
		assertThat(rehearsal.plan().targets()).extracting(Target::id).containsExactly("a");
		assertThat(rehearsal.tooLong()).extracting((candidate) -> candidate.target().id()).containsExactly("long");
		assertThat(rehearsal.refused()).extracting((candidate) -> candidate.target().id()).containsExactly("lax");
	}

	private String reason(Deployment.Capabilities capabilities, ChatRequest chat) {
		Route route = Route.of("route", List.of(capable(capabilities)), RetryPolicy.DEFAULT);
		Unavailability unsuited = this.planner.plan(route, request(chat)).candidates().get(0).unsuited();
		return (unsuited != null) ? unsuited.reason() : null;
	}

	private static ChatRequest with(Part part) {
		return chat("Hi").message(new Message(Role.USER, List.of(part))).build();
	}

	private static Target capable(Deployment.Capabilities capabilities) {
		return target("capable", new Deployment(1, 0, Set.of(), null, capabilities, Deployment.Limits.NONE, null));
	}

	private static Target placed(String id, String region, String... tags) {
		return target(id, new Deployment(1, 0, Set.of(tags), region, Deployment.Capabilities.UNKNOWN,
				Deployment.Limits.NONE, null));
	}

	private List<String> eligible(Route route, Map<String, String> headers) {
		return this.planner.plan(route, request(chat("Hi").build(), headers))
			.targets()
			.stream()
			.map(Target::id)
			.toList();
	}

	/** Closed for one target. */
	private static final class Closed implements AttemptGate {

		@Override
		public AttemptListener enter(Attempt attempt) {
			return AttemptListener.NONE;
		}

		@Override
		public Unavailability unavailability(Target target) {
			return target.id().equals("closed") ? new Unavailability("closed", "is closed", Duration.ofSeconds(3))
					: null;
		}

	}

}
