package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.llmproxy.systemd.EventLoopPulse;
import dev.llmproxy.systemd.NotifySocket;
import io.netty.util.concurrent.EventExecutorGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Tells systemd how its service does: that it is ready as soon as it takes calls, that it
 * is alive as long as its event loops answer, that it reads its configuration and that it
 * stops. Thread-safe.
 */
final class SystemdService implements ApplicationListener<ApplicationEvent>, DisposableBean {

	private static final Log logger = LogFactory.getLog(SystemdService.class);

	private final NotifySocket socket;

	private final ApplicationContext context;

	private final @Nullable ConfigurationReloader reloader;

	private final @Nullable Path result;

	private final @Nullable Duration watchdog;

	private final Supplier<@Nullable EventExecutorGroup> loops;

	private final AtomicBoolean failed = new AtomicBoolean();

	private @Nullable ScheduledExecutorService timer;

	private volatile boolean stopping;

	/**
	 * Creates a service.
	 * @param reloader has the configuration read anew on SIGHUP; {@code null} if nothing
	 * does
	 * @param result where is written what became of that, for {@code systemctl reload} to
	 * tell; {@code null} for nowhere
	 * @param watchdog within which time systemd wants a sign of life; {@code null} if it
	 * wants none
	 * @param loops that have to answer for that, {@code null} if there are none; asked
	 * for when the server runs, because it may have others while it is made
	 */
	SystemdService(NotifySocket socket, ApplicationContext context, @Nullable ConfigurationReloader reloader,
			@Nullable Path result, @Nullable Duration watchdog, Supplier<@Nullable EventExecutorGroup> loops) {
		this.socket = socket;
		this.context = context;
		this.reloader = reloader;
		this.result = result;
		this.watchdog = watchdog;
		this.loops = loops;
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // this very context, and none below it
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			this.stopping = true;
			tell("STOPPING=1\nSTATUS=Ending the calls under way");
		}
		else if (event instanceof AvailabilityChangeEvent<?> change
				&& change.getState() == ReadinessState.ACCEPTING_TRAFFIC && !this.stopping) {
			ready();
		}
	}

	private synchronized void ready() {
		tell("READY=1\nSTATUS=" + serving());
		if (this.timer == null) {
			this.timer = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "llm-proxy-systemd");
				thread.setDaemon(true);
				return thread;
			});
			if (this.watchdog != null) {
				watch(this.timer, this.watchdog);
			}
			if (this.reloader != null) {
				HangUpSignal.handle(this::reload);
			}
		}
	}

	private String serving() {
		String port = this.context.getEnvironment().getProperty("local.server.port");
		return (port != null) ? "Serving on port " + port : "Serving";
	}

	/** Twice in the time within which systemd has to hear of it. */
	private void watch(ScheduledExecutorService timer, Duration limit) {
		EventExecutorGroup group = this.loops.get();
		Runnable beat = (group != null) ? pulse(group) : () -> tell("WATCHDOG=1");
		timer.scheduleAtFixedRate(beat, 0, limit.toNanos() / 2, TimeUnit.NANOSECONDS);
	}

	private Runnable pulse(EventExecutorGroup loops) {
		EventLoopPulse pulse = new EventLoopPulse(loops, () -> tell("WATCHDOG=1"));
		return () -> {
			int late = pulse.beat();
			if (late > 0) {
				logger.warn(late + ((late == 1) ? " event loop does" : " event loops do") + " not answer");
			}
		};
	}

	private synchronized void reload() {
		if (this.reloader == null || this.stopping) {
			return;
		}
		// Of the clock that counts from the start of the machine.
		tell("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime())
				+ "\nSTATUS=Reading the configuration");
		ReloadReport report = this.reloader.reload("SIGHUP");
		ReloadProblem problem = report.problem();
		if (problem != null) {
			write("REFUSED " + problem);
			tell("READY=1\nSTATUS=" + serving() + "; the configuration was not taken up: "
					+ problem.toString().replaceAll("\\R", " "));
		}
		else {
			write(report.outcome() + " " + report.generation());
			tell("READY=1\nSTATUS=" + serving());
		}
	}

	/** Whole, or not at all: somebody waits for it. */
	private void write(String text) {
		if (this.result == null) {
			return;
		}
		try {
			Path part = this.result.resolveSibling(this.result.getFileName() + ".part");
			Files.writeString(part, text + "\n");
			Files.move(part, this.result, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			logger.warn("What became of the reload can't be told in " + this.result + ": " + ex);
		}
	}

	private void tell(String state) {
		try {
			this.socket.send(state);
			this.failed.set(false);
		}
		catch (IOException ex) {
			if (!this.stopping && !this.failed.getAndSet(true)) {
				logger.warn("systemd can't be told how the service does: " + ex.getMessage());
			}
		}
	}

	@Override
	public synchronized void destroy() {
		if (this.timer != null) {
			this.timer.shutdownNow();
		}
	}

}
