package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.event.alert.AlertChannel;

/** Makes channels that send mails, where mails can be sent. */
@FunctionalInterface
interface MailChannels {

	AlertChannel create(String name, String from, List<String> to);

}
