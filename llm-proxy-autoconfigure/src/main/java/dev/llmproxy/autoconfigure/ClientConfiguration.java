package dev.llmproxy.autoconfigure;

import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmGateway;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the models of other libraries call. */
@Configuration(proxyBeanMethods = false)
class ClientConfiguration {

	@Bean
	@ConditionalOnMissingBean
	GatewayCalls llmGatewayCalls(LlmGateway gateway, Codecs codecs) {
		return new GatewayCalls(gateway, codecs);
	}

}
