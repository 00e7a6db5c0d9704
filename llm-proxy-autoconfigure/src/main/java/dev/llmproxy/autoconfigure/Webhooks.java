package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.event.webhook.DeadLetters;
import dev.llmproxy.event.webhook.Webhook;
import dev.llmproxy.event.webhook.WebhookClient;
import dev.llmproxy.event.webhook.WebhookSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/** All webhooks: of events, and of alerts. Without any there is no client. */
final class Webhooks implements DisposableBean {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final List<Webhook> all = new ArrayList<>();

	private final DeadLetters letters;

	private @Nullable WebhookClient client;

	Webhooks(DeadLetters letters) {
		this.letters = letters;
	}

	synchronized Webhook add(WebhookSettings settings) {
		WebhookClient client = this.client;
		if (client == null) {
			client = new WebhookClient(InstantSource.system());
			this.client = client;
		}
		Webhook webhook = new Webhook(settings, client, this.letters, InstantSource.system());
		this.all.add(webhook);
		return webhook;
	}

	synchronized List<Webhook> all() {
		return List.copyOf(this.all);
	}

	@Override
	public void destroy() {
		all().forEach((webhook) -> webhook.close(PATIENCE));
	}

}
