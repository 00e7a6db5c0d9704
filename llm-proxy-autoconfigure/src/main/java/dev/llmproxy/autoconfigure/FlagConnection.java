package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.OpenFeatureAPI;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * OpenFeature with one provider, for this application alone: the SDK's usual instance is
 * shared by all that is in the process. Nothing is connected until a flag is asked.
 */
final class FlagConnection implements DisposableBean {

	private static final Log logger = LogFactory.getLog(FlagConnection.class);

	private static final int THREADS = 4;

	private static final int WAITING = 1000;

	private final Supplier<FeatureProvider> provider;

	private final Duration patience;

	private final ThreadPoolExecutor executor;

	private @Nullable OpenFeatureAPI api;

	FlagConnection(Supplier<FeatureProvider> provider, Duration patience) {
		this.provider = provider;
		this.patience = patience;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("llm-proxy-flags-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(THREADS, THREADS, 60, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(WAITING), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/** On which a server is asked. */
	ThreadPoolExecutor executor() {
		return this.executor;
	}

	/** Connects, and waits for a server for a while, and not for ever. */
	synchronized Client client() {
		OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
		this.api = api;
		FeatureProvider known = this.provider.get();
		// An event that it is ready may be about what stands in for it until then.
		Future<?> ready = this.executor.submit(() -> api.setProviderAndWait(known));
		try {
			ready.get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Feature flags: " + known.getMetadata().getName() + " has not answered within "
					+ this.patience.toMillis() + " ms. Until it does flags are as under llm-proxy.flags.values, "
					+ "or off.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return api.getClient("llm-proxy");
	}

	@Override
	public synchronized void destroy() {
		this.executor.shutdownNow();
		OpenFeatureAPI known = this.api;
		if (known != null) {
			known.shutdown();
		}
	}

}
