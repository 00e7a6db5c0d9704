package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.provider.simulator.SimulatorProvider;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Tells once, when the application is ready, what it offers and to whom. In at most
 * twelve lines, and without anything secret.
 */
final class StartupSummary implements ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(StartupSummary.class);

	private static final int MOST_PROVIDERS = 5;

	private static final int MOST_ALIASES = 5;

	private static final int MOST_ROUTES = 5;

	private final ConfiguredProviders providers;

	private final RoutingProperties routing;

	private final ClientKeys keys;

	private final int keyCount;

	private final boolean guarded;

	private final boolean statusPage;

	StartupSummary(ConfiguredProviders providers, RoutingProperties routing, ClientKeys keys, int keyCount,
			boolean guarded, boolean statusPage) {
		this.providers = providers;
		this.routing = routing;
		this.keys = keys;
		this.keyCount = keyCount;
		this.guarded = guarded;
		this.statusPage = statusPage;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		logger.info(String.join(System.lineSeparator(),
				lines(event.getApplicationContext().getEnvironment(), event.getTimeTaken())));
	}

	List<String> lines(Environment environment, @Nullable Duration taken) {
		boolean local = this.guarded && this.keys.isEmpty() && this.keys.anonymous() == AnonymousAccess.LOCAL;
		ServerAddress api = ServerAddress.api(environment, local);
		ServerAddress management = ServerAddress.management(environment);
		List<String> lines = new ArrayList<>();
		lines.add("LLM Proxy" + version() + " is ready"
				+ ((taken != null) ? String.format(Locale.ROOT, " after %.1f s", taken.toMillis() / 1000.0) : ""));
		if (api != null) {
			lines.add(row("API", api.toString()));
		}
		if (management != null) {
			lines.add(row("Management", management.toString()));
			if (this.statusPage) {
				lines.add(row("Status", management.url() + StatusPage.path(environment)));
			}
		}
		providers(lines);
		if (!this.routing.aliases().isEmpty()) {
			lines.add(row("Aliases", aliases()));
		}
		if (!this.routing.routes().isEmpty()) {
			lines.add(row("Routes", routes()));
		}
		lines.add(row("Keys", keys()));
		if (api != null && !this.providers.all().isEmpty()) {
			lines.add(row("Try it", command(api)));
		}
		return lines;
	}

	private static String row(String title, String text) {
		return "  %-11s %s".formatted(title, text);
	}

	private static String version() {
		String version = StartupSummary.class.getPackage().getImplementationVersion();
		return (version != null) ? " " + version : "";
	}

	private void providers(List<String> lines) {
		List<ConfiguredProvider> all = this.providers.all();
		if (all.isEmpty()) {
			lines.add(row("Providers", "none; set OPENAI_API_KEY, for example, or llm-proxy.providers"));
			return;
		}
		int most = this.statusPage ? MOST_PROVIDERS - 1 : MOST_PROVIDERS;
		int shown = (all.size() > most) ? most - 1 : all.size();
		for (int i = 0; i < shown; i++) {
			lines.add(row((i == 0) ? "Providers" : "", describe(all.get(i))));
		}
		if (shown < all.size()) {
			List<String> names = all.subList(shown, all.size()).stream().map((one) -> one.provider().name()).toList();
			lines.add(row("", "and " + names.size() + " more: " + shortened(names)));
		}
	}

	private static String describe(ConfiguredProvider configured) {
		String name = configured.provider().name();
		String type = configured.type().equals(name) ? "" : configured.type() + ", ";
		return name + " (" + type + configured.credentials() + ")";
	}

	private static String shortened(List<String> names) {
		int most = 8;
		return (names.size() <= most) ? String.join(", ", names) : String.join(", ", names.subList(0, most)) + ", …";
	}

	private String aliases() {
		Map<String, List<String>> sorted = new TreeMap<>(this.routing.aliases());
		List<String> shown = sorted.entrySet()
			.stream()
			.limit(MOST_ALIASES)
			.map((alias) -> alias.getKey() + " -> " + String.join(" | ", alias.getValue()))
			.toList();
		int left = sorted.size() - shown.size();
		return String.join(", ", shown) + ((left > 0) ? " and " + left + " more" : "");
	}

	private String routes() {
		Map<String, RouteProperties> sorted = new TreeMap<>(this.routing.routes());
		List<String> shown = sorted.entrySet()
			.stream()
			.limit(MOST_ROUTES)
			.map((route) -> route.getKey() + " (" + describe(route.getValue()) + ")")
			.toList();
		int left = sorted.size() - shown.size();
		return String.join(", ", shown) + ((left > 0) ? " and " + left + " more" : "");
	}

	private static String describe(RouteProperties route) {
		int targets = route.targets().size();
		return route.strategy().name().toLowerCase(Locale.ROOT).replace('_', '-') + ", " + targets
				+ ((targets == 1) ? " target" : " targets");
	}

	private String keys() {
		if (this.keys.isEmpty()) {
			return switch (this.keys.anonymous()) {
				case LOCAL -> "not needed from this machine, not accepted from others; none is configured";
				case ANYWHERE -> "not needed, from anywhere";
				case NONE -> "needed, but none is configured: nobody can call";
			};
		}
		String known = this.keyCount + " known";
		return (this.keys.anonymous() == AnonymousAccess.NONE) ? "needed; " + known : "not needed; " + known;
	}

	/**
	 * A line for a shell: a question where that costs nothing, else the list of models.
	 */
	private String command(ServerAddress api) {
		String key = (this.keys.anonymous() == AnonymousAccess.NONE) ? " -H \"authorization: Bearer $KEY\"" : "";
		boolean simulated = this.providers.all()
			.stream()
			.anyMatch((one) -> one.provider() instanceof SimulatorProvider);
		if (!simulated) {
			return "curl " + api.url() + "/v1/models" + key;
		}
		return "curl -N " + api.url() + "/v1/chat/completions" + key
				+ " -H 'content-type: application/json' -d '{\"model\":\"simulator/demo\",\"stream\":true,"
				+ "\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'";
	}

}
