package dev.llmproxy.autoconfigure;

import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Keeps secrets out of the actuator's endpoints {@code env} and {@code configprops}, also
 * where {@code show-values} is {@code always}.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class SecretSanitizingAutoConfiguration {

	/**
	 * Names beyond those that likely are a credential's: lists, hashes, fixed headers,
	 * and addresses of webhooks.
	 */
	private static final Pattern SECRETS = Pattern
		.compile("(?i).*(keys(\\[\\d+])?|hash)|llm-?_?proxy.*[._]headers[._].*"
				+ "|llm-?_?proxy.*[._](webhooks|channels)[._].*url");

	@Bean
	SanitizingFunction llmSecretSanitizingFunction() {
		return SanitizingFunction.sanitizeValue()
			.ifLikelyCredential()
			.ifLikelySensitiveProperty()
			.ifKeyMatches(SECRETS);
	}

}
