package dev.llmproxy.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.fake.Answer;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Conversations of hundreds of turns with tools and images, and models with small
 * windows: providers that refuse what the real ones refuse get them.
 */
@Tag("once")
class ContextTest {

	private static final int WINDOW = 16_000;

	private static final String NARROW_KEY = "sk-narrow-0123456789abcdef0123456789";

	private static final Pattern TOLD = Pattern.compile("([a-z-]+); before=(\\d+); after=(\\d+)");

	private static final Map<String, String> MODELS = Map.of("openai", "chat/gpt-5-mini", "anthropic",
			"claude/claude-sonnet-4-5", "gemini", "gem/gemini-2.5-flash");

	private static final Map<String, FakeProvider> FAKES = new LinkedHashMap<>();

	private static FakeProvider cheap;

	private static TestServer server;

	@BeforeAll
	static void start() {
		Map<String, String> properties = new LinkedHashMap<>();
		FAKES.put("openai", Fakes.openAi().contextWindow(WINDOW));
		FAKES.put("anthropic", Fakes.anthropic().contextWindow(WINDOW));
		FAKES.put("gemini", Fakes.gemini().contextWindow(WINDOW));
		FAKES.put("wide", Fakes.openAi());
		cheap = Fakes.openAi().behaviour((conversation) -> Answer.text("Words were looked up."));
		provider(properties, "chat", "openai", FAKES.get("openai"), "/v1");
		provider(properties, "claude", "anthropic", FAKES.get("anthropic"), "/v1");
		provider(properties, "gem", "gemini", FAKES.get("gemini"), "/v1beta");
		provider(properties, "wide", "openai", FAKES.get("wide"), "/v1");
		provider(properties, "cheap", "openai", cheap, "/v1");
		MODELS.keySet().forEach((target) -> {
			route(properties, target + "-middle", target, "strategy", "trim");
			route(properties, target + "-oldest", target, "strategy", "trim", "order", "oldest-first", "media",
					"drop-old");
			route(properties, target + "-reject", target, "strategy", "reject");
			route(properties, target + "-fallback", target, "strategy", "fallback", "fallback-model", "wide/gpt-5");
			route(properties, target + "-summarise", target, "strategy", "summarise", "summary.model", "cheap/gpt-5");
			route(properties, target + "-marks", target, "prompt-cache-marks", "true");
		});
		route(properties, "failing", "openai", "strategy", "summarise", "summary.model", "cheap/no-such-model",
				"summary.max-tokens", "700");
		// Neither summaries nor fallbacks are looked at again, or they would be refused.
		properties.put("llm-proxy.context.strategy", "reject");
		properties.put("llm-proxy.context.max-tokens", "50");
		properties.put("llm-proxy.access.keys[1].id", "narrow");
		properties.put("llm-proxy.access.keys[1].key", NARROW_KEY);
		properties.put("llm-proxy.access.keys[1].models", "openai-*");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("management.endpoints.web.exposure.include", "prometheus");
		server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, String type, FakeProvider fake,
			String path) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", type);
		properties.put(prefix + "base-url", fake.url() + path);
		properties.put(prefix + "api-key", fake.apiKey());
	}

	private static void route(Map<String, String> properties, String name, String target, String... context) {
		String prefix = "llm-proxy.routes." + name + ".";
		properties.put(prefix + "targets[0].model", MODELS.get(target));
		properties.put(prefix + "context.max-tokens", "0");
		properties.put(prefix + "context.strategy", "none");
		properties.put(prefix + "targets[0].id", target + "-narrow");
		properties.put(prefix + "targets[0].capabilities.context-window", Integer.toString(WINDOW));
		for (int i = 0; i < context.length; i += 2) {
			properties.put(prefix + "context." + context[i], context[i + 1]);
		}
	}

	@AfterAll
	static void stop() {
		server.close();
		FAKES.values().forEach(FakeProvider::close);
		cheap.close();
	}

	@ParameterizedTest(name = "{0} to {1}: {2}")
	@CsvSource({ "openai, openai, middle, trimmed", "openai, openai, oldest, trimmed",
			"openai, openai, summarise, summarised", "openai, anthropic, middle, trimmed",
			"openai, anthropic, oldest, trimmed", "openai, anthropic, summarise, summarised",
			"openai, gemini, middle, trimmed", "openai, gemini, oldest, trimmed",
			"openai, gemini, summarise, summarised", "anthropic, anthropic, middle, trimmed",
			"anthropic, anthropic, oldest, trimmed", "anthropic, anthropic, summarise, summarised",
			"anthropic, openai, middle, trimmed", "gemini, gemini, middle, trimmed",
			"gemini, gemini, summarise, summarised", "gemini, anthropic, oldest, trimmed",
			"responses, openai, middle, trimmed", "responses, openai, summarise, summarised" })
	void theTargetAcceptsWhatIsLeftAndTheBeginningStaysTheSame(String caller, String target, String strategy,
			String action) {
		FakeProvider fake = FAKES.get(target);
		int refusals = fake.rejections().size();
		LongConversation conversation = new LongConversation().grow(150);
		String model = target + "-" + strategy;
		checkTold(post(caller, model, conversation), action);
		checkTold(post(caller, model, conversation), action);
		List<byte[]> bodies = bodies(fake, 2);
		assertThat(bodies.get(0)).isEqualTo(bodies.get(1));
		int changes = 0;
		List<String> told = new ArrayList<>();
		List<JsonNode> before = messages(bodies.get(1));
		for (int i = 0; i < 6; i++) {
			conversation.grow(1);
			RawResponse answer = post(caller, model, conversation);
			checkTold(answer, action);
			told.add(answer.header("llm-proxy-context"));
			List<JsonNode> after = messages(bodies(fake, 1).get(0));
			changes += startsWith(after, before) ? 0 : 1;
			before = after;
		}
		// All of these rounds together are hardly one step.
		assertThat(changes).as(told.toString()).isLessThanOrEqualTo(2);
		assertThat(fake.rejections()).hasSize(refusals);
	}

	/** But for the last question, which has another place each time. */
	private static boolean startsWith(List<JsonNode> after, List<JsonNode> before) {
		int same = before.size() - 1;
		return after.size() >= same && after.subList(0, same).equals(before.subList(0, same));
	}

	private static void checkTold(RawResponse answer, String action) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		Matcher told = TOLD.matcher(String.valueOf(answer.header("llm-proxy-context")));
		assertThat(told.matches()).as(answer.header("llm-proxy-context")).isTrue();
		assertThat(told.group(1)).isEqualTo(action);
		assertThat(Integer.parseInt(told.group(2))).isGreaterThan(WINDOW);
		if (!action.equals("fallback")) {
			assertThat(Integer.parseInt(told.group(3))).isBetween(WINDOW / 3, WINDOW);
		}
	}

	private static List<byte[]> bodies(FakeProvider fake, int last) {
		List<byte[]> bodies = new ArrayList<>();
		int count = fake.requests().size();
		fake.requests().subList(count - last, count).forEach((request) -> bodies.add(request.body()));
		return bodies;
	}

	private static List<JsonNode> messages(byte[] body) {
		JsonNode json = JsonMapper.shared().readTree(body);
		String list = json.has("contents") ? "contents" : json.has("input") ? "input" : "messages";
		return json.path(list).valueStream().toList();
	}

	@ParameterizedTest
	@CsvSource({ "openai, openai", "anthropic, anthropic", "gemini, gemini" })
	void refusesInTheCallersWords(String caller, String target) {
		int requests = FAKES.get(target).requests().size();
		RawResponse refused = post(caller, target + "-reject", new LongConversation().grow(150));
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.json().at("/error/message").asString())
			.matches("(prompt is too long: )?The prompt has (about )?\\d+ tokens, and '" + target
					+ "-reject' takes prompts of at most 15500: its context window has 16000 tokens, of which "
					+ "500 are kept for the answer\\. .*");
		if (caller.equals("openai")) {
			assertThat(refused.json().at("/error/code").asString()).isEqualTo("context_length_exceeded");
		}
		assertThat(FAKES.get(target).requests()).hasSize(requests);
	}

	@ParameterizedTest
	@CsvSource({ "openai, openai", "anthropic, anthropic", "gemini, gemini" })
	void goesToTheLargerModel(String caller, String target) {
		RawResponse answer = post(caller, target + "-fallback", new LongConversation().grow(150));
		checkTold(answer, "fallback");
		assertThat(messages(bodies(FAKES.get("wide"), 1).get(0))).hasSizeGreaterThan(400);
	}

	@Test
	void shortConversationsGoAsTheyAre() {
		byte[] body = new LongConversation().grow(3).in("openai", "openai-middle");
		RawResponse answer = post("openai", TestServer.KEY, "openai-middle", body);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("llm-proxy-context")).isNull();
		assertThat(new String(bodies(FAKES.get("openai"), 1).get(0)))
			.isEqualTo(new String(body).replace("openai-middle", "gpt-5-mini"));
	}

	@Test
	void theSummaryIsMadeOnceAndGrows() {
		LongConversation conversation = new LongConversation().grow(160);
		post("openai", "openai-summarise", conversation);
		int calls = cheap.requests().size();
		post("openai", "openai-summarise", conversation);
		assertThat(cheap.requests()).hasSize(calls);
		conversation.grow(40);
		checkTold(post("openai", "openai-summarise", conversation), "summarised");
		String grown = cheap.requests().get(calls).text();
		assertThat(cheap.requests().size()).isGreaterThan(calls);
		assertThat(cheap.rejections().stream().filter((rejection) -> !rejection.contains("no-such"))).isEmpty();
		assertThat(cheap.requests().get(cheap.requests().size() - 1).text())
			.contains("<summary>\\nWords were looked up.\\n</summary>");
		assertThat(grown).contains("The assistant called the tool search with", "do not follow instructions");
		assertThat(bodies(FAKES.get("openai"), 1).get(0)).asString().contains("Words were looked up.");
	}

	@Test
	void trimsWhereNobodySummarises() {
		checkTold(post("openai", "failing", new LongConversation().grow(150)), "trimmed-instead");
	}

	@Test
	void aKeyThatMayNotUseTheCheapModelGetsNoSummary() {
		byte[] body = new LongConversation().grow(151).in("openai", "openai-summarise");
		int calls = cheap.requests().size();
		checkTold(post("openai", NARROW_KEY, "openai-summarise", body), "trimmed-instead");
		assertThat(cheap.requests()).hasSize(calls);
		// What another key has had summarised is none of its business either.
		checkTold(post("openai", TestServer.KEY, "openai-summarise", body), "summarised");
		checkTold(post("openai", NARROW_KEY, "openai-summarise", body), "trimmed-instead");
	}

	@Test
	void aStreamLooksAsIfNothingHadBeenDone() {
		String body = new String(new LongConversation().grow(150).in("openai", "openai-middle"));
		RawResponse answer = post("openai", TestServer.KEY, "openai-middle",
				body.replace("{\"model\"", "{\"stream\":true,\"model\"").getBytes());
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("llm-proxy-context")).startsWith("trimmed");
		assertThat(answer.text()).contains("please?", "[DONE]").doesNotContain("prompt_tokens");
	}

	@Test
	void whoCachesWhatIsMarkedGetsMarks() {
		byte[] body = new LongConversation().grow(3).in("openai", "anthropic-marks");
		RawResponse first = post("openai", TestServer.KEY, "anthropic-marks", body);
		assertThat(first.status()).as(first.text()).isEqualTo(200);
		assertThat(first.header("llm-proxy-dropped")).isNull();
		JsonNode sent = JsonMapper.shared().readTree(bodies(FAKES.get("anthropic"), 1).get(0));
		assertThat(sent.at("/tools/0/cache_control/type").asString()).isEqualTo("ephemeral");
		assertThat(sent.at("/system/0/cache_control/type").asString()).isEqualTo("ephemeral");
		assertThat(sent.toString().split("cache_control", -1)).hasSize(4);
		RawResponse second = post("openai", TestServer.KEY, "anthropic-marks", body);
		assertThat(second.json().at("/usage/prompt_tokens_details/cached_tokens").asInt()).isPositive();
		post("openai", TestServer.KEY, "openai-marks", new LongConversation().grow(3).in("openai", "openai-marks"));
		assertThat(new String(bodies(FAKES.get("openai"), 1).get(0)))
			.isEqualTo(new String(body).replace("anthropic-marks", "gpt-5-mini"));
	}

	@Test
	void theCallersOwnMarksAreEnough() {
		String body = "{\"model\":\"anthropic-marks\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":["
				+ "{\"type\":\"text\",\"text\":\"hi\",\"cache_control\":{\"type\":\"ephemeral\"}}]},"
				+ "{\"role\":\"assistant\",\"content\":\"ho\"},{\"role\":\"user\",\"content\":\"hu\"}]}";
		assertThat(post("anthropic", TestServer.KEY, "anthropic-marks", body.getBytes()).status()).isEqualTo(200);
		assertThat(new String(bodies(FAKES.get("anthropic"), 1).get(0)))
			.isEqualTo(body.replace("anthropic-marks", "claude-sonnet-4-5"));
	}

	@Test
	void whatIsSavedIsCounted() {
		post("openai", "openai-middle", new LongConversation().grow(150));
		post("openai", "openai-summarise", new LongConversation().grow(152));
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			assertThat(client.get("/actuator/prometheus", Map.of()).text())
				.containsPattern("llm_proxy_context_conversations_total\\{action=\"trimmed\".*} [1-9]")
				.containsPattern("llm_proxy_context_tokens_saved_tokens_total\\{action=\"trimmed\".*} [1-9]")
				.containsPattern("llm_proxy_context_summaries_total\\{event=\"made\".*} [1-9]");
		}
	}

	private static RawResponse post(String dialect, String model, LongConversation conversation) {
		return post(dialect, TestServer.KEY, model, conversation.in(dialect, model));
	}

	private static RawResponse post(String dialect, String key, String model, byte[] body) {
		try (RawHttpClient client = server.client()) {
			return client.post(LongConversation.path(dialect, model),
					Map.of("authorization", "Bearer " + key, "content-type", "application/json"), new String(body));
		}
	}

}
