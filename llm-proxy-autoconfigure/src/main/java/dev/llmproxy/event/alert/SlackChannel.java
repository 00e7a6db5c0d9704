package dev.llmproxy.event.alert;

import java.util.Map;

import dev.llmproxy.event.GatewayEvent.AlertChanged;
import dev.llmproxy.event.webhook.Webhook;
import tools.jackson.databind.json.JsonMapper;

/** Tells Slack, or whoever takes the same {@code {"text": …}}. Thread-safe. */
public final class SlackChannel implements AlertChannel {

	private final Webhook webhook;

	public SlackChannel(Webhook webhook) {
		this.webhook = webhook;
	}

	@Override
	public void tell(AlertChanged alert) {
		String sign = alert.state().equals(Alert.FIRING) ? ":rotating_light: " : ":white_check_mark: ";
		this.webhook.send(JsonMapper.shared().writeValueAsBytes(Map.of("text", sign + escaped(alert.summary()))));
	}

	/** These three are all that means something there. */
	private static String escaped(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

}
