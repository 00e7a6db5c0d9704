package dev.llmproxy.autoconfigure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.llmproxy.gateway.ConfigurationReloaded;
import dev.llmproxy.gateway.LiveSnapshot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Takes up another configuration: reads all of it, has every part prepare what it makes
 * of it, and only if none refuses publishes all of that in one write. One reload at a
 * time. Thread-safe, and not for event loops: it reads files.
 */
final class ConfigurationReloader implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(ConfigurationReloader.class);

	private final ApplicationContext context;

	private final ConfigurationFiles files;

	private final List<Reloadable> parts;

	private final LiveSnapshot live;

	private final List<ReloadListener> listeners;

	private final Clock clock;

	private final Map<ConfigurationPropertyName, String> started;

	private Map<ConfigurationPropertyName, String> applied;

	private volatile @Nullable ReloadReport last;

	ConfigurationReloader(ApplicationContext context, List<Reloadable> parts, LiveSnapshot live,
			List<ReloadListener> listeners, Clock clock) {
		this.context = context;
		this.files = new ConfigurationFiles((ConfigurableEnvironment) context.getEnvironment());
		this.parts = new ArrayList<>(parts);
		AnnotationAwareOrderComparator.sort(this.parts);
		this.live = live;
		this.listeners = List.copyOf(listeners);
		this.clock = clock;
		this.started = KnownProperties.of(this.files.current());
		this.applied = this.started;
	}

	/** What a reload would refuse is refused at the start. */
	@Override
	public void afterSingletonsInstantiated() {
		KnownProperties.check(this.files.current(), foreign());
	}

	/** Prefixes of those below ours that an application has for itself. */
	private Set<String> foreign() {
		return ConfigurationPropertiesBean.getAll(this.context)
			.values()
			.stream()
			.filter((bean) -> KnownProperties.TYPES.stream().noneMatch((type) -> type.isInstance(bean.getInstance())))
			.map((bean) -> bean.getAnnotation().prefix().isEmpty() ? bean.getAnnotation().value()
					: bean.getAnnotation().prefix())
			.filter((prefix) -> prefix.startsWith("llm-proxy."))
			.collect(Collectors.toSet());
	}

	/** What became of the last reload; {@code null} before the first. */
	@Nullable ReloadReport last() {
		return this.last;
	}

	long generation() {
		return this.live.current().generation();
	}

	/** Reads the files anew. */
	ReloadReport reload(String trigger) {
		return reload(trigger, true);
	}

	/** Takes up what somebody else has read into the environment. */
	ReloadReport refreshed(String trigger) {
		return reload(trigger, false);
	}

	private synchronized ReloadReport reload(String trigger, boolean read) {
		ReloadReport report;
		try {
			report = apply(trigger, read ? this.files.read() : this.files.current(), read);
		}
		catch (RuntimeException ex) {
			report = report(ReloadReport.Outcome.REFUSED, trigger, List.of(), List.of(), List.of(),
					ReloadProblem.of(ex, this.files.broken()));
		}
		tell(report);
		this.last = report;
		for (ReloadListener listener : this.listeners) {
			listener.reloaded(report);
		}
		if (report.outcome() == ReloadReport.Outcome.APPLIED) {
			this.context
				.publishEvent(new ConfigurationReloaded(report.generation(), report.parts(), report.properties()));
		}
		return report;
	}

	private ReloadReport apply(String trigger, ConfigurableEnvironment next, boolean read) {
		KnownProperties.check(next, foreign());
		Reload reload = new Reload(next, this.live.current());
		for (Reloadable part : this.parts) {
			part.prepare(reload);
		}
		Map<ConfigurationPropertyName, String> properties = KnownProperties.of(next);
		List<String> changed = changes(this.applied, properties, this::owned);
		List<String> needsRestart = changes(this.started, properties, (name) -> !owned(name));
		this.applied = properties;
		if (read) {
			this.files.adopt(next);
		}
		if (reload.changed().isEmpty()) {
			return report(ReloadReport.Outcome.UNCHANGED, trigger, List.of(), List.of(), needsRestart, null);
		}
		this.live.replace(reload.changed());
		reload.applied();
		return report(ReloadReport.Outcome.APPLIED, trigger, reload.parts(), changed, needsRestart, null);
	}

	private boolean owned(ConfigurationPropertyName name) {
		return this.parts.stream().anyMatch((part) -> part.owns(name));
	}

	private static List<String> changes(Map<ConfigurationPropertyName, String> before,
			Map<ConfigurationPropertyName, String> after, Predicate<ConfigurationPropertyName> which) {
		Set<ConfigurationPropertyName> names = new TreeSet<>(before.keySet());
		names.addAll(after.keySet());
		return names.stream()
			.filter((name) -> which.test(name) && !Objects.equals(before.get(name), after.get(name)))
			.map(ConfigurationPropertyName::toString)
			.toList();
	}

	private ReloadReport report(ReloadReport.Outcome outcome, String trigger, List<String> parts,
			List<String> properties, List<String> needsRestart, @Nullable ReloadProblem problem) {
		return new ReloadReport(outcome, generation(), this.clock.instant(), trigger, parts, properties, needsRestart,
				problem, null);
	}

	private void tell(ReloadReport report) {
		switch (report.outcome()) {
			case APPLIED -> logger.info("Configuration " + report.generation() + " holds (" + report.trigger()
					+ "); changed: " + report.parts() + " " + report.properties());
			case REFUSED -> logger.error("The configuration was not taken up (" + report.trigger() + "), "
					+ report.generation() + " still holds. " + report.problem());
			case UNCHANGED -> {
			}
		}
		ReloadReport before = this.last;
		if (!report.needsRestart().isEmpty()
				&& (before == null || !report.needsRestart().equals(before.needsRestart()))) {
			logger.warn("Needs a restart: " + report.needsRestart());
		}
	}

}
