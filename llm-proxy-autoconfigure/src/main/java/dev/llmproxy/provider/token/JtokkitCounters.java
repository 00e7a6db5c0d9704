package dev.llmproxy.provider.token;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;
import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounterSource;
import org.jspecify.annotations.Nullable;

/**
 * Counts for OpenAI's models with their own vocabularies, which JTokkit brings along.
 * They take tens of megabytes and, to load, some hundred milliseconds. Thread-safe.
 */
public final class JtokkitCounters implements TokenCounterSource {

	/** One of a process, because vocabularies are large. */
	static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();

	private final Map<OpenAiVocabulary, ExactTexts> texts = new EnumMap<>(OpenAiVocabulary.class);

	private final OpenAiCounters counters;

	/**
	 * Creates the counters.
	 * @param executor where vocabularies are loaded
	 */
	public JtokkitCounters(Executor executor) {
		for (OpenAiVocabulary vocabulary : OpenAiVocabulary.values()) {
			this.texts.put(vocabulary,
					new ExactTexts(vocabulary, () -> REGISTRY.getEncoding(vocabulary.encoding()), executor));
		}
		this.counters = new OpenAiCounters((vocabulary) -> Objects.requireNonNull(this.texts.get(vocabulary)));
	}

	/** Has the vocabulary of a model loaded, ahead of its first use. */
	public void warm(String model) {
		OpenAiVocabulary vocabulary = OpenAiVocabulary.of(model);
		if (vocabulary != null) {
			Objects.requireNonNull(this.texts.get(vocabulary)).load();
		}
	}

	@Override
	public @Nullable TokenCounter find(String model) {
		return this.counters.find(model);
	}

}
