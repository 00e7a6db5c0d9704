package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.llmproxy.event.EventType;
import dev.llmproxy.event.alert.AlertChannel;
import dev.llmproxy.event.alert.AlertRule;
import dev.llmproxy.event.alert.EventSignal;
import dev.llmproxy.event.alert.LogChannel;
import dev.llmproxy.event.alert.MeterSignal;
import dev.llmproxy.event.alert.Signal;
import dev.llmproxy.event.alert.SlackChannel;
import dev.llmproxy.event.alert.Statistic;
import dev.llmproxy.event.webhook.Webhook;
import dev.llmproxy.event.webhook.WebhookSettings;
import dev.llmproxy.observability.MeterReader;
import org.jspecify.annotations.Nullable;

/** Reads rules and channels from properties. */
final class ConfiguredAlerts {

	private static final String RULES = "llm-proxy.alerts.rules.";

	private static final String CHANNELS = "llm-proxy.alerts.channels.";

	private static final String LOG = "log";

	private final Map<String, AlertChannel> channels = new HashMap<>(Map.of(LOG, new LogChannel()));

	private final List<AlertRule> rules = new ArrayList<>();

	private final Webhooks webhooks;

	private final @Nullable MailChannels mails;

	private final @Nullable MeterReader meters;

	/**
	 * Reads them all.
	 * @param mails {@code null} where no mails can be sent
	 * @param meters {@code null} where there are none
	 * @throws InvalidPropertyException if one can't be used
	 */
	ConfiguredAlerts(AlertProperties properties, Webhooks webhooks, @Nullable MailChannels mails,
			@Nullable MeterReader meters) {
		this.webhooks = webhooks;
		this.mails = mails;
		this.meters = meters;
		if (properties.interval().toMillis() < 1) {
			throw new InvalidPropertyException("llm-proxy.alerts.interval", "it must be longer than nothing",
					"Use a time such as 10s.");
		}
		properties.channels().forEach((name, channel) -> this.channels.put(name, channel(name, channel)));
		properties.rules().forEach((name, rule) -> this.rules.add(rule(name, rule)));
	}

	List<AlertRule> rules() {
		return this.rules;
	}

	private AlertChannel channel(String name, AlertProperties.Channel channel) {
		String property = CHANNELS + name;
		ConfiguredWebhook.name(property, name);
		if (LOG.equals(name)) {
			throw new InvalidPropertyException(property, "'log' is always there", "Give it another name.");
		}
		AlertProperties.Type type = channel.type();
		if (type == null) {
			throw new InvalidPropertyException(property + ".type", "it is missing", "Use webhook, slack or email.");
		}
		return switch (type) {
			case WEBHOOK -> {
				Webhook webhook = webhook(property, name, channel);
				yield webhook::send;
			}
			case SLACK -> new SlackChannel(webhook(property, name, channel));
			case EMAIL -> mail(property, name, channel);
		};
	}

	private Webhook webhook(String property, String name, AlertProperties.Channel channel) {
		WebhookSettings usual = WebhookSettings.of("alert-" + name,
				ConfiguredWebhook.url(property + ".url", channel.url()));
		return this.webhooks.add(InvalidPropertyException.checked(property,
				() -> new WebhookSettings(usual.name(), usual.url(),
						ConfiguredWebhook.signature(property, channel.secret(), channel.secretFile()),
						channel.headers(), usual.timeout(), usual.tries(), usual.firstDelay(), usual.longestDelay(),
						usual.capacity(), usual.senders())));
	}

	private AlertChannel mail(String property, String name, AlertProperties.Channel channel) {
		String from = channel.from();
		if (from == null || channel.to().isEmpty()) {
			throw new InvalidPropertyException(property + ((from == null) ? ".from" : ".to"), "it is missing",
					"Set 'from' and 'to' to addresses, such as gateway@example.com.");
		}
		MailChannels mails = this.mails;
		if (mails == null) {
			throw new InvalidPropertyException(property + ".type", "the application can't send mails",
					"Set spring.mail.host, and in an application of yours add the dependency "
							+ "org.springframework.boot:spring-boot-starter-mail.");
		}
		return mails.create(name, from, channel.to());
	}

	private AlertRule rule(String name, AlertProperties.Rule rule) {
		String property = RULES + name;
		ConfiguredWebhook.name(property, name);
		if ((rule.metric() == null) == (rule.event() == null)) {
			throw new InvalidPropertyException(property,
					"it has " + ((rule.metric() == null) ? "neither" : "both") + " 'metric' and 'event'",
					"Give exactly one of them.");
		}
		Double threshold = rule.threshold();
		if (threshold == null) {
			throw new InvalidPropertyException(property + ".threshold", "it is missing", "Set it to a number.");
		}
		if (rule.window().compareTo(Duration.ofSeconds(1)) < 0 || rule.window().compareTo(Duration.ofDays(1)) > 0) {
			throw new InvalidPropertyException(property + ".window", "it must be from one second to one day",
					"Use a time such as 5m.");
		}
		Statistic statistic = (rule.statistic() != null) ? rule.statistic()
				: (rule.event() != null) ? Statistic.COUNT : Statistic.VALUE;
		Signal signal = (rule.event() != null) ? events(name, rule, statistic) : meters(property, rule, statistic);
		return InvalidPropertyException.checked(property,
				() -> new AlertRule(name, subject(rule, statistic), signal, rule.comparison(), threshold,
						rule.duration(), rule.cooldown(), rule.severity(), channels(property, rule)));
	}

	private static Signal events(String name, AlertProperties.Rule rule, Statistic statistic) {
		if (!statistic.ofEvents()) {
			throw new InvalidPropertyException(RULES + name + ".statistic", "events have no such",
					"Use count or rate.");
		}
		return new EventSignal(type(name, String.valueOf(rule.event())), rule.tags(), rule.window(),
				statistic == Statistic.RATE);
	}

	private Signal meters(String property, AlertProperties.Rule rule, Statistic statistic) {
		MeterReader meters = this.meters;
		if (meters == null) {
			throw new InvalidPropertyException(property + ".metric", "the application has no meters",
					"Add the dependency org.springframework.boot:spring-boot-starter-actuator, or use 'event'.");
		}
		String metric = String.valueOf(rule.metric());
		return new MeterSignal(() -> meters.read(metric, rule.tags()), statistic, rule.comparison(), rule.window());
	}

	private List<AlertChannel> channels(String property, AlertProperties.Rule rule) {
		return rule.told().stream().map((name) -> {
			AlertChannel channel = this.channels.get(name);
			if (channel == null) {
				throw new InvalidPropertyException(property + ".notify", "there is no channel '" + name + "'",
						"Define llm-proxy.alerts.channels." + name + ", or use one of "
								+ this.channels.keySet().stream().sorted().toList() + ".");
			}
			return channel;
		}).toList();
	}

	private static String subject(AlertProperties.Rule rule, Statistic statistic) {
		String what = statistic.name().toLowerCase(Locale.ROOT) + " of "
				+ ((rule.event() != null) ? rule.event() : rule.metric())
				+ (rule.tags().isEmpty() ? "" : new TreeMap<>(rule.tags()));
		return switch (statistic) {
			case VALUE, MAX -> what;
			default -> what + " in " + shown(rule.window());
		};
	}

	private static String shown(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

	/** The type of events that a rule names. */
	static EventType type(String rule, String label) {
		Set<EventType> types = InvalidPropertyException.checked(RULES + rule + ".event",
				() -> EventType.matching(List.of(label)));
		if (types.size() != 1) {
			throw new InvalidPropertyException(RULES + rule + ".event", "it names several types", "Name one.");
		}
		return types.iterator().next();
	}

}
