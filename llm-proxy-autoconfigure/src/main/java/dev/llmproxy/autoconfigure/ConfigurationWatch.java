package dev.llmproxy.autoconfigure;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Has the configuration read anew when its files have changed and then stayed as they are
 * for a while. A thread of its own, because files are slow.
 */
final class ConfigurationWatch implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(ConfigurationWatch.class);

	private final ConfigurationReloader reloader;

	private final ConfigurableEnvironment environment;

	private final Duration interval;

	private final Duration quietPeriod;

	private @Nullable CountDownLatch stop;

	ConfigurationWatch(ConfigurationReloader reloader, ConfigurableEnvironment environment,
			ReloadProperties properties) {
		this.reloader = reloader;
		this.environment = environment;
		this.interval = properties.interval();
		this.quietPeriod = properties.quietPeriod();
		if (this.interval.compareTo(Duration.ofMillis(10)) < 0 || this.quietPeriod.isNegative()) {
			throw new InvalidPropertyException("llm-proxy.reload",
					"files can't be looked at every " + this.interval + " and wait " + this.quietPeriod,
					"Use an interval of 10ms or more, such as 250ms, and a quiet period of 0 or more.");
		}
	}

	@Override
	public synchronized void start() {
		if (this.stop == null) {
			CountDownLatch stop = new CountDownLatch(1);
			this.stop = stop;
			Thread thread = new Thread(() -> watch(stop), "llm-proxy-reload");
			thread.setDaemon(true);
			thread.start();
		}
	}

	@Override
	public synchronized void stop() {
		if (this.stop != null) {
			this.stop.countDown();
			this.stop = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.stop != null;
	}

	/**
	 * The first reload finds what was changed while the application started. One more
	 * follows whenever there are other files to be watched than before.
	 */
	private void watch(CountDownLatch stop) {
		WatchedFiles files = WatchedFiles.of(this.environment);
		Map<Path, String> seen = Map.of();
		try {
			do {
				Map<Path, String> now = look(files, seen);
				if (!now.equals(seen)) {
					seen = settled(files, now, stop);
					this.reloader.reload("files");
					WatchedFiles next = WatchedFiles.of(this.environment);
					seen = next.equals(files) ? seen : Map.of();
					files = next;
				}
			}
			while (!stop.await(this.interval.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Map<Path, String> settled(WatchedFiles files, Map<Path, String> seen, CountDownLatch stop)
			throws InterruptedException {
		Map<Path, String> before = seen;
		while (!stop.await(this.quietPeriod.toMillis(), TimeUnit.MILLISECONDS)) {
			Map<Path, String> now = look(files, before);
			if (now.equals(before)) {
				return now;
			}
			before = now;
		}
		return before;
	}

	/** A directory that goes while it is walked is looked at again the next time. */
	private static Map<Path, String> look(WatchedFiles files, Map<Path, String> otherwise) {
		try {
			return files.look();
		}
		catch (UncheckedIOException ex) {
			logger.debug("A directory of the configuration is changing", ex);
			return otherwise;
		}
	}

}
