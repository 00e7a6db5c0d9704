package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.context.ContextPolicies;
import dev.llmproxy.context.ContextWindows;
import dev.llmproxy.context.PromptCacheMarks;
import dev.llmproxy.context.Summaries;
import dev.llmproxy.context.Summariser;
import dev.llmproxy.context.SummarySettings;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.DefaultLlmGateway;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.routing.Router;
import dev.llmproxy.routing.RoutingHandler;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;

/** What is done with conversations that are too long. */
@AutoConfiguration(before = GatewayAutoConfiguration.class)
@EnableConfigurationProperties({ ContextProperties.class, RoutingProperties.class })
@Import({ SnapshotConfiguration.class, CodecConfiguration.class })
public final class ContextAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(ContextFilter.class)
	ReloadableContext llmReloadableContext(ContextProperties properties, RoutingProperties routing, LiveSnapshot live) {
		ReloadableContext context = new ReloadableContext(ConfiguredContext.read(properties, routing));
		live.add(ContextPolicies.class, context.first());
		return context;
	}

	@Bean
	@ConditionalOnMissingBean
	ContextWindows llmContextWindows(Router router) {
		return new RoutedContextWindows(router);
	}

	/** Its calls go through all filters but the one that they are made for. */
	@Bean
	@ConditionalOnMissingBean
	Summariser llmSummariser(ObjectProvider<LlmFilter> filters, ObjectProvider<RoutingHandler> routing,
			ObjectProvider<Codecs> codecs) {
		Supplier<LlmHandler> gateway = SingletonSupplier
			.of(() -> new DefaultLlmGateway(others(filters), routing.getObject(), codecs.getObject()));
		return new Summariser(gateway, SingletonSupplier.of(() -> new BodyConversion(codecs.getObject())));
	}

	private static List<LlmFilter> others(ObjectProvider<LlmFilter> filters) {
		return filters.stream().filter((filter) -> !(filter instanceof ContextFilter)).toList();
	}

	@Bean
	@ConditionalOnMissingBean
	Summaries llmSummaries(Summariser summariser, ContextProperties properties, ObjectProvider<MemoryBudget> memory,
			ObjectProvider<ContextListener> listeners) {
		ContextProperties.Summaries kept = properties.summaries();
		SummarySettings settings = InvalidPropertyException.checked("llm-proxy.context.summaries",
				() -> new SummarySettings(kept.size().toBytes(), kept.ttl(), kept.rest(), kept.background()));
		return new Summaries(summariser, settings, memory.getIfAvailable(() -> MemoryBudget.UNLIMITED),
				ContextListener.all(listeners.orderedStream().toList()));
	}

	/** The policies have to be there before the first request. */
	@Bean
	@ConditionalOnMissingBean
	ContextFilter llmContextFilter(ReloadableContext policies, LiveSnapshot live, ContextWindows windows,
			ObjectProvider<TokenCounters> counters, Summaries summaries, ObjectProvider<ContextListener> listeners) {
		return new ContextFilter(live, windows, counters.getIfAvailable(() -> TokenEstimate.COUNTERS), summaries,
				ContextListener.all(listeners.orderedStream().toList()));
	}

	@Bean
	@ConditionalOnMissingBean
	PromptCacheMarks llmPromptCacheMarks(LiveSnapshot live) {
		return new PromptCacheMarks(live);
	}

}
