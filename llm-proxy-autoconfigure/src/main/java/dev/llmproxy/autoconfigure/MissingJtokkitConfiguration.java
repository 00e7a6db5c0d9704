package dev.llmproxy.autoconfigure;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Says what is missing for exact counts. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingClass("com.knuddels.jtokkit.api.Encoding")
@ConditionalOnProperty(name = "llm-proxy.tokens.counting", havingValue = "exact")
class MissingJtokkitConfiguration {

	@Bean
	InitializingBean llmMissingJtokkit() {
		throw new InvalidPropertyException("llm-proxy.tokens.counting",
				"tokens can't be counted exactly because the application has no vocabularies",
				"Add the dependency com.knuddels:jtokkit, or set it to 'estimate'.");
	}

}
