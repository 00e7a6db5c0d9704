package dev.llmproxy.routing;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.llmproxy.routing.Samples.chat;
import static dev.llmproxy.routing.Samples.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What conditions say of requests. */
class ConditionQueryTest {

	private final RoutingContext context = context(
			chat("word ".repeat(1000)).metadata(Map.of("plan", "paid", "age", "42"))
				.maxTokens(100)
				.temperature(0.5)
				.stream(true)
				.user("u-1")
				.reasoning(ReasoningConfig.effort("high"))
				.responseFormat(new ResponseFormat.JsonObject())
				.build(),
			Map.of("X-Team", "search", "llm-proxy-metadata", "{\"region\":\"eu\",\"beta\":true,\"level\":3}"));

	@ParameterizedTest
	@CsvSource({ "metadata.plan, $eq, paid, true", "metadata.plan, $eq, free, false", "metadata.plan, $ne, free, true",
			"metadata.none, $eq, x, false", "metadata.none, $ne, x, true", "metadata.age, $gt, 41, true",
			"metadata.age, $gt, 42, false", "metadata.age, $gte, 42, true", "metadata.age, $lt, 42.5, true",
			"metadata.age, $lte, 41, false", "metadata.plan, $gt, 1, false", "metadata.plan, $lte, 1, false",
			"metadata.none, $lt, 1, false", "metadata.plan, $regex, ^pa.d$, true", "metadata.plan, $regex, ai, true",
			"metadata.plan, $regex, ^ai, false", "metadata.none, $regex, .*, false", "metadata.region, $eq, eu, true",
			"metadata.beta, $eq, true, true", "metadata.level, $eq, 3, true", "headers.x-team, $eq, search, true",
			"headers.X-TEAM, $eq, search, true", "headers.x-none, $eq, search, false",
			"params.max_tokens, $eq, 100, true", "params.max-tokens, $lte, 100, true",
			"params.temperature, $gt, 0.4, true", "params.stream, $eq, true, true", "params.model, $eq, route, true",
			"params.user, $eq, u-1, true", "params.messages, $eq, 1, true", "params.tools, $eq, 0, true",
			"params.seed, $eq, 1, false", "params.reasoning_effort, $eq, high, true",
			"params.response_format, $eq, json_object, true", "estimated-tokens, $gt, 1000, true",
			"estimated-tokens, $gt, 2000, false", "caller, $eq, anonymous, true", "operation, $eq, chat, true" })
	void compares(String field, String operator, String operand, boolean matches) {
		assertThat(ConditionQuery.parse(Map.of(field, Map.of(operator, operand))).matches(this.context))
			.isEqualTo(matches);
	}

	@Test
	void knowsLists() {
		assertThat(matches(Map.of("metadata.plan", Map.of("$in", List.of("free", "paid"))))).isTrue();
		assertThat(matches(Map.of("metadata.plan", Map.of("$nin", List.of("free", "paid"))))).isFalse();
		assertThat(matches(Map.of("metadata.none", Map.of("$in", List.of("free"))))).isFalse();
		assertThat(matches(Map.of("metadata.none", Map.of("$nin", List.of("free"))))).isTrue();
		assertThat(matches(Map.of("metadata.plan", Map.of("$in", "free, paid")))).isTrue();
	}

	@Test
	void knowsTheFormsThatPropertiesGiveToQueries() {
		assertThat(matches(Map.of("metadata", Map.of("plan", Map.of("in", Map.of("0", "free", "1", "paid"))))))
			.isTrue();
		assertThat(matches(Map.of("or", Map.of("0", Map.of("metadata", Map.of("plan", "free")), "1",
				Map.of("params", Map.of("max_tokens", Map.of("lt", 200)))))))
			.isTrue();
		assertThat(matches(Map.of("metadata", Map.of("plan", "paid", "age", Map.of("lt", 18))))).isFalse();
	}

	@Test
	void joinsConditions() {
		Map<String, ?> yes = Map.of("metadata.plan", "paid");
		Map<String, ?> no = Map.of("metadata.plan", "free");
		assertThat(matches(Map.of("$and", List.of(yes, yes)))).isTrue();
		assertThat(matches(Map.of("$and", List.of(yes, no)))).isFalse();
		assertThat(matches(Map.of("$or", List.of(no, yes)))).isTrue();
		assertThat(matches(Map.of("$or", List.of(no, no)))).isFalse();
		assertThat(matches(Map.of("$and", List.of(yes, Map.of("$or", List.of(no, yes)))))).isTrue();
		assertThat(matches(Map.of("metadata.age", Map.of("$gt", 40, "$lt", 45)))).isTrue();
		assertThat(matches(Map.of("metadata.age", Map.of("$gt", 40, "$lt", 42)))).isFalse();
	}

	@Test
	void neverSeesCredentials() {
		RoutingContext keyed = context(chat("x").build(), Map.of("Authorization", "Bearer k", "X-Api-Key", "k"));
		assertThat(keyed.request().hint("authorization")).isNull();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConditionQuery.parse(Map.of("headers.x-api-key", Map.of("$regex", "^k"))))
			.withMessageContaining("credential");
	}

	@Test
	void hostileValuesAreNoMatch() {
		RoutingContext hostile = context(
				chat("x").metadata(Map.of("age", "9".repeat(100_000), "plan", "paid".repeat(100_000))).build(),
				Map.of("llm-proxy-metadata", "[".repeat(10_000), "x-team", "NaN"));
		assertThat(ConditionQuery.parse(Map.of("metadata.age", Map.of("$gt", 1))).matches(hostile)).isFalse();
		assertThat(ConditionQuery.parse(Map.of("metadata.plan", Map.of("$regex", "paid"))).matches(hostile)).isFalse();
		assertThat(ConditionQuery.parse(Map.of("headers.x-team", Map.of("$lte", 1))).matches(hostile)).isFalse();
	}

	@Test
	void fieldsOfChatsAreAbsentElsewhere() {
		LlmRequest embeddings = LlmRequest.builder(Operation.EMBEDDINGS, Dialect.OPENAI)
			.caller(new Caller("team", List.of()))
			.body(new byte[400], Envelope.none())
			.build();
		RoutingContext other = new RoutingContext(embeddings, "route");
		assertThat(ConditionQuery.parse(Map.of("params.temperature", Map.of("$lt", 9))).matches(other)).isFalse();
		assertThat(ConditionQuery.parse(Map.of("metadata.plan", "paid")).matches(other)).isFalse();
		assertThat(ConditionQuery.parse(Map.of("estimated-tokens", 100)).matches(other)).isTrue();
		assertThat(ConditionQuery.parse(Map.of("operation", "embeddings", "caller", "team")).matches(other)).isTrue();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			session            | $eq    | x   | 'session' is no field
			metadata           | $eq    | x   | 'metadata' is no field
			params.weather     | $eq    | x   | There are frequency_penalty
			metadata.plan      | $near  | x   | '$near' of 'metadata.plan' is no operator
			metadata.plan      | $gt    | x   | is no number
			metadata.plan      | $regex | (   | is no regular expression
			metadata.plan      | $regex | a(?=b) | is no regular expression
			metadata.plan      | $in    | ,   | wants a list
			$and               | 0      | x   | wants a list of conditions
			""")
	void saysWhatIsWrong(String field, String operator, String operand, String message) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ConditionQuery.parse(Map.of(field, Map.of(operator, operand))))
			.withMessageContaining(message);
	}

	@Test
	void refusesWhatAsksForNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConditionQuery.parse(Map.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> ConditionQuery.parse(Map.of("metadata.x", Map.of())));
		assertThatIllegalArgumentException().isThrownBy(() -> ConditionQuery.parse(Map.of("$or", List.of())));
	}

	@Test
	void refusesQueriesWithoutABottom() {
		Map<String, ?> query = Map.of("caller", "x");
		for (int i = 0; i < 100; i++) {
			query = Map.of("$and", List.of(query));
		}
		Map<String, ?> deep = query;
		assertThatIllegalArgumentException().isThrownBy(() -> ConditionQuery.parse(deep))
			.withMessageContaining("nested");
	}

	private boolean matches(Map<String, ?> query) {
		return ConditionQuery.parse(query).matches(this.context);
	}

}
