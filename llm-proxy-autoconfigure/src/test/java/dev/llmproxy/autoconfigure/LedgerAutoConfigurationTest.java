package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.observability.LedgerMeters;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.observability.cost.ChargeGate;
import dev.llmproxy.observability.cost.ChargeListener;
import dev.llmproxy.observability.ledger.FileLedger;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.observability.ledger.MemoryLedger;
import dev.llmproxy.observability.ledger.Period;
import dev.llmproxy.observability.ledger.UsageFilter;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.UsageQuery;
import dev.llmproxy.observability.ledger.UsageReports;
import dev.llmproxy.observability.ledger.jdbc.JdbcLedger;
import dev.llmproxy.provider.Attempt.Kind;
import dev.llmproxy.web.UsageHandler;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerAutoConfigurationTest {

	private static final String LEDGER = "llm-proxy.usage.ledger.";

	@TempDir
	private static Path directory;

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(LedgerAutoConfiguration.class, CallObservationAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void writesIntoMemoryByDefaultAndTellsCallersTheirOwn() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(MemoryLedger.class)
				.hasSingleBean(LedgerWriter.class)
				.hasSingleBean(UsageHandler.class)
				.hasSingleBean(ChargeGate.class);
			writes(context.getBean(LedgerWriter.class), context.getBean(UsageLedger.class));
		});
	}

	@Test
	void isNotThereWhereItIsSwitchedOff() {
		this.runner.withPropertyValues(LEDGER + "enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(UsageLedger.class)
				.doesNotHaveBean(ChargeListener.class)
				.doesNotHaveBean(UsageReports.class)
				.doesNotHaveBean(UsageHandler.class));
	}

	@Test
	void writesIntoFilesOnDemand() {
		this.runner.withPropertyValues(LEDGER + "store=file", LEDGER + "file.directory=" + directory.resolve("files"))
			.run((context) -> {
				assertThat(context).hasSingleBean(FileLedger.class).hasSingleBean(UsageLedger.class);
				writes(context.getBean(LedgerWriter.class), context.getBean(UsageLedger.class));
				assertThat(directory.resolve("files").resolve("usage-000001.jsonl")).isNotEmptyFile();
			});
	}

	@Test
	void writesIntoADatabaseOnDemand() {
		this.runner.withPropertyValues(LEDGER + "store=jdbc", LEDGER + "jdbc.url=jdbc:h2:mem:auto").run((context) -> {
			assertThat(context).hasSingleBean(JdbcLedger.class)
				.hasSingleBean(UsageLedger.class)
				.doesNotHaveBean(DataSource.class);
			writes(context.getBean(LedgerWriter.class), context.getBean(UsageLedger.class));
		});
	}

	@Test
	void usesTheApplicationsDatabase() {
		this.runner.withPropertyValues(LEDGER + "store=jdbc")
			.withUserConfiguration(OwnDataSource.class)
			.run((context) -> writes(context.getBean(LedgerWriter.class), context.getBean(UsageLedger.class)));
	}

	@Test
	void startsWithoutTheDatabaseAndWaitsForIt() {
		this.runner
			.withPropertyValues(LEDGER + "store=jdbc", LEDGER + "jdbc.url=jdbc:postgresql://127.0.0.1:1/x",
					LEDGER + "last-chance=0s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Awaitility.await().until(() -> context.getBean(LedgerWriter.class).stats().failing());
			});
	}

	@Test
	void saysWhatIsMissingForADatabase() {
		this.runner.withPropertyValues(LEDGER + "store=jdbc")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(LEDGER + "jdbc.url"));
		this.runner.withPropertyValues(LEDGER + "store=jdbc", LEDGER + "jdbc.url=jdbc:unheard:of")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(LEDGER + "jdbc.url")
				.hasMessageContaining("driver"));
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
			.withPropertyValues(LEDGER + "store=jdbc", LEDGER + "jdbc.url=jdbc:h2:mem:x")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(LEDGER + "store"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.jdbc", "org.flywaydb", "com.zaxxer.hikari" })
	void needsNoDatabaseLibraries(String missing) {
		this.runner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasSingleBean(MemoryLedger.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "queue=0", "batch=0", "interval=0s", "interval=2m", "retry=0s", "max-sums=0",
			"memory.entries=0", "last-chance=-1s" })
	void refusesWhatCanNotBe(String property) {
		this.runner.withPropertyValues(LEDGER + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("llm-proxy.usage.ledger"));
	}

	@Test
	void leavesTheLedgerToTheApplication() {
		this.runner.withUserConfiguration(OwnLedger.class)
			.withPropertyValues(LEDGER + "store=jdbc", LEDGER + "jdbc.url=jdbc:h2:mem:unused")
			.run((context) -> assertThat(context).hasSingleBean(UsageLedger.class).hasBean("ownLedger"));
	}

	@Test
	void isMetered() {
		this.runner.withConfiguration(AutoConfigurations.of(ObservabilityAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context).hasSingleBean(LedgerMeters.class));
	}

	@Test
	void theEndpointIsThereOnlyWhereItIsExposed() {
		ReactiveWebApplicationContextRunner actuator = this.runner
			.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class,
					WebEndpointAutoConfiguration.class, UsageEndpointAutoConfiguration.class));
		actuator.run((context) -> assertThat(context).doesNotHaveBean(UsageEndpoint.class));
		actuator.withPropertyValues("management.endpoints.web.exposure.include=llmusage")
			.run((context) -> assertThat(context).hasSingleBean(UsageEndpoint.class));
	}

	private static void writes(LedgerWriter writer, UsageLedger ledger) {
		writer.charged(new Charge("request", 1, Kind.FIRST, Instant.now(), Caller.ANONYMOUS, Operation.CHAT, "route",
				"up", "openai", "up/model", "model", Usage.of(1, 2), 3L, true));
		UsageQuery query = new UsageQuery(
				new UsageFilter(Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600), Map.of()),
				Period.TOTAL, List.of(), 1);
		Awaitility.await().ignoreExceptions().until(() -> ledger.report(query).total().cost() == 3);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLedger {

		@Bean
		UsageLedger ownLedger() {
			return new MemoryLedger(1, 1);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource dataSource() {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl("jdbc:h2:mem:own");
			return pool;
		}

	}

}
