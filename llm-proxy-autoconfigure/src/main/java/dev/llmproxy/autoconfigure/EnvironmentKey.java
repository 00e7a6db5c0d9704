package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * A vendor's key where the vendor's own tools look for it.
 *
 * @param variable the environment variable
 * @param value never printed
 */
record EnvironmentKey(String variable, String value) {

	/** The key for a vendor, if there is one. */
	static @Nullable EnvironmentKey find(ProviderPreset preset, Environment environment) {
		for (String variable : preset.environment()) {
			String value = environment.getProperty(variable);
			if (StringUtils.hasText(value)) {
				return new EnvironmentKey(variable, value);
			}
		}
		return null;
	}

	/** The vendors that can be used with nothing but what is in the environment. */
	static List<ProviderPreset> detect(Environment environment) {
		return ProviderPresets.all()
			.stream()
			.filter((preset) -> find(preset, environment) != null && isEnough(preset, environment))
			.toList();
	}

	/** Azure's key is of no use without its endpoint, Bedrock's without a region. */
	private static boolean isEnough(ProviderPreset preset, Environment environment) {
		return switch (preset.type()) {
			case "azure" -> StringUtils.hasText(environment.getProperty("AZURE_OPENAI_ENDPOINT"));
			case "bedrock" -> StringUtils.hasText(environment.getProperty("AWS_REGION"))
					|| StringUtils.hasText(environment.getProperty("AWS_DEFAULT_REGION"));
			default -> true;
		};
	}

	@Override
	public String toString() {
		return "EnvironmentKey[" + this.variable + "]";
	}

}
