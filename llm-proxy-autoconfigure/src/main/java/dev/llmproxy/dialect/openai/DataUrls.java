package dev.llmproxy.dialect.openai;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import dev.llmproxy.chat.MediaSource;
import org.jspecify.annotations.Nullable;

/**
 * {@code data:} URLs, <a href="https://www.rfc-editor.org/rfc/rfc2397">RFC 2397</a>.
 */
final class DataUrls {

	private static final String SCHEME = "data:";

	private static final String BASE64 = ";base64";

	private DataUrls() {
	}

	static boolean isOne(String url) {
		return url.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
	}

	/** The content, or {@code null} if the URL is malformed. */
	static MediaSource.@Nullable Inline parse(String url) {
		int comma = url.indexOf(',');
		if (comma < 0) {
			return null;
		}
		String head = url.substring(SCHEME.length(), comma);
		String data = url.substring(comma + 1);
		boolean base64 = head.toLowerCase(Locale.ROOT).endsWith(BASE64);
		String type = base64 ? head.substring(0, head.length() - BASE64.length()) : head;
		int parameters = type.indexOf(';');
		String mediaType = (parameters >= 0) ? type.substring(0, parameters) : type;
		if (mediaType.isEmpty()) {
			mediaType = "text/plain";
		}
		if (data.isEmpty()) {
			return null;
		}
		return base64 ? new MediaSource.Inline(mediaType, data) : percentEncoded(mediaType, data);
	}

	private static MediaSource.@Nullable Inline percentEncoded(String mediaType, String data) {
		try {
			// The decoder is for forms, where a plus is a space.
			byte[] bytes = URLDecoder.decode(data.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
				.getBytes(StandardCharsets.ISO_8859_1);
			return new MediaSource.Inline(mediaType, Base64.getEncoder().encodeToString(bytes));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	static String of(MediaSource.Inline source) {
		return SCHEME + source.mediaType() + BASE64 + "," + source.base64();
	}

}
