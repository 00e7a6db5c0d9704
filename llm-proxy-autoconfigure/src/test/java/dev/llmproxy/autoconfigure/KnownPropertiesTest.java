package dev.llmproxy.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Names of properties that there are, and that there are not. */
class KnownPropertiesTest {

	@Test
	void allTypesAreListed() {
		Set<String> annotated = new HashSet<>();
		new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("dev.llmproxy")
			.stream()
			.filter((type) -> type.isAnnotatedWith(ConfigurationProperties.class))
			.map(JavaClass::getName)
			.forEach(annotated::add);
		assertThat(KnownProperties.TYPES).extracting(Class::getName).containsExactlyInAnyOrderElementsOf(annotated);
	}

	@ParameterizedTest
	@ValueSource(strings = { "llm-proxy.nothing=1", "llm-proxy.aliasses.fast=up/m",
			"llm-proxy.providers.up.base-urll=http://h", "llm-proxy.access.keys[0].keys=x",
			"llm-proxy.routes.r.targets[0].wait=1", "llm-proxy.routes.r.targets[0].targets[1].waight=1",
			"llm-proxy.providers.up.timeouts.idel=1s", "llm-proxy.resilience.breaker.enable=false" })
	void refusesWhatThereIsNot(String property) {
		String name = property.substring(0, property.indexOf('='));
		assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(() -> check(Set.of(), property))
			.withMessageStartingWith(name + ": ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "llm-proxy.aliases.fast=up/m", "llm-proxy.aliases[gpt-4.1][0]=up/m",
			"llm-proxy.providers.up.headers.X-Any=1", "llm-proxy.providers.up.renamed-fields.a=b",
			"llm-proxy.routes.r.targets[0].targets[0].limits.concurrency=3",
			"llm-proxy.routes.r.conditions[0].query.estimated-tokens.gt=100000", "llm-proxy.web.securityHeaders.A=b",
			"llm-proxy.simulator.enabled=false", "llm-proxy.fault-injection.faults[0].status=503" })
	void knowsWhatThereIs(String property) {
		assertThatCode(() -> check(Set.of(), property)).doesNotThrowAnyException();
	}

	@Test
	void elementsOfAListThatAnotherSourceReplacesAreNoMistake() {
		StandardEnvironment environment = environment("llm-proxy.access.keys[0].id=a",
				"llm-proxy.access.keys[0].key=k");
		environment.getPropertySources()
			.addLast(source("file", "llm-proxy.access.keys[0].id=a", "llm-proxy.access.keys[1].id=b",
					"llm-proxy.access.keys[1].hash=h"));
		assertThatCode(() -> KnownProperties.check(environment, Set.of())).doesNotThrowAnyException();
	}

	@Test
	void leavesOtherOwnersAlone() {
		assertThatCode(() -> check(Set.of("llm-proxy.plugin"), "llm-proxy.plugin.any=1")).doesNotThrowAnyException();
	}

	private static void check(Set<String> foreign, String... properties) {
		KnownProperties.check(environment(properties), foreign);
	}

	private static StandardEnvironment environment(String... properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(source("test", properties));
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	private static MapPropertySource source(String name, String... properties) {
		Map<String, Object> map = new HashMap<>();
		Arrays.stream(properties)
			.map((property) -> property.split("=", 2))
			.forEach((property) -> map.put(property[0], property[1]));
		return new MapPropertySource(name, map);
	}

}
