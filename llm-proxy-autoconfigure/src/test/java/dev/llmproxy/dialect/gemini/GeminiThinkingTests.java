package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.ReasoningConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class GeminiThinkingTests {

	@ParameterizedTest
	@CsvSource({ "gemini-3-pro-preview, minimal, LOW", "gemini-3-pro-preview, low, LOW",
			"gemini-3-pro-preview, medium, HIGH", "gemini-3.1-pro-preview, medium, MEDIUM",
			"models/gemini-3-flash, minimal, MINIMAL", "gemini-3.5-flash, medium, MEDIUM", "gemini-3-flash, high, HIGH",
			"gemini-3-flash, xhigh, HIGH", "gemini-flash-latest, low, LOW", "gemini-10-ultra, low, LOW" })
	void gemini3ThinksByLevel(String model, String effort, String level) {
		assertThat(encode(ReasoningConfig.effort(effort), model)).isEqualTo("{\"thinkingLevel\":\"" + level + "\"}");
	}

	@ParameterizedTest
	@CsvSource({ "gemini-2.5-flash, minimal, 1024", "gemini-2.5-flash, low, 1024", "gemini-2.5-flash, medium, 8192",
			"gemini-2.5-flash, high, 24576", "google/gemini-2.5-pro, high, 24576" })
	void gemini25ThinksByBudget(String model, String effort, int budget) {
		assertThat(encode(ReasoningConfig.effort(effort), model)).isEqualTo("{\"thinkingBudget\":" + budget + "}");
	}

	@ParameterizedTest
	@CsvSource({ "gemini-2.5-flash, 30000, 24576", "gemini-2.5-pro, 64000, 32768", "gemini-2.5-pro, 1, 128",
			"gemini-2.5-flash-lite, 1, 512", "gemini-2.5-flash, 1, 1", "gemini-2.5-flash, -1, -1",
			"1234567890, 64000, 64000" })
	void budgetsStayInTheModelsRange(String model, int wanted, int budget) {
		assertThat(encode(new ReasoningConfig(true, null, wanted, null), model))
			.isEqualTo("{\"thinkingBudget\":" + budget + "}");
	}

	@ParameterizedTest
	@CsvSource({ "1024, LOW", "8000, MEDIUM", "30000, HIGH" })
	void budgetsBecomeLevels(int budget, String level) {
		assertThat(encode(new ReasoningConfig(true, null, budget, null), "gemini-3-flash"))
			.isEqualTo("{\"thinkingLevel\":\"" + level + "\"}");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", value = { "gemini-2.5-flash, thinkingBudget: 0, -",
			"gemini-2.5-pro, thinkingBudget: 128, reasoning.enabled", "gemini-3-flash, thinkingLevel: MINIMAL, -",
			"gemini-3-pro, thinkingLevel: LOW, reasoning.enabled", "gemini-2.0-flash, -, -" })
	void thinksAsLittleAsItCanWhereItShallNot(String model, String config, String dropped) {
		for (ReasoningConfig none : new ReasoningConfig[] { ReasoningConfig.effort("none"),
				new ReasoningConfig(false, null, null, null), new ReasoningConfig(null, null, 0, null) }) {
			GeminiDropped drop = new GeminiDropped();
			var encoded = GeminiThinking.encode(none, GeminiModel.of(model), drop);
			String plain = (encoded != null) ? encoded.toString().replaceAll("[{}\"]", "").replace(":", ": ") : null;
			assertThat(plain).isEqualTo(config);
			assertThat(drop.paths()).isEqualTo((dropped != null) ? List.of(dropped) : List.of());
		}
	}

	@Test
	void saysNothingWhereNothingIsWished() {
		assertThat(encode(new ReasoningConfig(true, null, null, null), "gemini-3-pro")).isNull();
		assertThat(encode(new ReasoningConfig(true, null, null, null), "gemini-2.5-pro"))
			.isEqualTo("{\"thinkingBudget\":-1}");
		assertThat(encode(new ReasoningConfig(null, null, null, "auto"), "gemini-2.5-pro"))
			.isEqualTo("{\"includeThoughts\":true}");
		assertThat(encode(new ReasoningConfig(null, null, null, "none"), "gemini-2.5-pro")).isNull();
	}

	private static String encode(ReasoningConfig wanted, String model) {
		var encoded = GeminiThinking.encode(wanted, GeminiModel.of(model), new GeminiDropped());
		return (encoded != null) ? encoded.toString() : null;
	}

}
