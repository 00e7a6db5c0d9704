package dev.llmproxy.observability.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.RefusalRecord;
import dev.llmproxy.gateway.RefusalRecord.Place;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.call.CallRecord.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** What stands in the log, as Spring Boot's own formats write it. */
class AccessLogTest {

	private final Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	@BeforeEach
	void capture() {
		this.appender.list = Collections.synchronizedList(new ArrayList<>());
		this.appender.start();
		this.logger.addAppender(this.appender);
		this.logger.setLevel(Level.INFO);
		this.logger.setAdditive(false);
	}

	@AfterEach
	void release() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(null);
		this.logger.setAdditive(true);
	}

	@Test
	void ecsNestsTheFieldsAndKeepsTheirTypes() {
		JsonNode event = json("ecs", logged(Calls.full()).get(0));
		assertThat(event.at("/message").asString()).isEqualTo(
				"200 chat fast -> openai/gpt-5, 842 ms (first token 211, own 0.41), 1204+87 tokens, ended by length, $0.00123, "
						+ "cache miss, context summarised; before=131072; after=79310, "
						+ "tried azure/gpt-5 first upstream_overloaded 98.000ms; openai/gpt-5 fallback ok 112.000ms, "
						+ "by web-app, req_1");
		assertThat(event.at("/log/logger").asString()).isEqualTo("llm-proxy.access");
		assertThat(event.at("/http/request/id").asString()).isEqualTo("req_1");
		assertThat(event.at("/http/request/body/bytes").asLong()).isEqualTo(5432);
		assertThat(event.at("/http/response/body/bytes").asLong()).isEqualTo(9876);
		assertThat(event.at("/http/response/status_code").isIntegralNumber()).isTrue();
		assertThat(event.at("/http/response/status_code").asInt()).isEqualTo(200);
		assertThat(event.at("/trace/id").asString()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
		assertThat(event.at("/span/id").asString()).isEqualTo("00f067aa0ba902b7");
		assertThat(event.at("/event/start").asString()).isEqualTo("2026-01-02T03:04:05.006Z");
		assertThat(event.at("/event/outcome").asString()).isEqualTo("success");
		assertThat(event.at("/gen_ai/operation/name").asString()).isEqualTo("chat");
		assertThat(event.at("/gen_ai/request/model").asString()).isEqualTo("fast");
		JsonNode usage = event.at("/gen_ai/usage");
		assertThat(usage.at("/input_tokens").asLong()).isEqualTo(1204);
		assertThat(usage.at("/output_tokens").asLong()).isEqualTo(87);
		assertThat(usage.at("/cache_read/input_tokens").asLong()).isEqualTo(1000);
		assertThat(usage.at("/cache_creation/input_tokens").asLong()).isEqualTo(20);
		assertThat(usage.at("/reasoning/output_tokens").asLong()).isEqualTo(30);
		assertThat(usage.at("/audio/input_tokens").asLong()).isEqualTo(4);
		assertThat(usage.at("/audio/output_tokens").asLong()).isEqualTo(5);
		JsonNode ours = event.at("/llm_proxy");
		assertThat(ours.at("/caller").asString()).isEqualTo("web-app");
		assertThat(ours.at("/team").asString()).isEqualTo("research");
		assertThat(ours.at("/dialect").asString()).isEqualTo("anthropic");
		assertThat(ours.at("/stream").isBoolean()).isTrue();
		assertThat(ours.at("/route").asString()).isEqualTo("fast");
		assertThat(ours.at("/provider").asString()).isEqualTo("openai");
		assertThat(ours.at("/target").asString()).isEqualTo("openai/gpt-5");
		assertThat(ours.at("/model").asString()).isEqualTo("gpt-5");
		assertThat(ours.at("/end").asString()).isEqualTo("succeeded");
		assertThat(ours.at("/duration_ms").asDouble()).isEqualTo(842.123);
		assertThat(ours.at("/first_token_ms").asDouble()).isEqualTo(210.987);
		assertThat(ours.at("/overhead_ms").asDouble()).isEqualTo(0.412);
		assertThat(ours.at("/cost_usd").isNumber()).isTrue();
		assertThat(ours.at("/cost_usd").asDouble()).isEqualTo(0.00123);
		assertThat(ours.at("/cost_estimated").asBoolean()).isTrue();
		assertThat(ours.at("/tokens_estimated").asBoolean()).isFalse();
		assertThat(ours.at("/cache").asString()).isEqualTo("miss");
		assertThat(ours.at("/context").asString()).startsWith("summarised");
		assertThat(ours.at("/attempts")).hasSize(2);
		assertThat(ours.at("/attempts/0")).isEqualTo(JsonMapper.shared().readTree("""
				{"target":"azure/gpt-5","provider":"azure","kind":"first","error_code":"upstream_overloaded",
				"duration_ms":98.000}"""));
		assertThat(ours.at("/attempts/1/kind").asString()).isEqualTo("fallback");
		assertThat(ours.at("/attempts/1").has("error_code")).isFalse();
	}

	@Test
	void logstashHasTheSameFieldsSideBySide() {
		JsonNode event = json("logstash", logged(Calls.full()).get(0));
		for (CallField field : CallField.values()) {
			boolean error = field == CallField.ERROR_CODE || field == CallField.ERROR_TYPE;
			assertThat(event.has(field.fieldName())).as(field.fieldName()).isEqualTo(!error);
		}
		assertThat(event.get("gen_ai.usage.input_tokens").isIntegralNumber()).isTrue();
		assertThat(event.get("llm_proxy.attempts").isArray()).isTrue();
		assertThat(event.get("llm_proxy.stream").isBoolean()).isTrue();
	}

	@Test
	void gelfHasTextsAndNumbersOnly() {
		JsonNode event = json("gelf", logged(settings(all(), 1, null, true), Calls.full()).get(0));
		assertThat(event.get("_llm_proxy.attempts").asString())
			.isEqualTo("azure/gpt-5 first upstream_overloaded 98.000ms; openai/gpt-5 fallback ok 112.000ms");
		assertThat(event.get("_llm_proxy.stream").asString()).isEqualTo("true");
		assertThat(event.get("_http.response.status_code").isNumber()).isTrue();
		assertThat(event.properties()).allMatch((field) -> field.getValue().isString() || field.getValue().isNumber());
		assertThat(event.properties()).filteredOn((field) -> field.getKey().startsWith("_")).hasSizeGreaterThan(30);
	}

	@Test
	void anErrorIsTypeAndCodeWithoutItsWords() {
		ILoggingEvent event = logged(Calls.refused("m")).get(0);
		JsonNode json = json("ecs", event);
		assertThat(json.at("/error/type").asString()).isEqualTo("rate_limit");
		assertThat(json.at("/error/code").asString()).isEqualTo("rate_limit_exceeded");
		assertThat(json.at("/event/outcome").asString()).isEqualTo("failure");
		assertThat(json.at("/llm_proxy").has("first_token_ms")).isFalse();
		assertThat(json.toString()).doesNotContain("secret words");
		assertThat(event.getFormattedMessage())
			.isEqualTo("429 rate_limit_exceeded chat m, 0.30 ms (own 0.00), by anonymous, req_2");
	}

	@Test
	void whatCallersWriteStaysOnOneLineAndIsNoCredential() {
		String message = logged(Calls.refused("x\r\n200 chat ok \u001b[31m sk-proj-0123456789abcdef")).get(0)
			.getFormattedMessage();
		assertThat(message).isEqualTo(
				"429 rate_limit_exceeded chat x??200 chat ok ?[31m [secret], 0.30 ms (own 0.00), by anonymous, req_2");
		assertThat(logged(Calls.refused("y".repeat(10_000))).get(1).getFormattedMessage()).hasSizeLessThan(400);
	}

	@Test
	void aProvidersWordsAreNoCode() {
		LlmError error = new LlmError(ErrorKind.UPSTREAM, "m", "Incorrect key provided: abc", null);
		assertThat(json("ecs", logged(Calls.with("m", 5, 502, End.FAILED, error)).get(0)).at("/error/code").asString())
			.isEqualTo("other");
	}

	@Test
	void aRefusalIsLoggedWithWhatIsKnown() {
		AccessLog log = new AccessLog(settings(all(), 1, null, false), LogTarget.UNKNOWN);
		log.refused(new RefusalRecord("req_3", null, Place.INFERENCE, Dialect.OPENAI, 401,
				new LlmError(ErrorKind.AUTHENTICATION, "m", "invalid_api_key", null)));
		log.refused(new RefusalRecord("req_4", new Caller("web-app", List.of()), Place.OTHER, Dialect.GEMINI, 404,
				new LlmError(ErrorKind.NOT_FOUND, "m", "unknown_path", null)));
		log.close();
		assertThat(this.appender.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("401 invalid_api_key inference, req_3", "404 unknown_path other, by web-app, req_4");
		JsonNode json = json("ecs", this.appender.list.get(1));
		assertThat(json.at("/llm_proxy/end").asString()).isEqualTo("refused");
		assertThat(json.at("/llm_proxy/place").asString()).isEqualTo("other");
		assertThat(json.at("/llm_proxy/caller").asString()).isEqualTo("web-app");
		assertThat(json.at("/http/response/status_code").asInt()).isEqualTo(404);
		assertThat(json.at("/error/code").asString()).isEqualTo("unknown_path");
	}

	@ParameterizedTest
	@CsvSource({ "0, , 0", "0, PT0.001S, 1", "1, , 2" })
	void samplingIsForCallsThatWentWellAndWereFast(double sampling, Duration slow, int expected) {
		AccessLogSettings settings = settings(all(), sampling, slow, false);
		assertThat(logged(settings, Calls.succeeded(100), Calls.succeeded(2_000_000))).hasSize(expected);
		assertThat(logged(settings, Calls.refused("m"), Calls.with("m", 5, 499, End.CANCELLED, null)))
			.hasSize(expected + 2);
	}

	@Test
	void aSlowCallIsMarked() {
		AccessLogSettings settings = settings(all(), 0, Duration.ofMillis(1), false);
		assertThat(json("ecs", logged(settings, Calls.succeeded(2_000_000)).get(0)).at("/llm_proxy/slow").asBoolean())
			.isTrue();
	}

	@Test
	void onlyChosenFieldsAreThere() {
		AccessLogSettings settings = settings(EnumSet.of(CallField.REQUEST_ID, CallField.STATUS), 1, null, false);
		assertThat(logged(settings, Calls.full()).get(0).getKeyValuePairs()).extracting((pair) -> pair.key)
			.containsExactly("http.request.id", "http.response.status_code");
	}

	@Test
	void aLevelAboveInfoSwitchesItOff() {
		this.logger.setLevel(Level.WARN);
		assertThat(logged(Calls.full(), Calls.refused("m"))).isEmpty();
	}

	private List<ILoggingEvent> logged(CallRecord... calls) {
		return logged(settings(all(), 1, null, false), calls);
	}

	private List<ILoggingEvent> logged(AccessLogSettings settings, CallRecord... calls) {
		AccessLog log = new AccessLog(settings, LogTarget.UNKNOWN);
		for (CallRecord call : calls) {
			log.ended(call);
		}
		log.close();
		assertThat(log.dropped()).isZero();
		return this.appender.list;
	}

	private static Set<CallField> all() {
		return EnumSet.allOf(CallField.class);
	}

	private static AccessLogSettings settings(Set<CallField> fields, double sampling, Duration slow, boolean flat) {
		return new AccessLogSettings(fields, sampling, slow, 100, flat, Duration.ofSeconds(10));
	}

	private static JsonNode json(String format, ILoggingEvent event) {
		LoggerContext context = new LoggerContext();
		context.putObject(Environment.class.getName(), new MockEnvironment());
		StructuredLogEncoder encoder = new StructuredLogEncoder();
		encoder.setContext(context);
		encoder.setFormat(format);
		encoder.start();
		return JsonMapper.shared().readTree(new String(encoder.encode(event), StandardCharsets.UTF_8));
	}

}
