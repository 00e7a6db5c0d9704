package dev.llmproxy.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Texts that come with the classes. */
public final class ShippedText {

	private ShippedText() {
	}

	/**
	 * Reads one, in UTF-8; not for event loops.
	 * @param owner beside which it is
	 * @param name its name, or its path from the root with a slash before it
	 * @throws IllegalStateException if it is not there
	 */
	public static String read(Class<?> owner, String name) {
		try (InputStream text = owner.getResourceAsStream(name)) {
			if (text == null) {
				throw new IllegalStateException(name + " is missing");
			}
			return new String(text.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
