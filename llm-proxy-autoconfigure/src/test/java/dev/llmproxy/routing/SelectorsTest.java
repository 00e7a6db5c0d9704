package dev.llmproxy.routing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetHeadroom;
import dev.llmproxy.provider.TokenEstimate;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

import static dev.llmproxy.routing.Samples.chat;
import static dev.llmproxy.routing.Samples.context;
import static dev.llmproxy.routing.Samples.leaf;
import static dev.llmproxy.routing.Samples.names;
import static dev.llmproxy.routing.Samples.priced;
import static dev.llmproxy.routing.Samples.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** How each strategy chooses; where chance is in it, with a seed. */
class SelectorsTest {

	private static final int MANY = 20_000;

	private static final long SECOND = 1_000_000_000L;

	private final AtomicLong now = new AtomicLong(SECOND);

	private final StatisticsGate statistics = new StatisticsGate(this.now::get);

	private final Map<String, Double> headroom = new ConcurrentHashMap<>();

	private final Random random = new Random(42);

	private final TargetHeadroom left = (target) -> this.headroom.getOrDefault(target.id(), 1.0);

	private final Selectors selectors = new Selectors(this.statistics, this.left, () -> this.random);

	@Test
	void weightedDrawsTheFirstByWeight() {
		List<RouteNode> children = List.of(leaf("a", 70), leaf("b", 20), leaf("c", 10));
		Map<String, Double> first = share((i) -> this.selectors.weighted().order(children, context()), 0);
		assertThat(first.get("a")).isCloseTo(0.7, within(0.02));
		assertThat(first.get("b")).isCloseTo(0.2, within(0.02));
		assertThat(first.get("c")).isCloseTo(0.1, within(0.02));
	}

	@Test
	void weightedDrawsTheRestByWeightToo() {
		List<RouteNode> children = List.of(leaf("a", 1_000_000), leaf("b", 3), leaf("c", 1));
		Map<String, Double> second = share((i) -> this.selectors.weighted().order(children, context()), 1);
		assertThat(second.get("b")).isCloseTo(0.75, within(0.02));
		assertThat(second.get("c")).isCloseTo(0.25, within(0.02));
	}

	@Test
	void priorityKeepsGroupsApartAndDrawsWithinThem() {
		List<RouteNode> children = List.of(leaf("last", 100, 2), leaf("a", 3, 1), leaf("b", 1, 1));
		Map<String, Double> first = share((i) -> {
			List<RouteNode> order = this.selectors.priority().order(children, context());
			assertThat(names(order)).hasSize(3).last().isEqualTo("last");
			return order;
		}, 0);
		assertThat(first.get("a")).isCloseTo(0.75, within(0.02));
		assertThat(first).containsOnlyKeys("a", "b");
	}

	@Test
	void roundRobinTakesTurnsAndGoesOnInOrder() {
		List<RouteNode> children = List.of(leaf("a"), leaf("b"), leaf("c"));
		TargetSelector selector = this.selectors.roundRobin(children);
		assertThat(IntStream.range(0, 4).mapToObj((i) -> names(selector.order(children, context())))).containsExactly(
				List.of("a", "b", "c"), List.of("b", "c", "a"), List.of("c", "a", "b"), List.of("a", "b", "c"));
	}

	@Test
	void roundRobinSpreadsWeightsEvenly() {
		List<RouteNode> children = List.of(leaf("a", 50), leaf("b", 10), leaf("c", 10));
		TargetSelector selector = this.selectors.roundRobin(children);
		assertThat(IntStream.range(0, 7).mapToObj((i) -> selector.order(children, context()).get(0).name()))
			.containsExactly("a", "a", "b", "a", "c", "a", "a");
	}

	@Test
	void roundRobinTakesWeightsOfAnySize() {
		List<RouteNode> children = List.of(leaf("a", Integer.MAX_VALUE), leaf("b", 1_000_000_007));
		TargetSelector selector = this.selectors.roundRobin(children);
		Map<String, Double> first = share((i) -> selector.order(children, context()), 0);
		assertThat(first.get("a")).isCloseTo(0.682, within(0.01));
	}

	@Test
	void aRehearsalIsNobodysTurn() {
		List<RouteNode> children = List.of(leaf("a"), leaf("b"));
		TargetSelector selector = this.selectors.roundRobin(children);
		RoutingContext rehearsal = new RoutingContext(context().request(), "route", true, TokenEstimate.COUNTERS);
		assertThat(selector.order(children, rehearsal).get(0).name()).isEqualTo("a");
		assertThat(selector.order(children, rehearsal).get(0).name()).isEqualTo("a");
		assertThat(selector.order(children, context()).get(0).name()).isEqualTo("a");
		assertThat(selector.order(children, context()).get(0).name()).isEqualTo("b");
	}

	@Test
	void leastBusyCountsCallsUnderWay() {
		List<RouteNode> children = List.of(leaf("a"), leaf("b"), leaf("c"));
		begin("a");
		begin("a");
		begin("b");
		assertThat(names(this.selectors.leastBusy().order(children, context()))).containsExactly("c", "b", "a");
	}

	@Test
	void leastBusyDrawsAmongEquals() {
		List<RouteNode> children = List.of(leaf("a"), leaf("b"));
		Map<String, Double> first = share((i) -> this.selectors.leastBusy().order(children, context()), 0);
		assertThat(first.get("a")).isCloseTo(0.5, within(0.02));
	}

	@Test
	void leastBusySeesIntoGroups() {
		RouteNode group = new RouteNode.Group("g", 1, 0, TargetSelector.LISTED, List.of(leaf("a"), leaf("b")));
		begin("a");
		begin("b");
		begin("c");
		assertThat(names(this.selectors.leastBusy().order(List.of(group, leaf("c")), context()))).containsExactly("c",
				"g");
	}

	@Test
	void lowestLatencyExploresWhatNobodyKnows() {
		answer("a", 10);
		List<RouteNode> children = List.of(leaf("a"), leaf("new"));
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("new", "a");
	}

	@Test
	void lowestLatencyExploresWithOneCallAtATime() {
		answer("a", 10);
		begin("new");
		List<RouteNode> children = List.of(leaf("a"), leaf("new"));
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("a", "new");
	}

	@Test
	void lowestLatencyDoesNotExploreWhoOnlyFails() {
		answer("a", 10);
		fail("dead");
		List<RouteNode> children = List.of(leaf("dead"), leaf("a"));
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("a", "dead");
		this.now.addAndGet(31 * SECOND);
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("dead", "a");
	}

	@Test
	void lowestLatencyChoosesTheBetterOfTwo() {
		answer("fast", 10);
		answer("slow", 100);
		List<RouteNode> children = List.of(leaf("slow"), leaf("fast"));
		assertThat(share((i) -> this.selectors.lowestLatency().order(children, context()), 0)).containsOnlyKeys("fast");
	}

	@Test
	void lowestLatencyWeighsCallsUnderWay() {
		answer("fast", 10);
		answer("slow", 25);
		begin("fast");
		List<RouteNode> children = List.of(leaf("slow"), leaf("fast"));
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("fast", "slow");
		begin("fast");
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("slow", "fast");
	}

	@Test
	void lowestLatencyDoesNotSendEverybodyToTheBest() {
		answer("a", 10);
		answer("b", 20);
		answer("c", 30);
		List<RouteNode> children = List.of(leaf("a"), leaf("b"), leaf("c"));
		Map<String, Double> first = share((i) -> this.selectors.lowestLatency().order(children, context()), 0);
		assertThat(first.get("a")).isCloseTo(2 / 3.0, within(0.02));
		assertThat(first.get("b")).isCloseTo(1 / 3.0, within(0.02));
		assertThat(first).doesNotContainKey("c");
	}

	@Test
	void lowestLatencyAsksAgainWhoWasSlowLongAgo() {
		answer("slow", 100);
		this.now.addAndGet(1200 * SECOND);
		answer("fast", 10);
		List<RouteNode> children = List.of(leaf("slow"), leaf("fast"));
		assertThat(names(this.selectors.lowestLatency().order(children, context()))).containsExactly("slow", "fast");
	}

	@Test
	void lowestCostTakesTheCheapestAndLeavesTheUnknownForLast() {
		List<RouteNode> children = List.of(leaf("unknown"), priced("dear", 10, 30), priced("cheap", 1, 3));
		assertThat(names(this.selectors.lowestCost(children).order(children, context()))).containsExactly("cheap",
				"dear", "unknown");
	}

	@Test
	void lowestCostDependsOnTheRequestWherePricesCross() {
		List<RouteNode> children = List.of(priced("cheap-to-ask", 1, 100), priced("cheap-to-hear", 20, 20));
		TargetSelector selector = this.selectors.lowestCost(children);
		assertThat(selector.order(children, context(chat("Hi").build(), Map.of())).get(0).name())
			.isEqualTo("cheap-to-hear");
		assertThat(selector.order(children, context(chat("word ".repeat(10_000)).maxTokens(1).build(), Map.of()))
			.get(0)
			.name()).isEqualTo("cheap-to-ask");
	}

	@Test
	void lowestCostOfAGroupIsItsCheapest() {
		RouteNode group = new RouteNode.Group("g", 1, 0, TargetSelector.LISTED,
				List.of(priced("x", 9, 9), priced("y", 1, 1)));
		List<RouteNode> children = List.of(priced("a", 5, 5), group);
		assertThat(names(this.selectors.lowestCost(children).order(children, context()))).containsExactly("g", "a");
	}

	@Test
	void usageAwareTakesTheOneThatMostIsLeftOf() {
		this.headroom.putAll(Map.of("a", 0.1, "b", 0.9, "c", 0.5));
		RouteNode group = new RouteNode.Group("g", 1, 0, TargetSelector.LISTED, List.of(leaf("a"), leaf("b")));
		assertThat(names(this.selectors.usageAware().order(List.of(leaf("a"), leaf("b"), leaf("c")), context())))
			.containsExactly("b", "c", "a");
		assertThat(names(this.selectors.usageAware().order(List.of(leaf("c"), group), context()))).containsExactly("g",
				"c");
	}

	@Test
	void stickyIsTheSameForASession() {
		List<RouteNode> children = List.of(leaf("a"), leaf("b"), leaf("c"));
		TargetSelector selector = this.selectors.sticky(List.of("headers.llm-proxy-session"));
		for (int i = 0; i < 100; i++) {
			assertThat(names(selector.order(children, session("s" + i))))
				.isEqualTo(names(selector.order(children, session("s" + i))));
		}
	}

	@Test
	void stickySpreadsSessionsByWeight() {
		List<RouteNode> children = List.of(leaf("a", 3), leaf("b", 1));
		TargetSelector selector = this.selectors.sticky(List.of("headers.llm-proxy-session"));
		Map<String, Double> first = share((i) -> selector.order(children, session("user-" + i)), 0);
		assertThat(first.get("a")).isCloseTo(0.75, within(0.02));
	}

	@Test
	void stickyMovesOnlyTheSessionsOfOneThatGoes() {
		List<RouteNode> all = List.of(leaf("a", 2), leaf("b"), leaf("c"), leaf("d"));
		List<RouteNode> fewer = List.of(leaf("a", 2), leaf("b"), leaf("d"));
		TargetSelector selector = this.selectors.sticky(List.of("headers.llm-proxy-session"));
		int moved = 0;
		for (int i = 0; i < MANY; i++) {
			List<RouteNode> before = selector.order(all, session("s" + i));
			RouteNode after = selector.order(fewer, session("s" + i)).get(0);
			RouteNode expected = before.get(0).name().equals("c") ? before.get(1) : before.get(0);
			assertThat(after.name()).isEqualTo(expected.name());
			moved += before.get(0).name().equals("c") ? 1 : 0;
		}
		assertThat(moved / (double) MANY).isCloseTo(0.2, within(0.02));
	}

	@Test
	void stickyFollowsAConversationByItsBeginning() {
		List<RouteNode> children = IntStream.range(0, 50).mapToObj((i) -> leaf("t" + i)).toList();
		TargetSelector selector = this.selectors.sticky(List.of("prompt-prefix"));
		RoutingContext first = context(
				chat("x").messages(List.of(Message.text(Role.SYSTEM, "Be kind."), Message.text(Role.USER, "Hi")))
					.build(),
				Map.of());
		RoutingContext later = context(
				chat("x").messages(List.of(Message.text(Role.SYSTEM, "Be kind."), Message.text(Role.USER, "Hi"),
						Message.text(Role.ASSISTANT, "Hello!"), Message.text(Role.USER, "How are you?")))
					.build(),
				Map.of());
		RoutingContext other = context(
				chat("x").messages(List.of(Message.text(Role.SYSTEM, "Be curt."), Message.text(Role.USER, "Hi")))
					.build(),
				Map.of());
		assertThat(names(selector.order(children, later))).isEqualTo(names(selector.order(children, first)));
		assertThat(names(selector.order(children, other))).isNotEqualTo(names(selector.order(children, first)));
	}

	@Test
	void stickyTakesTheFirstFieldThatIsThere() {
		List<RouteNode> children = IntStream.range(0, 50).mapToObj((i) -> leaf("t" + i)).toList();
		TargetSelector selector = this.selectors.sticky(List.of("metadata.session", "params.user"));
		RoutingContext user = context(chat("a").user("u").build(), Map.of());
		RoutingContext both = context(chat("b").user("v").metadata(Map.of("session", "u")).build(), Map.of());
		assertThat(names(selector.order(children, both))).isEqualTo(names(selector.order(children, user)));
	}

	@Test
	void stickyDrawsWhereThereIsNoSession() {
		List<RouteNode> children = List.of(leaf("a", 3), leaf("b", 1));
		TargetSelector selector = this.selectors.sticky(List.of("headers.llm-proxy-session", "caller"));
		Map<String, Double> first = share((i) -> selector.order(children, context()), 0);
		assertThat(first.get("a")).isCloseTo(0.75, within(0.02));
	}

	@Test
	void splitGivesEachSubjectOneVariantByPercentage() {
		List<RouteNode> children = List.of(leaf("new", 10), leaf("old", 90));
		TargetSelector selector = this.selectors.split(List.of("headers.llm-proxy-session"), "experiment");
		Map<String, Double> first = share((i) -> {
			List<RouteNode> order = selector.order(children, session("s" + i));
			assertThat(order).hasSize(1).isEqualTo(selector.order(children, session("s" + i)));
			return order;
		}, 0);
		assertThat(first.get("new")).isCloseTo(0.1, within(0.01));
	}

	@Test
	void splitMovesOnlyThoseWhoHaveTo() {
		List<RouteNode> before = List.of(leaf("new", 10), leaf("old", 90));
		List<RouteNode> after = List.of(leaf("new", 30), leaf("old", 70));
		TargetSelector selector = this.selectors.split(List.of("headers.llm-proxy-session"), "experiment");
		for (int i = 0; i < MANY; i++) {
			if (selector.order(before, session("s" + i)).get(0).name().equals("new")) {
				assertThat(selector.order(after, session("s" + i)).get(0).name()).isEqualTo("new");
			}
		}
	}

	@Test
	void splitSpreadsSubjectsAnewInAnotherExperiment() {
		List<RouteNode> children = List.of(leaf("a", 50), leaf("b", 50));
		TargetSelector one = this.selectors.split(List.of("headers.llm-proxy-session"), "one");
		TargetSelector two = this.selectors.split(List.of("headers.llm-proxy-session"), "two");
		long same = IntStream.range(0, MANY)
			.filter((i) -> one.order(children, session("s" + i)).equals(two.order(children, session("s" + i))))
			.count();
		assertThat(same / (double) MANY).isCloseTo(0.5, within(0.02));
	}

	@Test
	void splitKnowsCallersButNotThoseWithoutAName() {
		List<RouteNode> children = List.of(leaf("a", 50), leaf("b", 50));
		TargetSelector selector = this.selectors.split(List.of("caller"), "experiment");
		RoutingContext named = new RoutingContext(
				Samples.request(chat("Hi").build(), Map.of(), new Caller("team", List.of())), "route");
		assertThat(share((i) -> selector.order(children, named), 0)).hasSize(1);
		assertThat(share((i) -> selector.order(children, context()), 0)).hasSize(2);
	}

	@Test
	void conditionalTakesTheFirstThatMatchesAndNoOther() {
		RouteNode paid = leaf("paid");
		RouteNode free = leaf("free");
		TargetSelector selector = this.selectors
			.conditional(List.of(new Selectors.Branch((context) -> "paid".equals(context.metadata("plan")), paid),
					new Selectors.Branch((context) -> context.metadata("plan") != null, free)), null);
		List<RouteNode> children = List.of(paid, free);
		assertThat(selector.order(children, context(chat("x").metadata(Map.of("plan", "paid")).build(), Map.of())))
			.containsExactly(paid);
		assertThat(selector.order(children, context(chat("x").metadata(Map.of("plan", "other")).build(), Map.of())))
			.containsExactly(free);
		assertThat(selector.order(children, context())).isEmpty();
		assertThat(this.selectors.conditional(List.of(), free).order(children, context())).containsExactly(free);
	}

	@Test
	void refusesFieldsThatDoNotExist() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.selectors.sticky(List.of("session")))
			.withMessageContaining("'session' is no field");
		assertThatIllegalArgumentException().isThrownBy(() -> this.selectors.sticky(List.of("headers.Authorization")))
			.withMessageContaining("credential");
	}

	@Test
	void everyStrategyHasItsName() {
		List<RouteNode> children = List.of(leaf("a"));
		assertThat(List.of(this.selectors.ordered(), this.selectors.priority(), this.selectors.weighted(),
				this.selectors.roundRobin(children), this.selectors.leastBusy(), this.selectors.lowestLatency(),
				this.selectors.lowestCost(children), this.selectors.usageAware(),
				this.selectors.sticky(List.of("caller")), this.selectors.conditional(List.of(), null),
				this.selectors.split(List.of("caller"), "x")))
			.extracting(TargetSelector::strategy)
			.containsExactly("ordered", "priority", "weighted", "round-robin", "least-busy", "lowest-latency",
					"lowest-cost", "usage-aware", "sticky", "conditional", "split");
	}

	private static Map<String, Double> share(IntFunction<List<RouteNode>> choice, int place) {
		Map<String, Double> shares = new HashMap<>();
		for (int i = 0; i < MANY; i++) {
			shares.merge(new ArrayList<>(choice.apply(i)).get(place).name(), 1.0 / MANY, Double::sum);
		}
		return shares;
	}

	private AttemptListener begin(String id) {
		return this.statistics.enter(attempt(id));
	}

	private static Attempt attempt(String id) {
		Target target = Samples.target(id);
		return new Attempt(context().request(), target);
	}

	private void answer(String id, long millis) {
		AttemptListener listener = begin(id);
		this.now.addAndGet(millis * 1_000_000);
		LlmResponse response = new LlmResponse(200, HttpHeaders.EMPTY,
				new ResponseBody.Wire(Dialect.OPENAI, Framing.BINARY, MediaType.APPLICATION_JSON, Flux.empty()),
				new Outcome());
		listener.head(response);
		listener.ended(AttemptEnd.of(attempt(id), response.outcome()));
	}

	private void fail(String id) {
		begin(id).ended(AttemptEnd.failed(attempt(id),
				LlmException.connect(new LlmException(ErrorKind.UPSTREAM, "refused").error())));
	}

}
