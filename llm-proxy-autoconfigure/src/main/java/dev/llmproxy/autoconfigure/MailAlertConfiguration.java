package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.llmproxy.event.alert.AlertChannel;
import dev.llmproxy.event.alert.MailChannel;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mail.MailSender;

/** Alerts by mail, where the application has a mail server. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MailSender.class)
class MailAlertConfiguration {

	@Bean
	@ConditionalOnBean(MailSender.class)
	MailChannels llmMailChannels(MailSender mails) {
		return new SpringMail(mails);
	}

	/** Ends them all with the application. */
	private static final class SpringMail implements MailChannels, DisposableBean {

		private static final Duration PATIENCE = Duration.ofSeconds(2);

		private final List<MailChannel> all = new CopyOnWriteArrayList<>();

		private final MailSender mails;

		SpringMail(MailSender mails) {
			this.mails = mails;
		}

		@Override
		public AlertChannel create(String name, String from, List<String> to) {
			MailChannel channel = new MailChannel(name, this.mails, from, to);
			this.all.add(channel);
			return channel;
		}

		@Override
		public void destroy() {
			this.all.forEach((channel) -> channel.close(PATIENCE));
		}

	}

}
