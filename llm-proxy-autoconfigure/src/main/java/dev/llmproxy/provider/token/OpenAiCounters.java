package dev.llmproxy.provider.token;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.llmproxy.provider.TextTokens;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounterSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts for OpenAI's models. One counter for all that are counted alike. Thread-safe.
 */
final class OpenAiCounters implements TokenCounterSource {

	private final Function<OpenAiVocabulary, TextTokens> texts;

	private final Map<Kind, TokenCounter> known = new ConcurrentHashMap<>();

	OpenAiCounters(Function<OpenAiVocabulary, TextTokens> texts) {
		this.texts = texts;
	}

	@Override
	public @Nullable TokenCounter find(String model) {
		OpenAiVocabulary vocabulary = OpenAiVocabulary.of(model);
		if (vocabulary == null) {
			return null;
		}
		Kind kind = new Kind(vocabulary, OpenAiImages.of(OpenAiVocabulary.bare(model)));
		TokenCounter counter = this.known.get(kind);
		return (counter != null) ? counter : this.known.computeIfAbsent(kind,
				(key) -> new OpenAiCounter(this.texts.apply(key.vocabulary()), KnownMedia.openAi(key.images())));
	}

	/** There are few. */
	private record Kind(OpenAiVocabulary vocabulary, OpenAiImages images) {
	}

}
