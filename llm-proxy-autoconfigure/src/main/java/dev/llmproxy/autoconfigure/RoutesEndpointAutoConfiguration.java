package dev.llmproxy.autoconfigure;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.routing.RoutePlanner;
import dev.llmproxy.routing.Router;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmroutes}, where it is exposed. */
@AutoConfiguration(after = GatewayAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ Router.class, RoutePlanner.class, StatisticsGate.class, AttemptGates.class, Codecs.class })
public final class RoutesEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	RoutesEndpoint llmRoutesEndpoint(Router router, RoutePlanner planner, StatisticsGate statistics, AttemptGates gates,
			Codecs codecs) {
		return new RoutesEndpoint(router, planner, statistics, gates, codecs);
	}

}
