package dev.llmproxy.server;

import dev.llmproxy.server.command.Commands;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Starts the gateway as a reactive server, or runs a command. Nothing is scanned for: all
 * is auto-configuration, and commands are none of a server's business.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public final class LlmProxyServer {

	private static final String ALLOCATOR = "io.netty.allocator.type";

	private LlmProxyServer() {
	}

	public static void main(String[] args) {
		if (isServer(args)) {
			pooledBuffers();
			SpringApplication.run(LlmProxyServer.class, args);
		}
		else {
			System.exit(Commands.run(args));
		}
	}

	/**
	 * Buffers live as long as a turn of the event loop here, for which the older of
	 * Netty's two pools is the quicker one. It is chosen before Netty is there, so that
	 * all use the same; who knows better says so on the command line.
	 */
	private static void pooledBuffers() {
		if (System.getProperty(ALLOCATOR) == null) {
			System.setProperty(ALLOCATOR, "pooled");
		}
	}

	@Bean
	static LateDocumentation lateDocumentation() {
		return new LateDocumentation();
	}

	/** Whether all arguments are such as Spring Boot takes: {@code --name=value}. */
	private static boolean isServer(String[] args) {
		for (String arg : args) {
			if (!arg.startsWith("--") || arg.equals("--help") || arg.equals("--version")) {
				return false;
			}
		}
		return true;
	}

}
