package dev.llmproxy.autoconfigure;

import com.knuddels.jtokkit.api.Encoding;
import dev.llmproxy.provider.token.JtokkitCounters;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** OpenAI's vocabularies, where exact counts are wanted. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Encoding.class)
@ConditionalOnProperty(name = "llm-proxy.tokens.counting", havingValue = "exact")
class JtokkitConfiguration {

	/** A model of the vocabulary that most models have. */
	private static final String USUAL = "gpt-4o";

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	@ConditionalOnMissingBean
	JtokkitCounters llmJtokkitCounters() {
		JtokkitCounters counters = new JtokkitCounters(Schedulers.boundedElastic()::schedule);
		counters.warm(USUAL);
		return counters;
	}

}
