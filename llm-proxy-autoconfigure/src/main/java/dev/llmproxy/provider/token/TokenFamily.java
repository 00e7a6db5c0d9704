package dev.llmproxy.provider.token;

import java.util.List;
import java.util.Locale;

import dev.llmproxy.provider.MediaTokens;
import dev.llmproxy.provider.PromptShape;
import dev.llmproxy.provider.Vocabulary;

/**
 * Families of models whose tokenizers are alike. Those whose tokenizers are not public,
 * or not here, are described by what is known of their vocabularies.
 */
enum TokenFamily {

	/** About a fifth more tokens than OpenAI's, by Anthropic's own counts. */
	ANTHROPIC(Vocabulary.LARGE.withPercent(120), new PromptShape(4, 1, 3, 346, 12), KnownMedia.ANTHROPIC, "claude"),

	/** 256,000 pieces, and each digit by itself. */
	GEMINI(Vocabulary.LARGE.withDigits(1), new PromptShape(4, 1, 0, 0, 8), KnownMedia.GEMINI, "gemini", "gemma"),

	MISTRAL(Vocabulary.LARGE.withDigits(1).withPercent(105), PromptShape.CHAT, MediaTokens.USUAL, "mistral", "mixtral",
			"codestral", "ministral", "magistral", "devstral", "pixtral", "voxtral", "nemo"),

	QWEN(Vocabulary.MEDIUM.withDigits(1).withAsian(700, 900, 950), PromptShape.CHAT, MediaTokens.USUAL, "qwen", "qwq"),

	DEEPSEEK(Vocabulary.MEDIUM.withAsian(650, 900, 950), PromptShape.CHAT, MediaTokens.USUAL, "deepseek"),

	/** 128,000 pieces: OpenAI's 100,000 and others for more languages. */
	LLAMA(Vocabulary.MEDIUM.withAsian(900, 900, 900), PromptShape.CHAT, MediaTokens.USUAL, "llama"),

	COHERE(Vocabulary.LARGE.withDigits(1), PromptShape.CHAT, MediaTokens.USUAL, "command-", "cohere", "aya-"),

	KIMI(Vocabulary.LARGE, PromptShape.CHAT, MediaTokens.USUAL, "kimi", "moonshot"),

	GROK(Vocabulary.LARGE, PromptShape.CHAT, MediaTokens.USUAL, "grok"),

	NOVA(Vocabulary.LARGE.withPercent(110), PromptShape.CHAT, MediaTokens.USUAL, "nova-"),

	/** Nothing is known: rather too many than too few. */
	OTHER(Vocabulary.LARGE.withPercent(110), PromptShape.CHAT, MediaTokens.USUAL);

	private static final List<TokenFamily> ALL = List.of(values());

	@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
	private final Vocabulary vocabulary;

	@SuppressWarnings("ImmutableEnumChecker") // a record of numbers
	private final PromptShape shape;

	@SuppressWarnings("ImmutableEnumChecker") // none of them has a state
	private final MediaTokens media;

	@SuppressWarnings("ImmutableEnumChecker") // List.of makes no other
	private final List<String> names;

	TokenFamily(Vocabulary vocabulary, PromptShape shape, MediaTokens media, String... names) {
		this.vocabulary = vocabulary;
		this.shape = shape;
		this.media = media;
		this.names = List.of(names);
	}

	Vocabulary vocabulary() {
		return this.vocabulary;
	}

	PromptShape shape() {
		return this.shape;
	}

	MediaTokens media() {
		return this.media;
	}

	/** The family of a model that is none of OpenAI's. */
	static TokenFamily of(String model) {
		String lower = model.toLowerCase(Locale.ROOT);
		for (TokenFamily family : ALL) {
			if (family.names.stream().anyMatch(lower::contains)) {
				return family;
			}
		}
		return OTHER;
	}

}
