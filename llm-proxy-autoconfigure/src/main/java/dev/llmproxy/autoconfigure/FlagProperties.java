package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Feature flags. What they govern says so: conditions of routes by flags.(name), and the
 * property flag of a cache, of a context and of hedging.
 *
 * @param provider who knows the flags: memory for those under values, unleash, flagsmith
 * or flagd, each with its dependency; a bean of type FeatureProvider goes before all of
 * them
 * @param model a flag whose value, a route, an alias or provider/model, takes the place
 * of the model that was asked for; where it is empty that stays
 * @param by whose share of a percentage a request is, the first that it has: caller,
 * user, team or metadata.(name); a request with none of them is drawn
 * @param values the flags themselves; with another provider, what holds until it answered
 * @param evaluation where a provider is asked: auto, in-process for one that answers out
 * of memory, remote for one that asks a server for each flag
 * @param deadline remote only: how long a request waits for flags that nobody knows yet
 * @param maxAge remote only: after which a flag is asked for again, for which nobody
 * waits
 * @param remembered the most values of flags, by caller, that are kept for when the
 * server is away
 * @param startTimeout how long the start waits for a flag server
 * @param unleash where Unleash is
 * @param flagsmith where Flagsmith is
 * @param flagd where flagd is
 */
@ConfigurationProperties("llm-proxy.flags")
record FlagProperties(@DefaultValue("memory") Source provider, @Nullable String model,
		@DefaultValue("caller") List<String> by, @DefaultValue Map<String, Value> values,
		@DefaultValue("auto") Evaluation evaluation, @DefaultValue("100ms") Duration deadline,
		@DefaultValue("10s") Duration maxAge, @DefaultValue("10000") int remembered,
		@DefaultValue("2s") Duration startTimeout, @DefaultValue Unleash unleash, @DefaultValue Flagsmith flagsmith,
		@DefaultValue Flagd flagd) {

	/** Who knows the flags. */
	enum Source {

		/** The flags under llm-proxy.flags.values. */
		MEMORY,

		/** A server of Unleash, or an Edge. */
		UNLEASH,

		/** Flagsmith, as a service or one's own. */
		FLAGSMITH,

		/** OpenFeature's own server. */
		FLAGD

	}

	/** Where a provider is asked. */
	enum Evaluation {

		/** As is known of the provider; remote for a bean. */
		AUTO,

		/** At once, on the thread that serves the request. */
		IN_PROCESS,

		/** On threads of its own, before the request goes on. */
		REMOTE

	}

	/**
	 * A flag.
	 *
	 * @param variants its values by name, all texts, all numbers or all booleans; by
	 * default it is a boolean whose variants are true and false
	 * @param defaultVariant what holds if no rule applies; by default false
	 * @param rules the first that applies decides
	 * @param split percentages by variant, 100 together, for those whom no rule is for
	 */
	record Value(@DefaultValue Map<String, Object> variants, @Nullable String defaultVariant,
			@DefaultValue List<Rule> rules, @DefaultValue Map<String, Double> split) {
	}

	/**
	 * A rule. Without any condition it is for all.
	 *
	 * @param when values by attribute, with * for any run of characters: caller, team,
	 * user, model, route, operation, stream, tags or metadata.(name)
	 * @param variant what they get
	 * @param split percentages by variant instead, 100 together
	 */
	record Rule(@DefaultValue Map<String, List<String>> when, @Nullable String variant,
			@DefaultValue Map<String, Double> split) {
	}

	/**
	 * Where Unleash is.
	 *
	 * @param url of its API, such as https://unleash.example.com/api
	 * @param apiKey a client token
	 * @param appName what Unleash calls this application
	 * @param interval between two looks for changes; whole seconds
	 * @param backupFile where its flags are kept for a start without it; by default they
	 * do not outlive the process
	 */
	record Unleash(@Nullable URI url, @Nullable String apiKey, @DefaultValue("llm-proxy") String appName,
			@DefaultValue("10s") Duration interval, @Nullable Path backupFile) {

		@Override
		public String toString() {
			return "Unleash[url=" + this.url + ", appName=" + this.appName + "]";
		}

	}

	/**
	 * Where Flagsmith is.
	 *
	 * @param url of its API
	 * @param apiKey a server-side key for local evaluation, or any key without
	 * @param localEvaluation whether flags are told from its environment, which is
	 * fetched now and then, and not asked one by one
	 * @param interval between two looks for changes; whole seconds
	 */
	record Flagsmith(@DefaultValue("https://edge.api.flagsmith.com/api/v1/") URI url, @Nullable String apiKey,
			@DefaultValue("true") boolean localEvaluation, @DefaultValue("60s") Duration interval) {

		@Override
		public String toString() {
			return "Flagsmith[url=" + this.url + ", localEvaluation=" + this.localEvaluation + "]";
		}

	}

	/**
	 * Where flagd is.
	 *
	 * @param host its name or address
	 * @param port by default 8015 for in-process and 8013 for rpc
	 * @param tls whether it is called with TLS
	 * @param resolver in-process for rules that flagd sends, rpc for flagd's own answers,
	 * file for a file
	 * @param selector which of its sources; by default all
	 * @param file with the resolver file: where the rules are
	 */
	record Flagd(@DefaultValue("localhost") String host, @Nullable Integer port, @DefaultValue("false") boolean tls,
			@DefaultValue("in-process") Resolver resolver, @Nullable String selector, @Nullable Path file) {

		/** Who decides. */
		enum Resolver {

			/** We, by rules that flagd sends. */
			IN_PROCESS,

			/** Flagd, flag by flag. */
			RPC,

			/** We, by rules in a file. */
			FILE

		}

	}

}
