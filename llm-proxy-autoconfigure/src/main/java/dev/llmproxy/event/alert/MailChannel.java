package dev.llmproxy.event.alert;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.event.EventQueue;
import dev.llmproxy.event.GatewayEvent.AlertChanged;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.mail.MailException;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;

/**
 * Tells by mail, on a thread of its own. A mail that can't be sent is logged, and not
 * tried again. Thread-safe.
 */
public final class MailChannel implements AlertChannel {

	private static final Log logger = LogFactory.getLog(MailChannel.class);

	private static final int CAPACITY = 100;

	private final MailSender mails;

	private final String from;

	private final List<String> to;

	private final EventQueue<AlertChanged> queue;

	public MailChannel(String name, MailSender mails, String from, List<String> to) {
		this.mails = mails;
		this.from = from;
		this.to = List.copyOf(to);
		this.queue = new EventQueue<>("llm-mail-" + name, CAPACITY, this::send);
		this.queue.start();
	}

	@Override
	public void tell(AlertChanged alert) {
		this.queue.offer(alert);
	}

	private void send(AlertChanged alert) {
		SimpleMailMessage mail = new SimpleMailMessage();
		mail.setFrom(this.from);
		mail.setTo(this.to.toArray(String[]::new));
		mail.setSubject(alert.summary());
		mail.setText(alert.summary() + "\n\nRule: " + alert.rule() + "\nSeverity: " + alert.severity() + "\nState: "
				+ alert.state() + "\nTime: " + alert.time() + "\nValue: " + alert.value() + "\nThreshold: "
				+ alert.threshold() + "\n");
		try {
			this.mails.send(mail);
		}
		catch (MailException ex) {
			logger.warn("The mail about '" + alert.rule() + "' could not be sent: " + ex.getClass().getSimpleName());
		}
	}

	/** Sends what waits, within this time. */
	public void close(Duration patience) {
		this.queue.close(patience);
	}

}
