package dev.llmproxy.server;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.llmproxy.observability.log.SecretMask;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Lets patterns of the log say {@code %masked}: the message without what looks like a
 * credential. A regular expression in the pattern could do that too, but takes longer
 * than everything else about a line.
 */
final class MaskedMessages implements EnvironmentPostProcessor, Ordered {

	/** Before the log is set up. */
	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("masked", Converter::new);
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/** The message, masked. */
	static final class Converter extends MessageConverter {

		@Override
		public @Nullable String convert(ILoggingEvent event) {
			String message = super.convert(event);
			return (message != null) ? SecretMask.mask(message) : null;
		}

	}

}
