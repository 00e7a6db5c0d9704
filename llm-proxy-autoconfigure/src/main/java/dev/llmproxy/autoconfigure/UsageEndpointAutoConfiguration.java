package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.EnumSet;

import dev.llmproxy.observability.ledger.Dimension;
import dev.llmproxy.observability.ledger.LedgerWriter;
import dev.llmproxy.observability.ledger.UsageParameters;
import dev.llmproxy.observability.ledger.UsageReports;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmusage}, where it is exposed. */
@AutoConfiguration(after = LedgerAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ UsageReports.class, LedgerWriter.class })
public final class UsageEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	UsageEndpoint llmUsageEndpoint(UsageReports reports, LedgerWriter writer) {
		return new UsageEndpoint(reports, new UsageParameters(EnumSet.allOf(Dimension.class), InstantSource.system()),
				writer);
	}

}
