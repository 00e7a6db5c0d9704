package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import dev.llmproxy.systemd.NotifySocket;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.util.StringUtils;

/** Tells systemd how its service does, where the process is one. */
@AutoConfiguration(after = ReloadAutoConfiguration.class)
@ConditionalOnClass({ Epoll.class, ReactorResourceFactory.class, LoopResources.class })
@ConditionalOnBooleanProperty("llm-proxy.server.systemd")
@ConditionalOnProperty("NOTIFY_SOCKET")
@EnableConfigurationProperties(ServerLaneProperties.class)
public final class SystemdAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	NotifySocket llmNotifySocket(Environment environment) {
		String address = environment.getRequiredProperty("NOTIFY_SOCKET");
		try {
			return NotifySocket.open(address);
		}
		catch (IllegalArgumentException | UnsatisfiedLinkError ex) {
			throw new InvalidPropertyException("NOTIFY_SOCKET", "systemd can't be told anything: " + ex.getMessage(),
					"Set 'llm-proxy.server.systemd=false', and 'Type=exec' in the unit.");
		}
	}

	@Bean
	SystemdService llmSystemdService(NotifySocket socket, ApplicationContext context,
			ObjectProvider<ConfigurationReloader> reloader, ObjectProvider<ReactorResourceFactory> resources) {
		Environment environment = context.getEnvironment();
		String directory = environment.getProperty("RUNTIME_DIRECTORY");
		Path result = StringUtils.hasText(directory) ? Path.of(directory, "reload") : null;
		return new SystemdService(socket, context, reloader.getIfAvailable(), result, watchdog(environment),
				() -> loops(resources.getIfAvailable()));
	}

	/** It may be meant for a process from which this one has the variables. */
	private static @Nullable Duration watchdog(Environment environment) {
		Long micros = environment.getProperty("WATCHDOG_USEC", Long.class);
		Long pid = environment.getProperty("WATCHDOG_PID", Long.class);
		if (micros == null || micros <= 0 || (pid != null && !pid.equals(new ApplicationPid().toLong()))) {
			return null;
		}
		return Duration.of(micros, ChronoUnit.MICROS);
	}

	private static @Nullable EventLoopGroup loops(@Nullable ReactorResourceFactory resources) {
		return (resources != null) ? resources.getLoopResources().onServer(LoopResources.DEFAULT_NATIVE) : null;
	}

}
