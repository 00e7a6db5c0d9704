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
	 * addresses of webhooks, and tokens whose names go on.
	 */
	private static final Pattern SECRETS = Pattern
		.compile("(?i).*(keys(\\[\\d+])?|hash|authorization)|llm-?_?proxy.*[._]headers[._\\[].*|.*_TOKEN_.*"
				+ "|llm-?_?proxy.*[._](webhooks|channels)[._\\[].*url");

	/** Addresses with a password in them. */
	private static final Pattern PASSWORD = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://[^/@\\s]*:[^/@\\s]+@.*");

	@Bean
	SanitizingFunction llmSecretSanitizingFunction() {
		return SanitizingFunction.sanitizeValue()
			.ifLikelyCredential()
			.ifLikelySensitiveProperty()
			.ifKeyMatches(SECRETS)
			.ifValueStringMatches(PASSWORD);
	}

}
