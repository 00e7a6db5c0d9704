package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.access.ModelAccessFilter;
import dev.llmproxy.gateway.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class AccessAutoConfigurationTest {

	private static final String KEY = "0123456789abcdef0123456789abcdef";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AccessAutoConfiguration.class));

	@Test
	void withoutKeysOnlyLocalCallersAreLetIn() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ModelAccessFilter.class);
			ClientKeys keys = context.getBean(ClientKeys.class);
			assertThat(keys.isEmpty()).isTrue();
			assertThat(keys.anonymous()).isEqualTo(AnonymousAccess.LOCAL);
		});
	}

	@ParameterizedTest
	@CsvSource({ "false,NONE", "true,ANYWHERE" })
	void anonymousAccessIsWhatIsSaid(String property, AnonymousAccess access) {
		this.runner.withPropertyValues("llm-proxy.access.anonymous=" + property)
			.run((context) -> assertThat(context.getBean(ClientKeys.class).anonymous()).isEqualTo(access));
	}

	@Test
	void withAKeyNobodyElseIsLetIn() {
		this.runner.withPropertyValues("LLM_PROXY_API_KEY=" + KEY).run((context) -> {
			ClientKeys keys = context.getBean(ClientKeys.class);
			assertThat(keys.anonymous()).isEqualTo(AnonymousAccess.NONE);
			assertThat(Objects.requireNonNull(keys.find(KEY)).id()).isEqualTo("default");
		});
	}

	@Test
	void readsKeysFromEverywhere(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("key"), KEY + "-file\n");
		this.runner
			.withPropertyValues("llm-proxy.access.keys[0].id=a", "llm-proxy.access.keys[0].key=" + KEY,
					"llm-proxy.access.keys[0].models=openai/*,x", "llm-proxy.access.keys[1].id=b",
					"llm-proxy.access.keys[1].key-file=" + file, "llm-proxy.access.keys[2].id=c",
					"llm-proxy.access.keys[2].hash=sha256:" + "ab".repeat(32),
					"LLM_PROXY_API_KEYS=" + KEY + "-1, " + KEY + "-2 ,")
			.run((context) -> {
				ClientKeys keys = context.getBean(ClientKeys.class);
				assertThat(keys.find(KEY)).isEqualTo(new Caller("a", List.of("openai/*", "x")));
				assertThat(keys.find(KEY + "-file")).isEqualTo(new Caller("b", List.of()));
				assertThat(keys.find(KEY + "-1")).isEqualTo(new Caller("key-1", List.of()));
				assertThat(keys.find(KEY + "-2")).isEqualTo(new Caller("key-2", List.of()));
			});
	}

	@Test
	void backsOffForAnApplicationsOwnKeys() {
		ClientKeys own = new ClientKeys(List.of(), AnonymousAccess.NONE);
		this.runner.withBean(ClientKeys.class, () -> own)
			.run((context) -> assertThat(context.getBean(ClientKeys.class)).isSameAs(own));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"llm-proxy.access.keys[0].key: the key has fewer than 16 characters | [0].id=a,[0].key=short",
			"llm-proxy.access.keys[0].key: the key has characters other than visible ASCII | [0].id=a,[0].key=0123456789 abcdef",
			"llm-proxy.access.keys[0]: it has none of 'key', 'hash' and 'key-file' | [0].id=a",
			"llm-proxy.access.keys[0]: it has more than one of 'key', 'hash' and 'key-file' | [0].id=a,[0].key=0123456789abcdef,[0].hash=x",
			"llm-proxy.access.keys[0].hash: the hash is not 'sha256:' and 64 hexadecimal digits | [0].id=a,[0].hash=sha256:xyz",
			"llm-proxy.access.keys[0].key: the key has no id | [0].key=0123456789abcdef",
			"llm-proxy.access.keys[0].key: its id can't be used | [0].id=a b,[0].key=0123456789abcdef",
			"llm-proxy.access.keys[0].key: its id can't be used | [0].id=anonymous,[0].key=0123456789abcdef",
			"llm-proxy.access.keys[1].key: the id 'a' is taken already, by llm-proxy.access.keys[0].key | [0].id=a,[0].key=0123456789abcdef,[1].id=a,[1].key=0123456789abcdeg",
			"llm-proxy.access.keys[1].key: the key is taken already, by llm-proxy.access.keys[0].key | [0].id=a,[0].key=0123456789abcdef,[1].id=b,[1].key=0123456789abcdef",
			"llm-proxy.access.keys[0].key-file: the file '/nowhere' can't be read as text | [0].id=a,[0].key-file=/nowhere" })
	void tellsWhichPropertyIsWrongAndNotTheKey(String message, String properties) {
		String[] values = Arrays.stream(properties.split(","))
			.map((property) -> "llm-proxy.access.keys" + property)
			.toArray(String[]::new);
		this.runner.withPropertyValues(values).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new InvalidPropertyFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).isEqualTo(message);
			assertThat(analysis.getAction()).isNotBlank();
			assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("0123456789");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "LLM_PROXY_API_KEY=short", "LLM_PROXY_API_KEYS=" + KEY + ",short" })
	void theEnvironmentIsCheckedAsWell(String variable) {
		this.runner.withPropertyValues(variable).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("LLM_PROXY_API_KEY")
				.hasMessageContaining("fewer than 16 characters");
		});
	}

	@Test
	void aKeyAtAWrongPlaceIsNotShown() {
		this.runner.withPropertyValues("llm-proxy.access.keys=" + KEY).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).hasRootCauseInstanceOf(Exception.class)
				.hasStackTraceContaining(BindException.class.getName());
			FailureAnalysis analysis = new SecretBindFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("llm-proxy.access.keys").doesNotContain(KEY);
		});
	}

	@Test
	void itsPropertiesDescribeThemselvesWithoutKeys() {
		this.runner.withPropertyValues("llm-proxy.access.keys[0].id=a", "llm-proxy.access.keys[0].key=" + KEY)
			.run((context) -> assertThat(context.getBean(AccessProperties.class).toString()).contains("id=a")
				.doesNotContain(KEY));
	}

}
