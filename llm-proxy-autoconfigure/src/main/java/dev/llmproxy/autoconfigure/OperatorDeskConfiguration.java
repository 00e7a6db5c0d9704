package dev.llmproxy.autoconfigure;

import java.time.InstantSource;

import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.event.EventBus;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One desk for all endpoints by which operators change something. */
@Configuration(proxyBeanMethods = false)
class OperatorDeskConfiguration {

	@Bean
	OperatorDesk llmOperatorDesk(ObjectProvider<Cluster> cluster, ObjectProvider<EventBus> events) {
		return new OperatorDesk(cluster.getIfAvailable(), events.getIfAvailable(), InstantSource.system());
	}

}
