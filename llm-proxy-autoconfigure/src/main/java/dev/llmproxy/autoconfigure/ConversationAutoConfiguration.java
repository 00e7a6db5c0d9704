package dev.llmproxy.autoconfigure;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.observability.conversation.ConversationFilter;
import dev.llmproxy.observability.conversation.ConversationSettings;
import dev.llmproxy.observability.conversation.ConversationWriter;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** Writes down what was said, where an operator asks for it. */
@AutoConfiguration(before = GatewayAutoConfiguration.class, after = MemoryAutoConfiguration.class)
@ConditionalOnBooleanProperty("llm-proxy.usage.conversations.enabled")
@EnableConfigurationProperties(UsageProperties.class)
public final class ConversationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ConversationSettings llmConversationSettings(UsageProperties properties) {
		ConversationSettings settings = InvalidPropertyException.checked("llm-proxy.usage.conversations",
				properties.conversations()::settings);
		LogFactory.getLog(ConversationWriter.class)
			.warn("What is said is written down, word for word, in " + settings.directory() + ": routes "
					+ settings.routes() + ", keys " + settings.callers());
		return settings;
	}

	@Bean
	@ConditionalOnMissingBean
	ConversationWriter llmConversationWriter(ConversationSettings settings, Codecs codecs,
			ObjectProvider<MemoryBudget> budget) {
		return new ConversationWriter(settings, codecs, budget.getIfAvailable(() -> MemoryBudget.UNLIMITED));
	}

	@Bean
	@ConditionalOnMissingBean
	ConversationFilter llmConversationFilter(ConversationSettings settings, ConversationWriter writer, Codecs codecs) {
		return new ConversationFilter(settings, writer, codecs);
	}

	@Bean
	SmartLifecycle llmConversationLifecycle(ConversationWriter writer) {
		return new WriterLifecycle(writer::start, writer::stop, writer::isRunning);
	}

}
