package dev.llmproxy.autoconfigure;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Every property under {@code llm-proxy}: what is there, and what nobody knows. A name
 * that is mistyped is refused, because it would be a rule that is believed to hold and
 * does not.
 */
final class KnownProperties {

	/** All of them, whichever of their features are switched on. */
	static final List<Class<?>> TYPES = List.of(AccessLogProperties.class, AccessProperties.class,
			AlertProperties.class, BudgetProperties.class, CacheProperties.class, CatalogueProperties.class,
			ClusterProperties.class, ContextProperties.class, EventProperties.class, FaultInjectionProperties.class,
			FlagProperties.class, HealthProperties.class, LangChain4jProperties.class, LimitProperties.class,
			MemoryProperties.class, MetricsProperties.class, PluginProperties.class, ProviderProperties.class,
			ReloadProperties.class, ResilienceProperties.class, RoutingProperties.class, ServerLaneProperties.class,
			SimulatorProperties.class, SpringAiProperties.class, StartupProperties.class, StatusPageProperties.class,
			TestProperties.class, TokenProperties.class, TracingProperties.class, UsageProperties.class,
			WebProperties.class);

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("llm-proxy");

	private static final UnboundElementsSourceFilter FILES = new UnboundElementsSourceFilter();

	private KnownProperties() {
	}

	/** What is set, by its name. */
	static Map<ConfigurationPropertyName, String> of(Environment environment) {
		Map<ConfigurationPropertyName, String> all = new TreeMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream().filter(ROOT::isAncestorOf).forEach((name) -> all.computeIfAbsent(name, (key) -> {
					Object value = Objects.requireNonNull(source.getConfigurationProperty(key)).getValue();
					return environment.resolvePlaceholders(String.valueOf(value));
				}));
			}
		}
		return all;
	}

	/**
	 * Binds everything, and looks for what is left over.
	 * @param foreign prefixes of properties that are somebody else's
	 * @throws InvalidPropertyException naming a property that there is not
	 * @throws org.springframework.boot.context.properties.bind.BindException if a value
	 * has the wrong form
	 */
	static void check(Environment environment, Set<String> foreign) {
		Tried tried = new Tried();
		Binder binder = Binder.get(environment);
		for (Class<?> type : TYPES) {
			bind(binder, type, tried);
		}
		Set<ConfigurationPropertyName> others = foreign.stream()
			.map(ConfigurationPropertyName::of)
			.collect(Collectors.toSet());
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable && FILES.apply(source)) {
				iterable.stream()
					.filter((name) -> ROOT.isAncestorOf(name) && !tried.knows(name)
							&& others.stream().noneMatch((other) -> other.equals(name) || other.isAncestorOf(name)))
					.findFirst()
					.ifPresent((name) -> {
						throw unknown(name);
					});
			}
		}
	}

	private static <T> void bind(Binder binder, Class<T> type, BindHandler handler) {
		String prefix = Objects.requireNonNull(type.getAnnotation(ConfigurationProperties.class)).value();
		try {
			binder.bind(prefix, Bindable.of(type), handler);
		}
		catch (BindException ex) {
			// What is left over in a list is found by the binder.
			if (ex.getCause() instanceof UnboundConfigurationPropertiesException left) {
				throw unknown(left.getUnboundProperties().iterator().next().getName());
			}
			throw ex;
		}
	}

	private static InvalidPropertyException unknown(ConfigurationPropertyName name) {
		return new InvalidPropertyException(name.toString(), "there is no such property",
				"Correct its name, or remove it: the configuration reference has all of them.");
	}

	/** The names that binding has asked for. */
	private static final class Tried extends AbstractBindHandler {

		private final Set<ConfigurationPropertyName> names = new HashSet<>();

		private final Set<ConfigurationPropertyName> parents = new HashSet<>();

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			this.names.add(name);
			this.parents.add(name.getParent());
			return target;
		}

		/**
		 * Elements of a list that another source has replaced are asked for by nobody.
		 */
		boolean knows(ConfigurationPropertyName name) {
			if (this.names.contains(name)) {
				return true;
			}
			for (int i = 1; i < name.getNumberOfElements(); i++) {
				ConfigurationPropertyName parent = name.chop(i);
				if (name.isNumericIndex(i) && this.names.contains(parent) && !this.parents.contains(name.chop(i + 1))
						&& this.names.contains(parent.append("[0]"))) {
					return true;
				}
			}
			return false;
		}

	}

	/** The element below the root, such as {@code routes}. */
	static String feature(ConfigurationPropertyName name) {
		return name.getElement(1, Form.UNIFORM);
	}

}
