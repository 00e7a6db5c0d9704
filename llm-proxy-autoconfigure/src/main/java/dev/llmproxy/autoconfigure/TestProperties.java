package dev.llmproxy.autoconfigure;

import dev.llmproxy.test.CassetteMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Tests with {@code @AutoConfigureLlmGateway}; nothing of it counts elsewhere.
 *
 * @param simulated whether the simulator answers in every provider's place, where there
 * is no cassette
 * @param cassette the file of recorded answers, relative to where tests run
 * @param cassetteMode whether they are replayed, recorded anew, or left alone
 */
@ConfigurationProperties("llm-proxy.test")
record TestProperties(@DefaultValue("true") boolean simulated, @Nullable String cassette,
		@DefaultValue("replay") CassetteMode cassetteMode) {
}
