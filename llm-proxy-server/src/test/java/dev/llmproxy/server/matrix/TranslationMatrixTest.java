package dev.llmproxy.server.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every SDK with every upstream dialect, whole and streamed. The upstreams are sockets
 * that refuse what the real APIs refuse; what arrives at the model is told in its answer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslationMatrixTest {

	private static final Map<String, String> MODELS = new LinkedHashMap<>();

	static {
		MODELS.put("openai", "chat/gpt-5-mini");
		MODELS.put("responses", "resp/gpt-5-mini");
		MODELS.put("anthropic", "claude/claude-sonnet-4-5");
		MODELS.put("gemini", "gem/gemini-2.5-flash");
		MODELS.put("bedrock", "rock/anthropic.claude-sonnet-4-5-20250929-v1:0");
	}

	private static final List<String> FEATURES = List.of("text", "tools", "images", "structured", "reasoning");

	private final Map<String, String> outcomes = new TreeMap<>();

	private final Map<String, SdkCaller> callers = new LinkedHashMap<>();

	private final List<FakeProvider> fakes = new ArrayList<>();

	private TestServer server;

	@BeforeAll
	void start() {
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "chat", "openai", Fakes.openAi(), "/v1", "openai");
		provider(properties, "resp", "openai", Fakes.openAi(), "/v1", "responses");
		provider(properties, "claude", "anthropic", Fakes.anthropic(), "/v1", null);
		provider(properties, "gem", "gemini", Fakes.gemini(), "/v1beta", null);
		provider(properties, "rock", "bedrock", Fakes.bedrock(), "", null);
		this.server = TestServer.start(properties);
		String url = this.server.url().toString();
		OpenAIClient openAi = OpenAIOkHttpClient.builder()
			.baseUrl(url + "/v1")
			.apiKey(TestServer.KEY)
			.maxRetries(0)
			.build();
		this.callers.put("openai", new OpenAiChatCaller(openAi));
		this.callers.put("responses", new OpenAiResponsesCaller(openAi));
		this.callers.put("anthropic", new AnthropicCaller(
				AnthropicOkHttpClient.builder().baseUrl(url).apiKey(TestServer.KEY).maxRetries(0).build()));
		this.callers.put("gemini",
				new GeminiCaller(Client.builder()
					.apiKey(TestServer.KEY)
					.httpOptions(HttpOptions.builder().baseUrl(url).build())
					.build()));
	}

	private void provider(Map<String, String> properties, String name, String type, FakeProvider fake, String path,
			String dialect) {
		this.fakes.add(fake);
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", type);
		properties.put(prefix + "base-url", fake.url() + path);
		properties.put(prefix + "api-key", fake.apiKey());
		if (dialect != null) {
			properties.put(prefix + "dialect", dialect);
		}
	}

	@AfterAll
	void print() {
		this.server.close();
		this.fakes.forEach(FakeProvider::close);
		StringBuilder table = new StringBuilder("\nTranslation matrix (whole / streamed)\n");
		table.append(String.format("%-24s", ""));
		MODELS.keySet().forEach((upstream) -> table.append(String.format("%-16s", upstream)));
		table.append('\n');
		for (String caller : this.callers.keySet()) {
			for (String feature : FEATURES) {
				table.append(String.format("%-24s", caller + " " + feature));
				for (String upstream : MODELS.keySet()) {
					table.append(String.format("%-16s", outcome(caller, upstream, feature, false) + " / "
							+ outcome(caller, upstream, feature, true)));
				}
				table.append('\n');
			}
		}
		long passed = this.outcomes.values().stream().filter("ok"::equals).count();
		table.append(passed).append(" of ").append(this.outcomes.size()).append(" cells passed\n");
		System.out.println(table);
	}

	private String outcome(String caller, String upstream, String feature, boolean stream) {
		return this.outcomes.getOrDefault(caller + ">" + upstream + ">" + feature + ">" + stream, "-");
	}

	Stream<Arguments> cells() {
		List<Arguments> cells = new ArrayList<>();
		for (String caller : List.of("openai", "responses", "anthropic", "gemini")) {
			for (String upstream : MODELS.keySet()) {
				for (String feature : FEATURES) {
					cells.add(Arguments.of(caller, upstream, feature, false));
					cells.add(Arguments.of(caller, upstream, feature, true));
				}
			}
		}
		return cells.stream();
	}

	@ParameterizedTest(name = "{0} to {1}: {2}, stream={3}")
	@MethodSource("cells")
	void crosses(String caller, String upstream, String feature, boolean stream) {
		String cell = caller + ">" + upstream + ">" + feature + ">" + stream;
		this.outcomes.put(cell, "FAIL");
		Supplier<Object> check = check(this.callers.get(caller), MODELS.get(upstream), feature, stream);
		check.get();
		this.outcomes.put(cell, "ok");
	}

	private static Supplier<Object> check(SdkCaller sdk, String model, String feature, boolean stream) {
		return switch (feature) {
			case "text" -> () -> text(sdk, model, stream);
			case "tools" -> () -> tools(sdk, model, stream);
			case "images" -> () -> images(sdk, model, stream);
			case "structured" -> () -> structured(sdk, model, stream);
			default -> () -> reasoning(sdk, model, stream);
		};
	}

	private static Answer text(SdkCaller sdk, String model, boolean stream) {
		Answer answer = sdk.ask(model, Ask.text("hello there"), stream);
		assertThat(answer.text()).contains("You said: hello there");
		assertThat(answer.inputTokens()).isPositive();
		assertThat(answer.outputTokens()).isPositive();
		assertThat(answer.finish()).isIn("stop", "completed", "end_turn", "STOP");
		Answer system = sdk.ask(model, Ask.text("repeat system"), stream);
		assertThat(system.text()).contains("Be brief.");
		return sdk.goOn(model, Ask.text("hello there"), answer, List.of(), "recite", stream);
	}

	private static Answer tools(SdkCaller sdk, String model, boolean stream) {
		Ask ask = new Ask("parallel please", List.of("get_weather", "get_time"), false, false, false);
		Answer answer = sdk.ask(model, ask, stream);
		assertThat(answer.calls()).extracting(Answer.Call::name).containsExactly("get_weather", "get_time");
		assertThat(answer.calls())
			.allSatisfy((call) -> assertThat(Bodies.JSON.readTree(call.arguments()).path("city").isTextual()).isTrue());
		assertThat(answer.finish()).isIn("tool_calls", "completed", "tool_use", "STOP");
		Answer last = sdk.goOn(model, ask, answer, List.of("sunny", "noon"), "", stream);
		assertThat(last.text()).contains("get_weather returned sunny", "get_time returned noon");
		return last;
	}

	private static Answer images(SdkCaller sdk, String model, boolean stream) {
		Answer answer = sdk.ask(model, new Ask("what is it", List.of(), true, false, false), stream);
		assertThat(answer.text()).contains("image/png 68 bytes");
		return answer;
	}

	private static Answer structured(SdkCaller sdk, String model, boolean stream) {
		Answer answer = sdk.ask(model, new Ask("a thing", List.of(), false, true, false), stream);
		try {
			JsonNode thing = Bodies.JSON.readTree(answer.text());
			assertThat(thing.path("title").isTextual()).as(answer.text()).isTrue();
			assertThat(thing.path("count").isInt()).as(answer.text()).isTrue();
		}
		catch (JsonProcessingException ex) {
			throw new AssertionError(answer.text(), ex);
		}
		assertThat(answer.calls()).isEmpty();
		return answer;
	}

	private static Answer reasoning(SdkCaller sdk, String model, boolean stream) {
		Ask ask = new Ask("why is it", List.of(), false, false, true);
		Answer answer = sdk.ask(model, ask, stream);
		assertThat(answer.text()).contains("You said: why is it");
		assertThat(answer.reasoning()).contains("Let me think");
		Answer next = sdk.goOn(model, ask, answer, List.of(), "and again", stream);
		assertThat(next.text()).contains("You said: and again");
		return next;
	}

}
