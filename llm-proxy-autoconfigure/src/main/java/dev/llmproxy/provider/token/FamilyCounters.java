package dev.llmproxy.provider.token;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.gateway.NamePattern;
import dev.llmproxy.provider.PromptCounter;
import dev.llmproxy.provider.TextEstimate;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounterSource;
import dev.llmproxy.provider.TokenCounters;

/**
 * Finds who counts for a model: somebody who says so, and else an estimate for its
 * family, which its name tells. Thread-safe.
 */
public final class FamilyCounters implements TokenCounters {

	/** Estimates alone. */
	public static final TokenCounters ESTIMATES = new FamilyCounters(List.of(), Map.of());

	private static final OpenAiCounters OPENAI = new OpenAiCounters(
			(vocabulary) -> new TextEstimate(vocabulary.estimate()));

	private static final Map<TokenFamily, TokenCounter> FAMILIES = families();

	private final List<TokenCounterSource> sources;

	private final Map<String, String> same;

	/**
	 * Creates the finder.
	 * @param sources are asked first, in this order
	 * @param same patterns of names, such as those of deployments, and the models that
	 * they stand for; the first that matches counts
	 */
	public FamilyCounters(List<TokenCounterSource> sources, Map<String, String> same) {
		this.sources = List.copyOf(sources);
		this.same = new LinkedHashMap<>(same);
	}

	private static Map<TokenFamily, TokenCounter> families() {
		Map<TokenFamily, TokenCounter> counters = new EnumMap<>(TokenFamily.class);
		for (TokenFamily family : TokenFamily.values()) {
			counters.put(family,
					new PromptCounter(new TextEstimate(family.vocabulary()), family.shape(), family.media()));
		}
		return counters;
	}

	@Override
	public TokenCounter of(String model) {
		String name = resolve(model);
		for (TokenCounterSource source : this.sources) {
			TokenCounter counter = source.find(name);
			if (counter != null) {
				return counter;
			}
		}
		TokenCounter openAi = OPENAI.find(name);
		return (openAi != null) ? openAi : Objects.requireNonNull(FAMILIES.get(TokenFamily.of(name)));
	}

	private String resolve(String model) {
		for (Map.Entry<String, String> entry : this.same.entrySet()) {
			if (NamePattern.matches(entry.getKey(), model)) {
				return entry.getValue();
			}
		}
		return model;
	}

}
