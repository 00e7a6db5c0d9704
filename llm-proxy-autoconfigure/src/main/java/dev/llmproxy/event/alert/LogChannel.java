package dev.llmproxy.event.alert;

import dev.llmproxy.event.GatewayEvent.AlertChanged;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/** Tells the log. Thread-safe. */
public final class LogChannel implements AlertChannel {

	private static final Log logger = LogFactory.getLog(LogChannel.class);

	@Override
	public void tell(AlertChanged alert) {
		if (alert.state().equals(Alert.FIRING)) {
			logger.warn(alert.summary());
		}
		else {
			logger.info(alert.summary());
		}
	}

}
