package dev.llmproxy.provider.token;

import org.jspecify.annotations.Nullable;

/**
 * What OpenAI documents of images: a base and tiles of 512 pixels with most models,
 * patches of 32 pixels with the small ones of later families.
 */
sealed interface OpenAiImages {

	long tokens(ImageSize size, @Nullable String detail);

	/**
	 * The rule for a model.
	 * @param model in lower case
	 */
	static OpenAiImages of(String model) {
		if (model.startsWith("gpt-4.1-mini") || model.startsWith("gpt-5-mini")) {
			return new Patches(162);
		}
		if (model.startsWith("gpt-4.1-nano") || model.startsWith("gpt-5-nano")) {
			return new Patches(246);
		}
		if (model.startsWith("o4-mini")) {
			return new Patches(172);
		}
		if (model.startsWith("gpt-4o-mini")) {
			return new Tiles(2833, 5667);
		}
		if (model.startsWith("gpt-5")) {
			return new Tiles(70, 140);
		}
		if (model.startsWith("o1") || model.startsWith("o3")) {
			return new Tiles(75, 150);
		}
		return new Tiles(85, 170);
	}

	/** With low detail the base is all. */
	record Tiles(int base, int tile) implements OpenAiImages {

		@Override
		public long tokens(ImageSize size, @Nullable String detail) {
			return "low".equals(detail) ? this.base
					: this.base + (long) this.tile * size.within(2048).shortSideWithin(768).tiles(512);
		}

	}

	/**
	 * At most 1536 of them, each of which counts several times.
	 *
	 * @param percent how often
	 */
	record Patches(int percent) implements OpenAiImages {

		private static final int MOST = 1536;

		@Override
		public long tokens(ImageSize size, @Nullable String detail) {
			return (Math.min(MOST, patches(size)) * this.percent + 99) / 100;
		}

		private static long patches(ImageSize size) {
			return size.within(16_384).tiles(32);
		}

	}

}
