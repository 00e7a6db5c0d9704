package dev.llmproxy.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.cost.ChargeListener;
import dev.llmproxy.observability.ledger.Dimension;
import dev.llmproxy.observability.ledger.LedgerEntry;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.observability.ledger.Period;
import dev.llmproxy.observability.ledger.Totals;
import dev.llmproxy.observability.ledger.UsageFilter;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.UsageQuery;
import dev.llmproxy.observability.ledger.UsageReport;
import dev.llmproxy.provider.Attempt.Kind;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * After many mixed calls the ledger, its reports, what callers are told, the charges and
 * the meters say the same, to the token and the nano-dollar.
 * {@code -Dllm-proxy.test.calls=10000} makes more of them.
 */
@Tag("once")
class LedgerAgreementTest {

	private static final int CALLS = Integer.getInteger("llm-proxy.test.calls", 2_000);

	private static final int CALLERS = 12;

	private static final String[] ROUTES = { "mixed", "mixed", "raced", "copied", "unpriced" };

	private static final Queue<Charge> charges = new ConcurrentLinkedQueue<>();

	private final AtomicInteger succeeded = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private final AtomicInteger left = new AtomicInteger();

	@Test
	void entriesAndChargesAndMetersAndReportsAgree() throws Exception {
		try (ScriptedUpstream one = ScriptedUpstream.start().answerWith((request) -> answer(request, true));
				ScriptedUpstream two = ScriptedUpstream.start().answerWith((request) -> answer(request, false));
				TestServer server = server(one, two)) {
			call(server);
			LedgerWriter writer = server.context().getBean(LedgerWriter.class);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.during(Duration.ofMillis(700))
				.until(() -> writer.stats().waiting() == 0 && writer.stats().written() == charges.size());
			Sums expected = new Sums();
			charges.forEach(expected::add);
			System.out.printf("%nLedger: %d calls (%d succeeded, %d failed, %d left), %d charges: %s%n", CALLS,
					this.succeeded.get(), this.failed.get(), this.left.get(), charges.size(), expected);
			assertThat(this.succeeded).hasPositiveValue();
			assertThat(this.failed).hasPositiveValue();
			assertThat(this.left).hasPositiveValue();
			assertThat(charges).extracting(Charge::kind).contains(Kind.FIRST, Kind.FALLBACK, Kind.HEDGE, Kind.MIRROR);
			assertThat(writer.stats().dropped()).isZero();
			assertEntries(server.context().getBean(UsageLedger.class), expected);
			assertReport(server.context().getBean(UsageLedger.class));
			assertMeters(server.context().getBean(MeterRegistry.class), expected);
			assertWhatCallersAreTold(server);
		}
	}

	private void assertEntries(UsageLedger ledger, Sums expected) {
		List<LedgerEntry> entries = new ArrayList<>();
		ledger.read(all(), Long.MAX_VALUE, entries::add);
		Sums sums = new Sums();
		entries.forEach(
				(entry) -> sums.add(entry.tokens().input(), entry.tokens().output(), entry.cost(), entry.estimated()));
		assertThat(sums).isEqualTo(expected);
		assertThat(entries).extracting(LedgerEntry::id).doesNotHaveDuplicates();
		assertThat(entries).extracting((entry) -> entry.request() + "/" + entry.attempt() + "/" + entry.kind())
			.doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(charges.stream()
				.map((charge) -> charge.request() + "/" + charge.attempt() + "/" + charge.kind().label())
				.toList());
		assertThat(entries.stream().filter(LedgerEntry::first).count()).isEqualTo(charges.stream()
			.filter((charge) -> charge.kind() != Kind.MIRROR)
			.map(Charge::request)
			.distinct()
			.count());
	}

	private static void assertReport(UsageLedger ledger) {
		UsageReport report = ledger
			.report(new UsageQuery(all(), Period.HOUR, List.of(Dimension.values()), UsageQuery.MOST_ROWS));
		Map<String, Sums> expected = new TreeMap<>();
		charges.forEach((charge) -> expected.computeIfAbsent(String.join(" ", charge.time().toString().substring(0, 13),
				charge.caller().id(), (charge.caller().team() != null) ? charge.caller().team() : "", charge.model(),
				charge.provider(), charge.route()), (key) -> new Sums())
			.add(charge));
		Map<String, Sums> reported = new TreeMap<>();
		report.rows()
			.forEach((row) -> reported
				.computeIfAbsent(row.time().toString().substring(0, 13) + " " + String.join(" ", row.names()),
						(key) -> new Sums())
				.add(row.totals()));
		assertThat(reported).isEqualTo(expected);
	}

	private static void assertMeters(MeterRegistry meters, Sums expected) {
		assertThat(tokens(meters, "input")).isEqualTo(expected.input);
		assertThat(tokens(meters, "output")).isEqualTo(expected.output);
		assertThat(meters.find("llm.proxy.usage.estimated").counters().stream().mapToDouble(Counter::count).sum())
			.isEqualTo(expected.estimated);
		assertThat(meters.get("llm.proxy.ledger.written").functionCounter().count()).isEqualTo(expected.attempts);
	}

	private static double tokens(MeterRegistry meters, String type) {
		return meters.find("gen_ai.client.token.usage")
			.tag("gen_ai.token.type", type)
			.summaries()
			.stream()
			.mapToDouble(DistributionSummary::totalAmount)
			.sum();
	}

	private static void assertWhatCallersAreTold(TestServer server) {
		for (int caller = 0; caller < CALLERS; caller++) {
			Sums expected = new Sums();
			String id = "caller-" + caller;
			charges.stream().filter((charge) -> charge.caller().id().equals(id)).forEach(expected::add);
			try (RawHttpClient client = server.client()) {
				JsonNode total = client.get("/v1/usage", headers(caller)).json().path("total");
				assertThat(total.path("cost_nano_usd").asLong()).isEqualTo(expected.cost);
				assertThat(total.path("attempts").asLong()).isEqualTo(expected.attempts);
				assertThat(total.path("input_tokens").asLong()).isEqualTo(expected.input);
				assertThat(total.path("output_tokens").asLong()).isEqualTo(expected.output);
				assertThat(total.path("estimated_attempts").asLong()).isEqualTo(expected.estimated);
			}
		}
	}

	private static UsageFilter all() {
		return new UsageFilter(Instant.now().minus(Duration.ofHours(2)), Instant.now().plus(Duration.ofHours(1)),
				Map.of());
	}

	private static TestServer server(ScriptedUpstream one, ScriptedUpstream two) {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "one", one);
		provider(properties, "two", two);
		route(properties, "mixed", "2.5", "10");
		route(properties, "raced", "2.5", "10");
		route(properties, "copied", "0.15", "0.6");
		route(properties, "unpriced", null, null);
		properties.put("llm-proxy.routes.raced.hedging.min-delay", "2ms");
		properties.put("llm-proxy.routes.raced.hedging.max-delay", "2ms");
		properties.put("llm-proxy.routes.raced.hedging.max-percent", "100");
		properties.put("llm-proxy.routes.copied.mirror.target", "two/m");
		for (int caller = 0; caller < CALLERS; caller++) {
			String prefix = "llm-proxy.access.keys[" + caller + "].";
			properties.put(prefix + "id", "caller-" + caller);
			properties.put(prefix + "key", key(caller));
			if (caller % 3 > 0) {
				properties.put(prefix + "team", "team-" + caller % 3);
			}
		}
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.bulkhead.enabled", "false");
		properties.put("llm-proxy.resilience.cooldown.enabled", "false");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.retry.budget.ratio", "1");
		properties.put("llm-proxy.resilience.retry.budget.burst", "1000");
		properties.put("llm-proxy.usage.ledger.memory.entries", "100000");
		return TestServer.start(properties, LlmProxyServer.class, Listening.class);
	}

	private static void provider(Map<String, String> properties, String name, ScriptedUpstream upstream) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", upstream.url() + "/v1");
		properties.put(prefix + "api-key", TestServer.UPSTREAM_KEY);
		properties.put(prefix + "connection.max", "500");
	}

	private static void route(Map<String, String> properties, String name, String input, String output) {
		for (int i = 0; i < 2; i++) {
			String prefix = "llm-proxy.routes." + name + ".targets[" + i + "].";
			properties.put(prefix + "model", ((i == 0) ? "one/" : "two/") + "m-" + name);
			properties.put(prefix + "priority", Integer.toString(i));
			if (input != null) {
				properties.put(prefix + "prices.input", input + i);
				properties.put(prefix + "prices.output", output + i);
			}
		}
		properties.put("llm-proxy.routes." + name + ".strategy", "priority");
	}

	private void call(TestServer server) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		try {
			List<Future<?>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				int caller = i;
				callers.add(threads.submit(() -> {
					call(server, caller, CALLS / CALLERS + ((caller < CALLS % CALLERS) ? 1 : 0));
					return null;
				}));
			}
			for (Future<?> caller : callers) {
				caller.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** What a caller does is by chance, and the same each time. */
	private void call(TestServer server, int caller, int calls) {
		Random random = new Random(caller);
		RawHttpClient client = server.client();
		for (int i = 0; i < calls; i++) {
			boolean stream = random.nextInt(2) == 0;
			String route = ROUTES[random.nextInt(ROUTES.length)];
			int leaves = random.nextInt(20);
			client.sendPost("/v1/chat/completions", headers(caller), body(random, route, stream));
			if (leaves == 0) {
				this.left.incrementAndGet();
			}
			else {
				RawResponse head = client.readHead();
				if (head.status() == 200 && stream && leaves < 3) {
					client.readEvent(RawHttpClient.PATIENCE);
					this.left.incrementAndGet();
				}
				else {
					client.readBody(RawHttpClient.PATIENCE);
					((head.status() == 200) ? this.succeeded : this.failed).incrementAndGet();
					if (!"close".equalsIgnoreCase(head.header("connection"))) {
						continue;
					}
				}
			}
			client.close();
			client = server.client();
		}
		client.close();
	}

	private static String body(Random random, String route, boolean stream) {
		String fate = switch (random.nextInt(20)) {
			case 0, 1 -> "one-fails";
			case 2 -> "all-fail";
			case 3, 4, 5 -> "one-is-slow";
			case 6 -> "breaks-off";
			default -> "goes-well";
		};
		return "{\"model\":\"" + route + "\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\""
				+ fate + " in=" + (1 + random.nextInt(1000)) + " out=" + random.nextInt(300)
				+ (random.nextInt(5) == 0 ? " untold" : "") + "\"}]}";
	}

	private static Script answer(RecordedRequest request, boolean first) {
		String text = request.text();
		if (text.contains("all-fail") || (first && text.contains("one-fails"))) {
			return Script.json(503, "{\"error\":{\"message\":\"down\"}}");
		}
		String usage = text.contains("untold") ? "" : ",\"usage\":{\"prompt_tokens\":" + number(text, "in=")
				+ ",\"completion_tokens\":" + number(text, "out=") + "}";
		Script slow = Script.script();
		boolean waits = first && text.contains("one-is-slow");
		if (text.contains("\"stream\":true")) {
			return waits ? slow.delay(Duration.ofMillis(20)).then(stream(usage, text.contains("breaks-off")))
					: stream(usage, text.contains("breaks-off"));
		}
		Script whole = Script.json(200,
				"{\"id\":\"x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"some words\"},\"finish_reason\":\"stop\"}]"
						+ usage + "}");
		return waits ? slow.delay(Duration.ofMillis(20)).then(whole) : whole;
	}

	private static Script stream(String usage, boolean breaksOff) {
		String chunk = "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word\"},\"finish_reason\":%s}]}";
		Script script = Script.sseHead().event(chunk.formatted("null")).event(chunk.formatted("null"));
		if (breaksOff) {
			return script.reset();
		}
		return script.event(chunk.formatted("\"stop\""))
			.event("data: {\"id\":\"c\",\"choices\":[]" + usage + "}")
			.event("data: [DONE]")
			.endChunked();
	}

	private static int number(String text, String name) {
		int start = text.indexOf(name) + name.length();
		int end = start;
		while (Character.isDigit(text.charAt(end))) {
			end++;
		}
		return Integer.parseInt(text, start, end, 10);
	}

	private static String key(int caller) {
		return "sk-caller-" + caller + "-0123456789abcdef";
	}

	private static Map<String, String> headers(int caller) {
		return Map.of("authorization", "Bearer " + key(caller), "content-type", "application/json");
	}

	/** What has to be the same wherever it is added up. */
	private static final class Sums {

		private long attempts;

		private long input;

		private long output;

		private long cost;

		private long unpriced;

		private long estimated;

		void add(Charge charge) {
			add(charge.usage().inputTokens(), charge.usage().outputTokens(), charge.cost(), charge.usage().estimated());
		}

		void add(long input, long output, Long cost, boolean estimated) {
			this.attempts++;
			this.input += input;
			this.output += output;
			this.cost += (cost != null) ? cost : 0;
			this.unpriced += (cost == null) ? 1 : 0;
			this.estimated += estimated ? 1 : 0;
		}

		void add(Totals totals) {
			this.attempts += totals.attempts();
			this.input += totals.tokens().input();
			this.output += totals.tokens().output();
			this.cost += totals.cost();
			this.unpriced += totals.unpriced();
			this.estimated += totals.estimated();
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Sums sums && sums.toString().equals(toString());
		}

		@Override
		public int hashCode() {
			return toString().hashCode();
		}

		@Override
		public String toString() {
			return this.attempts + " attempts, " + this.input + " + " + this.output + " tokens, " + this.cost
					+ " nano-USD, " + this.unpriced + " unpriced, " + this.estimated + " estimated";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listening {

		@Bean
		ChargeListener chargesOfTheTest() {
			return charges::add;
		}

	}

}
