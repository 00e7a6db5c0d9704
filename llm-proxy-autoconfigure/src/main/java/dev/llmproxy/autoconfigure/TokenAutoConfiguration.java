package dev.llmproxy.autoconfigure;

import dev.llmproxy.provider.TokenCounterSource;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.token.FamilyCounters;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Who counts tokens, for whom. */
@AutoConfiguration
@EnableConfigurationProperties(TokenProperties.class)
@Import({ JtokkitConfiguration.class, MissingJtokkitConfiguration.class })
public final class TokenAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TokenCounters llmTokenCounters(ObjectProvider<TokenCounterSource> sources, TokenProperties properties) {
		return new FamilyCounters(sources.orderedStream().toList(), properties.countAs());
	}

}
