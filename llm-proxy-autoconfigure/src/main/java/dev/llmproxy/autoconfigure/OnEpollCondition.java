package dev.llmproxy.autoconfigure;

import io.netty.channel.uring.IoUring;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Reactor Netty would take io_uring, and is not to. */
class OnEpollCondition extends SpringBootCondition {

	private final OnInheritedSocketCondition inherited = new OnInheritedSocketCondition();

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		ConditionMessage.Builder message = ConditionMessage.forCondition("epoll instead of io_uring");
		if (!IoUring.isAvailable()) {
			return ConditionOutcome.noMatch(message.because("there is no io_uring here"));
		}
		if (!environment.getProperty("llm-proxy.server.io-uring", Boolean.class, true)) {
			return ConditionOutcome.match(message.because("llm-proxy.server.io-uring is false"));
		}
		return environment.getProperty("llm-proxy.server.systemd", Boolean.class, false)
				? this.inherited.getMatchOutcome(context, metadata)
				: ConditionOutcome.noMatch(message.because("no socket is inherited"));
	}

}
