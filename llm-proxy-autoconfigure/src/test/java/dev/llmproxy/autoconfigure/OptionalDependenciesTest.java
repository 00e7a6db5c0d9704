package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.web.GatewayPaths;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every optional dependency may be absent, alone and together with all others, from any
 * kind of application: it starts, and its gateway answers.
 */
class OptionalDependenciesTest {

	private static final Map<String, List<String>> OPTIONAL = new TreeMap<>(
			Map.ofEntries(Map.entry("redis", List.of("org.springframework.data.redis", "io.lettuce")),
					Map.entry("security", List.of("org.springframework.security")),
					Map.entry("webflux", List.of("org.springframework.web.reactive")),
					Map.entry("webmvc", List.of("org.springframework.web.servlet")),
					Map.entry("servlet",
							List.of("jakarta.servlet", "org.apache.catalina", "org.apache.coyote", "org.apache.tomcat",
									"org.springframework.web.servlet")),
					Map.entry("actuator", List.of("org.springframework.boot.actuate")),
					Map.entry("tracing", List.of("io.micrometer.tracing", "io.opentelemetry")),
					Map.entry("micrometer", List.of("io.micrometer.core", "io.micrometer.registry")),
					Map.entry("springdoc",
							List.of("org.springdoc.core", "org.springdoc.webflux", "org.springdoc.ui", "io.swagger")),
					Map.entry("jtokkit", List.of("com.knuddels")), Map.entry("aws", List.of("software.amazon")),
					Map.entry("google", List.of("com.google.auth")),
					Map.entry("jdbc", List.of("org.springframework.jdbc", "com.zaxxer", "org.flywaydb")),
					Map.entry("mail", List.of("org.springframework.mail", "jakarta.mail")),
					Map.entry("spring-ai", List.of("org.springframework.ai")),
					Map.entry("resilience4j", List.of("io.github.resilience4j", "org.springframework.cloud"))));

	/** What an application of a kind is made of, and can't be without. */
	private static final Map<String, List<String>> OWN = Map.of("reactive", List.of("webflux"), "servlet",
			List.of("webmvc", "servlet"), "none", List.of());

	@ParameterizedTest(name = "{0}, without {1}")
	@MethodSource("absences")
	void starts(String kind, String absent, List<String> packages) {
		runner(kind).withClassLoader(new FilteredClassLoader(packages.toArray(String[]::new)))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.autoconfigure.exclude=" + absent(packages), "llm-proxy.detect-providers=false",
					"llm-proxy.web.enabled=true", "spring.main.banner-mode=off", "llm-proxy.access-log.enabled=true")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(LlmGateway.class);
				assertThat(context.getBeansOfType(GatewayPaths.class)).hasSize(kind.equals("none") ? 0 : 1);
				ChatRequest question = ChatRequest.builder("simulator/instant")
					.message(Message.text(Role.USER, "Hello"))
					.build();
				assertThat(context.getBean(LlmGateway.class).chat(question).block().text()).isNotBlank();
			});
	}

	static Stream<Arguments> absences() {
		List<Arguments> cases = new ArrayList<>();
		OWN.forEach((kind, own) -> {
			cases.add(Arguments.of(kind, "nothing", List.of("no.such")));
			List<String> all = new ArrayList<>();
			OPTIONAL.forEach((name, packages) -> {
				if (!own.contains(name)) {
					cases.add(Arguments.of(kind, name, packages));
					all.addAll(packages);
				}
			});
			cases.add(Arguments.of(kind, "any of them", all));
		});
		return cases.stream();
	}

	@SuppressWarnings({ "rawtypes", "unchecked" })
	private static AbstractApplicationContextRunner<?, ConfigurableApplicationContext, ApplicationContextAssertProvider<ConfigurableApplicationContext>> runner(
			String kind) {
		return (AbstractApplicationContextRunner) switch (kind) {
			case "reactive" -> new ReactiveWebApplicationContextRunner();
			case "servlet" -> new WebApplicationContextRunner();
			default -> new ApplicationContextRunner();
		};
	}

	/**
	 * Whose names are in files on the class path still, when their classes are hidden.
	 */
	private static String absent(List<String> packages) {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> packages.stream().anyMatch(name::startsWith))
			.collect(Collectors.joining(","));
	}

	/** Finds all auto-configurations, ours and others', as any application does. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
