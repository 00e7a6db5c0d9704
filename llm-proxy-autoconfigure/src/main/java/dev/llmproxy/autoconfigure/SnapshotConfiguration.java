package dev.llmproxy.autoconfigure;

import dev.llmproxy.gateway.LiveSnapshot;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where those parts of the configuration are held that change at run time. */
@Configuration(proxyBeanMethods = false)
class SnapshotConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LiveSnapshot llmLiveSnapshot() {
		return new LiveSnapshot();
	}

}
