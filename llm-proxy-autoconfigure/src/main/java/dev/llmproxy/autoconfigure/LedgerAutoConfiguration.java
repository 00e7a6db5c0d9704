package dev.llmproxy.autoconfigure;

import java.util.Locale;

import dev.llmproxy.observability.ledger.FileLedger;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.observability.ledger.MemoryLedger;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.UsageReports;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Writes down what is spent, and tells it. */
@AutoConfiguration(before = CallObservationAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "llm-proxy.usage.ledger.enabled", matchIfMissing = true)
@EnableConfigurationProperties(UsageProperties.class)
@Import(JdbcLedgerConfiguration.class)
public final class LedgerAutoConfiguration {

	/** Reports may wait for a store; more than these and their queue are refused. */
	private static final int READERS = 2;

	private static final int WAITING_REPORTS = 100;

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(UsageLedger.class)
	@ConditionalOnProperty(name = "llm-proxy.usage.ledger.store", havingValue = "file")
	FileLedger llmFileLedger(UsageProperties properties) {
		return new FileLedger(
				InvalidPropertyException.checked("llm-proxy.usage.ledger.file", properties.ledger()::files));
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(UsageLedger.class)
	MemoryLedger llmMemoryLedger(UsageProperties properties) {
		UsageProperties.Ledger ledger = properties.ledger();
		if (ledger.store() != UsageProperties.Store.MEMORY) {
			throw new InvalidPropertyException("llm-proxy.usage.ledger.store",
					"usage cannot be kept in " + ledger.store().name().toLowerCase(Locale.ROOT)
							+ " because the application has no client for it",
					"Add the dependencies org.springframework:spring-jdbc, com.zaxxer:HikariCP, "
							+ "org.flywaydb:flyway-core and the database's driver, or set it to 'memory' or 'file'.");
		}
		return InvalidPropertyException.checked("llm-proxy.usage.ledger",
				() -> new MemoryLedger(ledger.memory().entries(), ledger.maxSums()));
	}

	@Bean
	@ConditionalOnMissingBean
	LedgerWriter llmLedgerWriter(UsageLedger ledger, UsageProperties properties) {
		return new LedgerWriter(ledger,
				InvalidPropertyException.checked("llm-proxy.usage.ledger", properties.ledger()::settings));
	}

	@Bean
	SmartLifecycle llmLedgerLifecycle(LedgerWriter writer) {
		return new WriterLifecycle(writer::start, writer::stop, writer::isRunning);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	UsageReports llmUsageReports(UsageLedger ledger) {
		return new UsageReports(ledger,
				Schedulers.newBoundedElastic(READERS, WAITING_REPORTS, "llm-proxy-usage", 60, true));
	}

}
