package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.event.alert.Comparison;
import dev.llmproxy.event.alert.Statistic;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Alerts: rules about events and meters, and who is told.
 *
 * @param interval how often all rules are looked at
 * @param rules by names of yours
 * @param channels who is told, by names of yours; log is always there
 */
@ConfigurationProperties("llm-proxy.alerts")
record AlertProperties(@DefaultValue("10s") Duration interval, @DefaultValue Map<String, Rule> rules,
		@DefaultValue Map<String, Channel> channels) {

	/**
	 * One rule: about a meter or about events.
	 *
	 * @param metric the name of a meter, as the actuator's endpoint metrics tells it
	 * @param event the type of events, such as attempt.failed
	 * @param tags what the meter is tagged with, or what the event has, there with '*'
	 * for any run of characters
	 * @param statistic what is compared: count or rate (in a second) of events or of a
	 * counter within the window, value of a gauge, mean, max, p50, p90, p95 or p99 of a
	 * timer or summary; by default count of events, and value of a meter
	 * @param comparison of that with the threshold: above, at-least, below or at-most
	 * @param threshold in the unit of the meter; times are seconds
	 * @param window the time that is looked back
	 * @param duration how long it has to be so
	 * @param cooldown how long after one message that it began there is no other
	 * @param severity a word of yours
	 * @param told the channels that tell of it
	 */
	record Rule(@Nullable String metric, @Nullable String event, @DefaultValue Map<String, String> tags,
			@Nullable Statistic statistic, @DefaultValue("above") Comparison comparison, @Nullable Double threshold,
			@DefaultValue("5m") Duration window, @Name("for") @DefaultValue("0s") Duration duration,
			@DefaultValue("10m") Duration cooldown, @DefaultValue("warning") String severity,
			@Name("notify") @DefaultValue("log") List<String> told) {
	}

	/**
	 * Who is told.
	 *
	 * @param type webhook, slack (or whoever takes the same) or email
	 * @param url of a webhook or of Slack
	 * @param secret signs messages to a webhook, as for llm-proxy.events.webhooks
	 * @param secretFile a file with the secret
	 * @param headers sent along to a webhook
	 * @param from the sender of mails
	 * @param to the receivers of mails, which go by the server of spring.mail
	 */
	record Channel(@Nullable Type type, @Nullable String url, @Nullable String secret, @Nullable Path secretFile,
			@DefaultValue Map<String, String> headers, @Nullable String from, @DefaultValue List<String> to) {

		/** Addresses may be secrets as well. */
		@Override
		public String toString() {
			return "Channel[" + this.type + "]";
		}

	}

	/** How somebody is told. */
	enum Type {

		/** The same message as other webhooks get. */
		WEBHOOK,

		/** A line of text. */
		SLACK,

		/** A mail. */
		EMAIL

	}

}
