package dev.llmproxy.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Sockets were passed, and to this process, not to one it has the variables from. */
class OnInheritedSocketCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		ConditionMessage.Builder message = ConditionMessage.forCondition("Inherited socket");
		Integer count = environment.getProperty("LISTEN_FDS", Integer.class);
		Long pid = environment.getProperty("LISTEN_PID", Long.class);
		if (count == null || count < 1) {
			return ConditionOutcome.noMatch(message.because("LISTEN_FDS is not set"));
		}
		if (pid == null || !pid.equals(new ApplicationPid().toLong())) {
			return ConditionOutcome.noMatch(message.because("LISTEN_PID is another process"));
		}
		return ConditionOutcome.match(message.foundExactly(count));
	}

}
