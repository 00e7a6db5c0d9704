package dev.llmproxy.provider.token;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.provider.MediaTokens;
import org.jspecify.annotations.Nullable;

/**
 * What providers document of media. Where the size of an image can't be told, because it
 * is fetched by the provider or in another format, it is taken for one of 1024 by 1024
 * pixels; a recording for one of 16,000 bytes a second; a page of a document for 100,000
 * bytes.
 */
final class KnownMedia {

	private static final ImageSize USUAL = new ImageSize(1024, 1024);

	private static final int BYTES_OF_SECOND = 16_000;

	private static final int BYTES_OF_PAGE = 100_000;

	private static final int PAGES = 3;

	private static final int SECONDS = 60;

	private KnownMedia() {
	}

	/** Pixels by 750, in at most 1568 pixels a side and about 1600 tokens. */
	static final MediaTokens ANTHROPIC = (medium) -> {
		if (medium instanceof Part.Image image) {
			ImageSize size = size(image).within(1568);
			return Math.min(1600, ((long) size.width() * size.height() + 749) / 750);
		}
		return (medium instanceof Part.Document document) ? pages(document.source()) * 2250L
				: MediaTokens.USUAL.of(medium);
	};

	/** Tiles of 768 pixels, 258 each; 32 a second of sound; 258 a page. */
	static final MediaTokens GEMINI = (medium) -> {
		if (medium instanceof Part.Image image) {
			ImageSize size = size(image);
			return (size.width() <= 384 && size.height() <= 384) ? 258 : 258L * size.tiles(768);
		}
		if (medium instanceof Part.Audio audio) {
			return 32L * seconds(audio.source());
		}
		return (medium instanceof Part.Document document) ? pages(document.source()) * 258L
				: MediaTokens.USUAL.of(medium);
	};

	/** What OpenAI documents. */
	static MediaTokens openAi(OpenAiImages images) {
		return (medium) -> {
			if (medium instanceof Part.Image image) {
				return images.tokens(size(image), image.detail());
			}
			if (medium instanceof Part.Audio audio) {
				return 10L * seconds(audio.source());
			}
			return (medium instanceof Part.Document document)
					? pages(document.source()) * (500L + images.tokens(USUAL, null)) : MediaTokens.USUAL.of(medium);
		};
	}

	private static ImageSize size(Part.Image image) {
		ImageSize size = (image.source() instanceof MediaSource.Inline inline) ? ImageSize.of(inline.base64()) : null;
		return (size != null) ? size : USUAL;
	}

	private static long pages(MediaSource source) {
		return amount(source, BYTES_OF_PAGE, PAGES);
	}

	private static long seconds(MediaSource source) {
		return amount(source, BYTES_OF_SECOND, SECONDS);
	}

	private static long amount(@Nullable MediaSource source, int bytesOfOne, int otherwise) {
		return (source instanceof MediaSource.Inline inline)
				? Math.max(1, inline.base64().length() * 3L / 4 / bytesOfOne) : otherwise;
	}

}
