package dev.llmproxy.event.webhook;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Where and how a webhook is delivered. Its text has no secrets, and an address may be
 * one.
 *
 * @param name of the webhook, for logs and meters
 * @param url absolute, http or https
 * @param signature makes signatures; {@code null} to sign nothing
 * @param headers that are sent along
 * @param timeout for one try
 * @param tries how often each message is tried, the first included
 * @param firstDelay before the second try; each further one waits twice as long
 * @param longestDelay between two tries
 * @param capacity how many messages may wait, those between two tries included
 * @param senders how many are sent at once
 */
public record WebhookSettings(String name, URI url, @Nullable Signature signature, Map<String, String> headers,
		Duration timeout, int tries, Duration firstDelay, Duration longestDelay, int capacity, int senders) {

	public WebhookSettings {
		headers = Map.copyOf(headers);
		if (timeout.toMillis() < 1) {
			throw new IllegalArgumentException("the timeout must be 1ms or more");
		}
		if (tries < 1) {
			throw new IllegalArgumentException("there must be one try at least");
		}
		if (firstDelay.toMillis() < 1 || longestDelay.compareTo(firstDelay) < 0) {
			throw new IllegalArgumentException("the first delay must be 1ms or more, and the longest no shorter");
		}
		if (capacity < 1) {
			throw new IllegalArgumentException("the queue must hold one message at least");
		}
		if (senders < 1 || senders > 64) {
			throw new IllegalArgumentException("concurrency must be from 1 to 64");
		}
	}

	/** For who knows only where and by whom. */
	public static WebhookSettings of(String name, URI url) {
		return new WebhookSettings(name, url, null, Map.of(), Duration.ofSeconds(10), 6, Duration.ofSeconds(1),
				Duration.ofMinutes(5), 1000, 2);
	}

	@Override
	public String toString() {
		return "webhook '" + this.name + "'";
	}

}
