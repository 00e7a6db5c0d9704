package dev.llmproxy.autoconfigure;

import dev.llmproxy.systemd.InheritedSocket;
import dev.llmproxy.systemd.NotifySocket;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class SystemdAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(SystemdAutoConfiguration.class, InheritedSocketAutoConfiguration.class));

	@Test
	void doesNothingWhereTheProcessIsNoService() {
		this.runner.withPropertyValues("llm-proxy.server.systemd=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(NotifySocket.class)
				.doesNotHaveBean(InheritedSocket.class));
	}

	@Test
	void isOffInAnApplicationUnlessWanted() {
		this.runner.withPropertyValues("NOTIFY_SOCKET=@nobody", "LISTEN_FDS=1", "LISTEN_PID=" + pid())
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(NotifySocket.class)
				.doesNotHaveBean(InheritedSocket.class));
	}

	@Test
	void leavesSocketsAloneThatWerePassedToAnotherProcess() {
		this.runner.withPropertyValues("llm-proxy.server.systemd=true", "LISTEN_FDS=1", "LISTEN_PID=1")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(InheritedSocket.class));
	}

	@Test
	void tellsThatItHasOneSocketOnly() {
		this.runner.withPropertyValues("llm-proxy.server.systemd=true", "LISTEN_FDS=2", "LISTEN_PID=" + pid())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("LISTEN_FDS: 2 sockets were passed"));
	}

	@Test
	void startsWhereNobodyListensAndTellsWhatIsNoAddress() {
		this.runner.withPropertyValues("llm-proxy.server.systemd=true", "NOTIFY_SOCKET=@nobody")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(NotifySocket.class));
		this.runner.withPropertyValues("llm-proxy.server.systemd=true", "NOTIFY_SOCKET=relative")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("NOTIFY_SOCKET")
				.hasMessageContaining("neither an absolute path nor an abstract name"));
	}

	@Test
	void isOffWithoutTheNativeTransport() {
		this.runner.withClassLoader(new FilteredClassLoader("io.netty.channel.epoll"))
			.withPropertyValues("llm-proxy.server.systemd=true", "NOTIFY_SOCKET=@nobody")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(NotifySocket.class));
	}

	private static long pid() {
		return ProcessHandle.current().pid();
	}

}
