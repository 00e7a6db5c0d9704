package dev.llmproxy.provider.token;

import java.util.List;
import java.util.Locale;

import dev.llmproxy.provider.Vocabulary;
import org.jspecify.annotations.Nullable;

/** The vocabularies of OpenAI's models that are in use. */
enum OpenAiVocabulary {

	O200K("o200k_base", Vocabulary.LARGE, "gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-6", "gpt-oss", "gpt-realtime",
			"gpt-audio", "gpt-image", "chatgpt-", "o1", "o3", "o4-", "codex-", "computer-use"),

	CL100K("cl100k_base", Vocabulary.MEDIUM, "gpt-4", "gpt-3.5", "text-embedding-", "davinci-002", "babbage-002");

	private static final List<OpenAiVocabulary> ALL = List.of(values());

	private static final String FINE_TUNED = "ft:";

	private final String encoding;

	@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
	private final Vocabulary estimate;

	@SuppressWarnings("ImmutableEnumChecker") // List.of makes no other
	private final List<String> prefixes;

	OpenAiVocabulary(String encoding, Vocabulary estimate, String... prefixes) {
		this.encoding = encoding;
		this.estimate = estimate;
		this.prefixes = List.of(prefixes);
	}

	/** Its name among tokenizers. */
	String encoding() {
		return this.encoding;
	}

	Vocabulary estimate() {
		return this.estimate;
	}

	/** The vocabulary of a model; {@code null} if it is none of OpenAI's. */
	static @Nullable OpenAiVocabulary of(String model) {
		String name = bare(model);
		for (OpenAiVocabulary vocabulary : ALL) {
			for (String prefix : vocabulary.prefixes) {
				if (name.startsWith(prefix)) {
					return vocabulary;
				}
			}
		}
		return null;
	}

	/** Without the vendor that resellers put before it, and what marks it fine-tuned. */
	static String bare(String model) {
		String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
		return name.startsWith(FINE_TUNED) ? name.substring(FINE_TUNED.length()) : name;
	}

}
