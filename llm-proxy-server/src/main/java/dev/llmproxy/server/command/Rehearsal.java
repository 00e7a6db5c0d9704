package dev.llmproxy.server.command;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.server.LlmProxyServer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.springframework.util.PlaceholderResolutionException;

/**
 * Starts the server up to the point where it would listen: everything is read, bound,
 * checked and put together as in a start, and nothing that has a lifecycle is begun; no
 * port, no thread that watches, no connection.
 */
final class Rehearsal {

	/** Nothing is logged: not by the server, and not into its files. */
	private static final List<String> QUIET = List.of("--logging.threshold.console=off", "--logging.threshold.file=off",
			"--logging.file.name=", "--logging.file.path=", "--logging.config=", "--spring.main.banner-mode=off",
			"--spring.main.register-shutdown-hook=false");

	/** Messages of ours begin with the property that they are about. */
	private static final Pattern PROPERTY = Pattern.compile("((?:llm-proxy|server|management|spring)[.\\[][^ ]*): (.*)",
			Pattern.DOTALL);

	private @Nullable ConfigurableApplicationContext context;

	private @Nullable List<EffectiveProperty> properties;

	private List<Problem> unset = List.of();

	private Rehearsal() {
	}

	/**
	 * Tries it.
	 * @param arguments properties as on the command line of a start
	 */
	static Outcome of(List<String> arguments) {
		return new Rehearsal().run(arguments);
	}

	private Outcome run(List<String> arguments) {
		SpringApplication application = new SpringApplication(LlmProxyServer.class);
		application.setBannerMode(Banner.Mode.OFF);
		application.setRegisterShutdownHook(false);
		application.setDefaultProperties(Map.of("logging.level.root", "off"));
		application.addInitializers((context) -> {
			this.context = context;
			context.getBeanFactory().registerSingleton("lifecycleProcessor", new Curtain());
		});
		String[] all = new String[arguments.size() + QUIET.size()];
		for (int i = 0; i < all.length; i++) {
			all[i] = (i < arguments.size()) ? arguments.get(i) : QUIET.get(i - arguments.size());
		}
		LoggingSystem logging = LoggingSystem.get(Rehearsal.class.getClassLoader());
		// A file that can't be parsed is told of before anything is set up.
		logging.setLogLevel(SpringApplication.class.getName(), LogLevel.OFF);
		try {
			application.run(all);
		}
		catch (SpringApplication.AbandonedRunException ex) {
			return new Outcome(this.properties, this.unset, null);
		}
		catch (Exception ex) {
			EffectiveProperties effective = (this.context != null)
					? new EffectiveProperties(this.context.getEnvironment(), new Sanitizer()) : null;
			List<Problem> unset = (effective != null) ? effective.unset() : List.of();
			Problem problem = problem(ex, effective);
			return new Outcome(null, unset.stream().filter((one) -> !one.equals(problem)).toList(), problem);
		}
		finally {
			logging.cleanUp();
			// What was told to the logging system is in the system's properties.
			for (LoggingSystemProperty told : LoggingSystemProperty.values()) {
				System.clearProperty(told.getEnvironmentVariableName());
			}
			logging.setLogLevel(SpringApplication.class.getName(), null);
		}
		throw new IllegalStateException("The curtain did not fall");
	}

	private Problem problem(Exception failure, @Nullable EffectiveProperties effective) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MarkedYAMLException yaml) {
				return new Problem(null, null,
						"it is no valid YAML" + ((yaml.getProblemMark() == null) ? ""
								: ", in line " + (yaml.getProblemMark().getLine() + 1) + ", column "
										+ (yaml.getProblemMark().getColumn() + 1)),
						"Correct the file; a value with a colon or a tab is the usual cause.");
			}
			if (cause instanceof PlaceholderResolutionException unset) {
				return unset(unset.getPlaceholder(), effective);
			}
			if (cause instanceof BindException bind) {
				String property = bind.getName().toString();
				Class<?> type = bind.getTarget().getType().resolve(Object.class);
				return new Problem(property, place(effective, property),
						"the value is no " + type.getSimpleName() + "; it is not shown, because it may be a secret",
						"Correct it: src-docs/configuration.md says what it may be.");
			}
		}
		FailureAnalysis analysis = analysis(failure);
		if (analysis == null) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
			return new Problem(null, null, cause.getClass().getSimpleName() + ": " + cause.getMessage(),
					"The server would not start.");
		}
		String description = String.valueOf(analysis.getDescription()).strip();
		String fix = (analysis.getAction() != null) ? analysis.getAction().strip() : "Correct it.";
		Matcher ours = PROPERTY.matcher(description);
		return ours.matches() ? new Problem(ours.group(1), place(effective, ours.group(1)), ours.group(2), fix)
				: new Problem(null, null, description, fix);
	}

	private static Problem unset(String variable, @Nullable EffectiveProperties effective) {
		if (effective != null) {
			for (Problem problem : effective.unset()) {
				if (problem.reason().startsWith(variable + " ")) {
					return problem;
				}
			}
		}
		return new Problem(null, null, variable + " is not set",
				"Set the environment variable " + variable + ", or correct its name.");
	}

	private static @Nullable String place(@Nullable EffectiveProperties effective, String property) {
		return (effective != null) ? effective.place(property) : null;
	}

	/** By the analyzers that a start asks. */
	private @Nullable FailureAnalysis analysis(Exception failure) {
		ArgumentResolver arguments = ArgumentResolver.none();
		if (this.context != null) {
			arguments = ArgumentResolver.of(BeanFactory.class, this.context.getBeanFactory())
				.and(Environment.class, this.context.getEnvironment());
		}
		return SpringFactoriesLoader.forDefaultResourceLocation(Rehearsal.class.getClassLoader())
			.load(FailureAnalyzer.class, arguments, FailureHandler.handleMessage((message, cause) -> {
			}))
			.stream()
			.map((analyzer) -> quietly(analyzer, failure))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable FailureAnalysis quietly(FailureAnalyzer analyzer, Exception failure) {
		try {
			return analyzer.analyze(failure);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private void look(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		EffectiveProperties effective = new EffectiveProperties(environment,
				new Sanitizer(context.getBeanProvider(SanitizingFunction.class).orderedStream().toList()));
		this.properties = effective.all();
		this.unset = effective.unset();
	}

	/**
	 * What came of it.
	 *
	 * @param properties what would hold; {@code null} if it can't
	 * @param unset what names variables that are not set
	 * @param problem why it can't; {@code null} if it can
	 */
	record Outcome(@Nullable List<EffectiveProperty> properties, List<Problem> unset, @Nullable Problem problem) {
	}

	/** Falls when all beans are there, and before any of them begins to work. */
	private final class Curtain implements LifecycleProcessor {

		@Override
		public void onRefresh() {
			ConfigurableApplicationContext context = Rehearsal.this.context;
			if (context == null) {
				throw new IllegalStateException("There is no context to look at");
			}
			look(context);
			throw new SpringApplication.AbandonedRunException(context);
		}

		@Override
		public void onClose() {
		}

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
