package dev.llmproxy.autoconfigure;

import dev.llmproxy.observability.log.SecretMask;

import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.json.JsonWriter.ValueProcessor;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Takes what looks like a credential out of every structured event, whoever logs it. The
 * server registers it in its {@code spring.factories}; an application may do the same.
 */
final class SecretMaskingCustomizer implements StructuredLoggingJsonMembersCustomizer<Object> {

	@Override
	public void customize(Members<Object> members) {
		members.applyingValueProcessor(
				ValueProcessor.of(String.class, (text) -> (text != null) ? SecretMask.mask(text) : null));
	}

}
