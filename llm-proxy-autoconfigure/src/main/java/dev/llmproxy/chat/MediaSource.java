package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/** Where the bytes of an image, a document or a recording come from. */
public sealed interface MediaSource {

	/**
	 * Fetched by the provider, never by the gateway.
	 *
	 * @param url an {@code https:} (or provider specific, such as {@code gs:} or
	 * {@code s3:}) address
	 * @param mediaType the type, where the caller said it
	 */
	record Url(String url, @Nullable String mediaType) implements MediaSource {

		public Url(String url) {
			this(url, null);
		}

	}

	/**
	 * Carried in the request.
	 *
	 * @param mediaType for example {@code image/png}
	 * @param base64 standard Base64 as the caller sent it
	 */
	record Inline(String mediaType, String base64) implements MediaSource {
	}

	/**
	 * Uploaded to the provider before.
	 *
	 * @param id the provider's identifier
	 */
	record FileId(String id) implements MediaSource {
	}

	/**
	 * Text carried as a document.
	 *
	 * @param text the plain text
	 */
	record PlainText(String text) implements MediaSource {
	}

}
