package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmproxy.event.EventType;
import dev.llmproxy.event.webhook.Signature;
import dev.llmproxy.event.webhook.WebhookSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads webhooks from properties. No message shows an address or a secret: both may be
 * known to the two sides only.
 */
final class ConfiguredWebhook {

	static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

	private ConfiguredWebhook() {
	}

	/**
	 * Reads one.
	 * @param property where it stands
	 * @throws InvalidPropertyException if it can't be used
	 */
	static WebhookSettings read(String property, String name, EventProperties.Webhook webhook) {
		name(property, name);
		URI url = url(property + ".url", webhook.url());
		Signature signature = signature(property, webhook.secret(), webhook.secretFile());
		return InvalidPropertyException.checked(property,
				() -> new WebhookSettings(name, url, signature, webhook.headers(), webhook.timeout(), webhook.tries(),
						webhook.firstDelay(), webhook.longestDelay(), webhook.queue(), webhook.concurrency()));
	}

	static void name(String property, String name) {
		if (!NAME.matcher(name).matches()) {
			throw new InvalidPropertyException(property, "its name can't be used",
					"Use up to 63 small letters, digits and '-'.");
		}
	}

	static Set<EventType> types(String property, List<String> patterns) {
		if (patterns.isEmpty()) {
			throw new InvalidPropertyException(property, "it is missing",
					"Name the types of events, such as [call.ended, \"breaker.*\"], or \"*\" for all.");
		}
		return InvalidPropertyException.checked(property, () -> EventType.matching(patterns));
	}

	static URI url(String property, @Nullable String text) {
		if (text == null || text.isBlank()) {
			throw new InvalidPropertyException(property, "it is missing",
					"Set it to where messages are sent, for example https://events.example.com/llm-proxy.");
		}
		try {
			URI url = new URI(text.trim());
			if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null
					&& url.getRawUserInfo() == null && url.getRawFragment() == null) {
				return url;
			}
		}
		catch (URISyntaxException ex) {
			// It is no address at all.
		}
		throw new InvalidPropertyException(property, "it is no address that messages can be sent to",
				"Use an absolute http or https address without a user and a fragment, for example "
						+ "https://events.example.com/llm-proxy. Credentials belong into 'headers'.");
	}

	static @Nullable Signature signature(String property, @Nullable String secret, @Nullable Path file) {
		if (secret != null && file != null) {
			throw new InvalidPropertyException(property, "it has both 'secret' and 'secret-file'", "Use one of them.");
		}
		if (secret == null && file == null) {
			return null;
		}
		String place = property + ((file != null) ? ".secret-file" : ".secret");
		String value = (file != null) ? content(place, file) : secret;
		try {
			return Signature.of(String.valueOf(value).trim());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(place, String.valueOf(ex.getMessage()),
					"Make one: echo whsec_$(openssl rand -base64 32)");
		}
	}

	private static String content(String property, Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new InvalidPropertyException(property,
					"'" + file + "' can't be read (" + ex.getClass().getSimpleName() + ")",
					"Correct the path, or let the gateway's user read the file.");
		}
	}

}
