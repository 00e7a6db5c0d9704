package dev.llmproxy.autoconfigure;

import java.time.InstantSource;

import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.observability.status.TrafficBoard;
import dev.llmproxy.provider.AttemptGates;
import dev.llmproxy.provider.ProviderHealth;
import dev.llmproxy.provider.ProviderSwitch;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.routing.Router;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the status page is made of. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnAvailableEndpoint(endpoint = StatusEndpoint.class)
class StatusPageConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TrafficBoard llmTrafficBoard() {
		return new TrafficBoard(InstantSource.system());
	}

	@Bean
	StatusPage llmStatusPage() {
		return StatusPage.load();
	}

	@Bean
	StatusProviders llmStatusProviders(Providers providers, ProviderHealth health, ProviderSwitch operator) {
		return new StatusProviders(providers, health, operator);
	}

	@Bean
	StatusTargets llmStatusTargets(Router router, StatisticsGate statistics, AttemptGates gates,
			ObjectProvider<BreakerGate> breakers) {
		return new StatusTargets(router, statistics, gates, breakers.getIfAvailable());
	}

	@Bean
	StatusParts llmStatusParts(ObjectProvider<LocalAnswers> answers, ObjectProvider<CountedMemory> memory,
			ObjectProvider<Admission> admission, ObjectProvider<LimitStore> limits,
			ObjectProvider<ConfigurationReloader> reloader) {
		return new StatusParts(answers, memory, admission, limits, reloader);
	}

	@Bean
	@ConditionalOnMissingBean
	StatusEndpoint llmStatusEndpoint(TrafficBoard board, StatusProviders providers, StatusTargets targets,
			StatusParts parts, StatusPage page) {
		return new StatusEndpoint(board, providers, targets, parts, page);
	}

}
