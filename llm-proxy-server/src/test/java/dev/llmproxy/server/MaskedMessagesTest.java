package dev.llmproxy.server;

import java.io.IOException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/** What looks like a credential, in a line of whoever's it is. */
class MaskedMessagesTest {

	@Test
	void theConsoleShowsNoCredentials() throws IOException {
		Object pattern = new YamlPropertySourceLoader()
			.load("defaults", new ClassPathResource("application.yaml", LlmProxyServer.class.getClassLoader()))
			.get(0)
			.getProperty("logging.pattern.console");
		assertThat(line(String.valueOf(pattern).replaceAll("%clr\\((.*?)\\)(\\{\\w+})?", "$1").replace("%wEx", "")))
			.contains("Called with [secret], {}")
			.doesNotContain("sk-abc");
	}

	private static String line(String pattern) {
		new MaskedMessages().postProcessEnvironment(new StandardEnvironment(), new SpringApplication());
		LoggerContext context = new LoggerContext();
		PatternLayout layout = new PatternLayout();
		layout.setContext(context);
		layout.setPattern(pattern);
		layout.start();
		Logger logger = context.getLogger("somebody");
		return layout.doLayout(new LoggingEvent(Logger.class.getName(), logger, Level.INFO,
				"Called with sk-abcdef0123456789abcdef, {}", null, null));
	}

}
