package dev.llmproxy.plugin;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.TokenCounterSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Stands between the gateway and the parts of one plugin.
 *
 * @param plugin its name
 * @param scheduler its threads: it may block them, and no others
 */
record Guard(String plugin, PluginSettings settings, Scheduler scheduler) {

	private static final Log logger = LogFactory.getLog(Guard.class);

	/**
	 * The part, guarded; listeners are guarded by those who tell them.
	 */
	Object around(Object part) {
		if (part instanceof LlmFilter filter) {
			return new GuardedFilter(filter, this);
		}
		if (part instanceof Provider provider) {
			return new GuardedProvider(provider, this);
		}
		if (part instanceof TokenCounterSource source) {
			return new GuardedTokenCounterSource(source, this);
		}
		return part;
	}

	/** A failure that was not to be, as callers get to know it. */
	LlmException failure(Throwable failure) {
		boolean late = failure instanceof Turn.Overdue;
		// What a plugin says in an exception may come from a prompt.
		logger.warn("The plugin '" + this.plugin + "' " + (late
				? "took longer than " + this.settings.deadline().toMillis() + " ms" : "failed: " + place(failure)));
		if (logger.isDebugEnabled() && !late) {
			logger.debug("The plugin '" + this.plugin + "' failed", failure);
		}
		return new LlmException(new LlmError(ErrorKind.INTERNAL,
				"A plugin of the gateway, '" + this.plugin + "', " + (late ? "took too long." : "failed."),
				late ? "plugin_timeout" : "plugin_failed", null));
	}

	private static String place(Throwable failure) {
		StackTraceElement[] trace = failure.getStackTrace();
		return failure.getClass().getName() + ((trace.length > 0) ? " at " + trace[0] : "");
	}

}
