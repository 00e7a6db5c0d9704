package dev.llmproxy.server;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.testkit.RawHttpClient;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The server as it is shipped, on a free port, with a provider {@code up} (type
 * {@code openai-compatible} unless said otherwise) and one client key.
 */
public final class TestServer implements AutoCloseable {

	public static final String KEY = "sk-test-0123456789abcdef0123456789abcdef";

	public static final String UPSTREAM_KEY = "upstream-secret-0123456789";

	private final ConfigurableApplicationContext context;

	private TestServer(ConfigurableApplicationContext context) {
		this.context = context;
	}

	public static TestServer start(Map<String, String> properties) {
		return start(properties, LlmProxyServer.class);
	}

	/**
	 * With beans beside its own.
	 * @param sources the server's class, and classes of configuration
	 */
	public static TestServer start(Map<String, String> properties, Class<?>... sources) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("server.port", "0");
		all.put("management.server.port", "0");
		all.put("llm-proxy.detect-providers", "false");
		all.put("llm-proxy.access.keys[0].id", "test");
		all.put("llm-proxy.access.keys[0].key", KEY);
		all.putAll(properties);
		return exactly(all, sources);
	}

	/** With these properties and no others. */
	static TestServer exactly(Map<String, ?> properties) {
		return exactly(properties, LlmProxyServer.class);
	}

	private static TestServer exactly(Map<String, ?> properties, Class<?>... sources) {
		SpringApplication application = new SpringApplication(sources);
		application.setDefaultProperties(Map.of("logging.level.root", "warn"));
		String[] arguments = properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
		return new TestServer(application.run(arguments));
	}

	/** With the provider {@code up} at an address. */
	public static TestServer withUpstream(URI upstream, Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.up.type", "openai-compatible");
		properties.put("llm-proxy.providers.up.base-url", upstream + "/v1");
		properties.put("llm-proxy.providers.up.api-key", UPSTREAM_KEY);
		properties.putAll(more);
		return start(properties);
	}

	public int port() {
		WebServerApplicationContext web = (WebServerApplicationContext) this.context;
		return Objects.requireNonNull(web.getWebServer()).getPort();
	}

	/** The port of the actuator's own server. */
	public int managementPort() {
		return this.context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
	}

	public URI url() {
		return URI.create("http://127.0.0.1:" + port());
	}

	public RawHttpClient client() {
		return RawHttpClient.connect(port());
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	/** Headers of a caller with the key. */
	public static Map<String, String> headers() {
		return Map.of("authorization", "Bearer " + KEY, "content-type", "application/json");
	}

	@Override
	public void close() {
		this.context.close();
	}

}
