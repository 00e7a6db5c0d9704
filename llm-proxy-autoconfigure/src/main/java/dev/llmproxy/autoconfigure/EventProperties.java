package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.event.redis.RedisStreamSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Events, and who is told of them.
 *
 * @param publish whether events are published as events of the application: auto where it
 * has listeners to them when it starts, always, or never
 * @param queue how many events may wait to be told; others are dropped, and counted
 * @param webhooks other systems that are told by HTTP, by names of yours
 * @param deadLetters what becomes of messages that could not be delivered
 * @param redis a stream in Redis that events are appended to
 * @param live events as they happen, at the actuator's endpoint llmevents
 */
@ConfigurationProperties("llm-proxy.events")
record EventProperties(@DefaultValue("auto") Publish publish, @DefaultValue("10000") int queue,
		@DefaultValue Map<String, Webhook> webhooks, @DefaultValue DeadLetters deadLetters, @DefaultValue Redis redis,
		@DefaultValue Live live) {

	/** Whether events are published as events of the application. */
	enum Publish {

		/** Those that it has a listener to when it starts. */
		AUTO,

		/** All of them. */
		ALWAYS,

		/** None. */
		NEVER

	}

	/**
	 * Another system.
	 *
	 * @param url absolute, http or https
	 * @param events what it is told of: types such as call.ended, with '*' for any run of
	 * characters
	 * @param secret signs messages as Standard Webhooks has it: base64 after whsec_, or
	 * any text of 16 bytes or more; by default nothing is signed
	 * @param secretFile a file with the secret
	 * @param headers sent along
	 * @param timeout for one try
	 * @param tries how often each message is tried
	 * @param firstDelay before the second try; each further one waits about twice as long
	 * @param longestDelay between two tries
	 * @param queue how many messages may wait, those between two tries included; others
	 * are dropped, and counted
	 * @param concurrency how many messages are sent at once
	 */
	record Webhook(@Nullable String url, @DefaultValue List<String> events, @Nullable String secret,
			@Nullable Path secretFile, @DefaultValue Map<String, String> headers, @DefaultValue("10s") Duration timeout,
			@DefaultValue("6") int tries, @DefaultValue("1s") Duration firstDelay,
			@DefaultValue("5m") Duration longestDelay, @DefaultValue("1000") int queue,
			@DefaultValue("2") int concurrency) {

		/** Addresses may be secrets as well. */
		@Override
		public String toString() {
			return "Webhook" + this.events;
		}

	}

	/**
	 * Messages that could not be delivered.
	 *
	 * @param file where they are written, one JSON object in each line; by default
	 * nowhere
	 * @param maxSize after which the file is put aside, under its name and a number
	 * @param maxFiles how many of these are kept
	 */
	record DeadLetters(@Nullable Path file, @DefaultValue("10MB") DataSize maxSize, @DefaultValue("3") int maxFiles) {
	}

	/**
	 * A stream in the Redis of spring.data.redis.
	 *
	 * @param enabled whether events are appended
	 * @param events which: types, with '*' for any run of characters
	 * @param stream its key
	 * @param maxLength about how many entries it keeps
	 * @param deadline for one entry; a Redis that was silent three times is not told any
	 * more until it answers a probe
	 * @param probeInterval until a Redis that did not answer is asked again
	 * @param queue how many entries may be under way; others are dropped, and counted
	 */
	record Redis(@DefaultValue("false") boolean enabled, @DefaultValue("*") List<String> events,
			@DefaultValue("llm-proxy:events") String stream, @DefaultValue("100000") long maxLength,
			@DefaultValue("1s") Duration deadline, @DefaultValue("1s") Duration probeInterval,
			@DefaultValue("1000") int queue) {

		RedisStreamSettings settings() {
			return new RedisStreamSettings(this.stream, this.maxLength, this.deadline, this.probeInterval, this.queue);
		}

	}

	/**
	 * Events as they happen.
	 *
	 * @param clients how many may watch at once
	 * @param queue how many events may wait for each; it loses others, and is told how
	 * many
	 * @param heartbeat how often each hears something
	 */
	record Live(@DefaultValue("16") int clients, @DefaultValue("256") int queue,
			@DefaultValue("15s") Duration heartbeat) {
	}

}
