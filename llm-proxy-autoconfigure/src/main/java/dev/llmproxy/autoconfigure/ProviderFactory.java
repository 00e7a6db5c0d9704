package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.Credential;
import dev.llmproxy.provider.CredentialPool;
import dev.llmproxy.provider.Endpoint;
import dev.llmproxy.provider.HeaderAuthenticator;
import dev.llmproxy.provider.HttpProvider;
import dev.llmproxy.provider.HttpProviderSpec;
import dev.llmproxy.provider.HttpProviderSpec.Key;
import dev.llmproxy.provider.NettyTransport;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import dev.llmproxy.provider.ProxySettings;
import dev.llmproxy.provider.Quirks;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TransportSettings;
import dev.llmproxy.provider.UpstreamLimits;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Makes providers of presets and properties. */
final class ProviderFactory {

	private final Codecs codecs;

	private final LoopResources loops;

	private final Environment environment;

	private final List<CloudAuthentication> clouds;

	private final Function<String, SslContext> ssl;

	private final TokenCounters counters;

	private final List<ConfiguredProvider> known;

	ProviderFactory(Codecs codecs, LoopResources loops, Environment environment, List<CloudAuthentication> clouds,
			Function<String, SslContext> ssl, TokenCounters counters) {
		this(codecs, loops, environment, clouds, ssl, counters, List.of());
	}

	private ProviderFactory(Codecs codecs, LoopResources loops, Environment environment,
			List<CloudAuthentication> clouds, Function<String, SslContext> ssl, TokenCounters counters,
			List<ConfiguredProvider> known) {
		this.counters = counters;
		this.codecs = codecs;
		this.loops = loops;
		this.environment = environment;
		this.clouds = clouds;
		this.ssl = ssl;
		this.known = known;
	}

	/**
	 * One for another environment.
	 * @param known providers that are kept where they would be made again as they are
	 */
	ProviderFactory with(Environment environment, List<ConfiguredProvider> known) {
		return new ProviderFactory(this.codecs, this.loops, environment, this.clouds, this.ssl, this.counters, known);
	}

	/**
	 * Makes one, or keeps the one that there is.
	 * @throws InvalidProviderException naming the property that is wrong
	 */
	ConfiguredProvider create(String name, ProviderProperties.Settings settings) {
		ProviderPreset preset = preset(name, settings);
		URI baseUrl = baseUrl(name, settings, preset);
		Credentials credentials = credentials(name, settings, preset);
		ProxySettings proxy = new ProviderProxy(this.environment).of(name, settings.proxy(), baseUrl);
		Blueprint blueprint = new Blueprint(name, settings, baseUrl, credentials, proxy,
				credentials.keys().isEmpty() ? signingRegion(name, settings, preset) : null);
		for (ConfiguredProvider one : this.known) {
			if (blueprint.equals(one.blueprint())) {
				return one;
			}
		}
		HttpProviderSpec spec = new HttpProviderSpec(name, preset.type(), preset.vendor(), baseUrl,
				endpoints(name, settings, preset),
				isOlderAzure(settings, preset) ? "/openai/models" : preset.modelsPath(), headers(settings, preset),
				(settings.apiVersion() != null) ? "api-version=" + settings.apiVersion() : null,
				authenticator(name, settings, preset, credentials.keys()), quirks(settings, preset),
				settings.requestStreamUsage(), settings.propagateTrace(), timeouts(name, settings.timeouts()),
				limits(settings.limits()), settings.models(),
				(settings.modelPrefixes() != null) ? settings.modelPrefixes() : preset.modelPrefixes());
		SslContext tls = (settings.sslBundle() != null) ? this.ssl.apply(settings.sslBundle())
				: TransportSettings.DEFAULT.ssl();
		return new ConfiguredProvider(
				new HttpProvider(spec, this.codecs,
						new NettyTransport(name, this.loops, transport(settings, proxy, tls)), this.counters),
				preset.type(), (proxy != null) ? credentials.source() + ", by " + proxy : credentials.source(),
				blueprint);
	}

	private static ProviderPreset preset(String name, ProviderProperties.Settings settings) {
		String type = (settings.type() != null) ? settings.type() : name;
		ProviderPreset preset = ProviderPresets.find(type);
		if (preset == null && settings.type() == null && settings.baseUrl() != null) {
			preset = ProviderPresets.find("openai-compatible");
		}
		if (preset == null) {
			throw new InvalidProviderException(name, "type", "'" + type + "' is no vendor known here",
					"Use one of " + ProviderPresets.all().stream().map(ProviderPreset::type).toList()
							+ ", or 'openai-compatible' with a base-url."
							+ ("simulator".equals(type)
									? " The simulator is switched on with " + "'llm-proxy.simulator.enabled=true'."
									: ""));
		}
		return preset;
	}

	private URI baseUrl(String name, ProviderProperties.Settings settings, ProviderPreset preset) {
		URI baseUrl = (settings.baseUrl() != null) ? settings.baseUrl() : vendorsUrl(name, settings, preset);
		if (!("http".equals(baseUrl.getScheme()) || "https".equals(baseUrl.getScheme())) || baseUrl.getHost() == null
				|| baseUrl.getRawQuery() != null || baseUrl.getRawFragment() != null) {
			throw new InvalidProviderException(name, "base-url", "'" + baseUrl + "' is no address of an API",
					"Use an absolute http or https address without a query, for example "
							+ "https://models.example.com/v1.");
		}
		return baseUrl;
	}

	private URI vendorsUrl(String name, ProviderProperties.Settings settings, ProviderPreset preset) {
		String baseUrl = switch (preset.type()) {
			case "bedrock" -> "https://bedrock-runtime." + region(name, settings, "AWS_REGION", "AWS_DEFAULT_REGION")
					+ ".amazonaws.com";
			case "vertex" -> vertex(name, settings);
			case "azure" -> azure(settings);
			default -> preset.baseUrl();
		};
		if (baseUrl == null) {
			throw new InvalidProviderException(name, "base-url", "it is missing",
					"Set it to where the API lives, for example https://models.example.com/v1.");
		}
		try {
			return URI.create(baseUrl);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidProviderException(name, "base-url", "'" + baseUrl + "' is no address",
					"Set it, or correct " + "the environment variables that it is made of.");
		}
	}

	/** The resource's endpoint, and below it the v1 API unless the older one is used. */
	private @Nullable String azure(ProviderProperties.Settings settings) {
		String endpoint = this.environment.getProperty("AZURE_OPENAI_ENDPOINT");
		if (!StringUtils.hasText(endpoint)) {
			return null;
		}
		String resource = StringUtils.trimTrailingCharacter(endpoint.trim(), '/');
		return (settings.apiVersion() != null) ? resource : resource + "/openai/v1";
	}

	private String vertex(String name, ProviderProperties.Settings settings) {
		String location = region(name, settings, "GOOGLE_CLOUD_LOCATION", "GOOGLE_CLOUD_REGION");
		String project = (settings.project() != null) ? settings.project()
				: this.environment.getProperty("GOOGLE_CLOUD_PROJECT");
		if (project == null) {
			throw new InvalidProviderException(name, "project", "it is missing",
					"Set it, or GOOGLE_CLOUD_PROJECT, to the Google Cloud project.");
		}
		String host = "global".equals(location) ? "aiplatform.googleapis.com" : location + "-aiplatform.googleapis.com";
		return "https://" + host + "/v1/projects/" + project + "/locations/" + location + "/publishers/google";
	}

	private String region(String name, ProviderProperties.Settings settings, String... variables) {
		if (settings.region() != null) {
			return settings.region();
		}
		for (String variable : variables) {
			String region = this.environment.getProperty(variable);
			if (StringUtils.hasText(region)) {
				return region;
			}
		}
		throw new InvalidProviderException(name, "region", "it is missing",
				"Set it, or the environment variable " + variables[0] + ".");
	}

	private static Map<Key, Endpoint> endpoints(String name, ProviderProperties.Settings settings,
			ProviderPreset preset) {
		Map<Key, Endpoint> endpoints = new LinkedHashMap<>();
		if (settings.dialect() != null) {
			Key first = new Key(Operation.CHAT, new Dialect(settings.dialect()));
			Endpoint endpoint = preset.endpoints().get(first);
			if (endpoint == null) {
				throw new InvalidProviderException(name, "dialect",
						preset.type() + " does not speak '" + settings.dialect() + "'",
						"Use one of " + preset.endpoints()
							.keySet()
							.stream()
							.filter((key) -> key.operation() == Operation.CHAT)
							.map((key) -> key.dialect().name())
							.toList() + ".");
			}
			endpoints.put(first, azureDeployment(settings, preset, first, endpoint));
		}
		preset.endpoints().forEach((key, endpoint) -> {
			if (settings.dialect() == null || key.operation() != Operation.CHAT) {
				endpoints.put(key, azureDeployment(settings, preset, key, endpoint));
			}
		});
		return endpoints;
	}

	/**
	 * Azure's older paths need an api-version, and name the deployment but for Responses.
	 */
	private static Endpoint azureDeployment(ProviderProperties.Settings settings, ProviderPreset preset, Key key,
			Endpoint endpoint) {
		if (!isOlderAzure(settings, preset)) {
			return endpoint;
		}
		return new Endpoint((key.dialect().equals(Dialect.RESPONSES) ? "/openai" : "/openai/deployments/{model}")
				+ endpoint.path());
	}

	private static boolean isOlderAzure(ProviderProperties.Settings settings, ProviderPreset preset) {
		return settings.apiVersion() != null && preset.type().equals("azure");
	}

	private static Map<String, String> headers(ProviderProperties.Settings settings, ProviderPreset preset) {
		Map<String, String> headers = new LinkedHashMap<>(preset.headers());
		headers.putAll(settings.headers());
		return headers;
	}

	private Authenticator authenticator(String name, ProviderProperties.Settings settings, ProviderPreset preset,
			List<Credential> credentials) {
		if (!credentials.isEmpty()) {
			return new HeaderAuthenticator(preset.auth().header(), preset.auth().prefix(),
					new CredentialPool(credentials));
		}
		return this.clouds.stream()
			.filter((cloud) -> cloud.supports(preset.auth()))
			.findFirst()
			.map((cloud) -> cloud.authenticator(name, signingRegion(name, settings, preset)))
			.orElseGet(() -> withoutCredentials(name, preset));
	}

	/** A signature is for one region, whatever the base URL is. */
	private @Nullable String signingRegion(String name, ProviderProperties.Settings settings, ProviderPreset preset) {
		return (preset.auth() == ProviderPreset.Auth.AWS_SIGV4)
				? region(name, settings, "AWS_REGION", "AWS_DEFAULT_REGION") : settings.region();
	}

	private static Authenticator withoutCredentials(String name, ProviderPreset preset) {
		return switch (preset.auth()) {
			case GOOGLE_OAUTH -> throw new InvalidProviderException(name, "type",
					"Google's authentication library is not on the class path",
					"Add com.google.auth:google-auth-library-oauth2-http.");
			case AWS_SIGV4 -> throw new InvalidProviderException(name, "type",
					"the AWS SDK's authentication is not on the class path",
					"Add software.amazon.awssdk:auth, or set api-key to a Bedrock API key.");
			default -> {
				if (!preset.environment().isEmpty()) {
					throw new InvalidProviderException(name, "api-key", "it is missing",
							"Set it, or api-key-file, or the environment variable " + preset.environment().get(0)
									+ ".");
				}
				yield Authenticator.NONE;
			}
		};
	}

	private Credentials credentials(String name, ProviderProperties.Settings settings, ProviderPreset preset) {
		List<String> secrets = new ArrayList<>();
		List<String> sources = new ArrayList<>();
		if (StringUtils.hasText(settings.apiKey())) {
			secrets.add(settings.apiKey());
			sources.add("api-key");
		}
		List<String> more = settings.apiKeys().stream().filter(StringUtils::hasText).toList();
		if (!more.isEmpty()) {
			secrets.addAll(more);
			sources.add(more.size() + " api-keys");
		}
		if (settings.apiKeyFile() != null) {
			secrets.add(read(name, settings));
			sources.add("file " + settings.apiKeyFile());
		}
		EnvironmentKey found = secrets.isEmpty() ? EnvironmentKey.find(preset, this.environment) : null;
		if (found != null) {
			secrets.add(found.value());
			sources.add(found.variable());
		}
		if (secrets.isEmpty()) {
			sources.add(withoutKey(preset));
		}
		return new Credentials(credentials(name, secrets), String.join(", ", sources));
	}

	private static List<Credential> credentials(String name, List<String> secrets) {
		List<Credential> credentials = new ArrayList<>();
		try {
			for (String secret : secrets) {
				credentials.add(new Credential(name + "-" + (credentials.size() + 1), secret.trim()));
			}
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidProviderException(name, "api-key", String.valueOf(ex.getMessage()),
					"Check what it is set to.");
		}
		return credentials;
	}

	private static String withoutKey(ProviderPreset preset) {
		return switch (preset.auth()) {
			case GOOGLE_OAUTH -> "Google credentials";
			case AWS_SIGV4 -> "AWS credentials";
			default -> "no key";
		};
	}

	private static String read(String name, ProviderProperties.Settings settings) {
		try {
			return Files.readString(Objects.requireNonNull(settings.apiKeyFile())).trim();
		}
		catch (IOException ex) {
			throw new InvalidProviderException(name, "api-key-file", "it can't be read",
					"Check that " + settings.apiKeyFile() + " exists and is readable.", new UncheckedIOException(ex));
		}
	}

	private static Quirks quirks(ProviderProperties.Settings settings, ProviderPreset preset) {
		List<String> unsupported = new ArrayList<>(preset.quirks().unsupported());
		unsupported.addAll(settings.unsupportedFields());
		Map<String, String> renamed = new LinkedHashMap<>(preset.quirks().renamed());
		renamed.putAll(settings.renamedFields());
		return new Quirks(unsupported, renamed);
	}

	private static Timeouts timeouts(String name, ProviderProperties.Timeouts timeouts) {
		try {
			return new Timeouts(timeouts.connect(), timeouts.responseHeaders(), timeouts.firstToken(), timeouts.idle(),
					timeouts.total(), timeouts.streamTotal());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidProviderException(name, "timeouts", String.valueOf(ex.getMessage()),
					"Use durations such as 30s or 2m.");
		}
	}

	private static UpstreamLimits limits(ProviderProperties.Limits limits) {
		return new UpstreamLimits(Math.toIntExact(limits.maxResponse().toBytes()),
				Math.toIntExact(limits.maxEvent().toBytes()), Math.toIntExact(limits.maxError().toBytes()));
	}

	private static TransportSettings transport(ProviderProperties.Settings settings, @Nullable ProxySettings proxy,
			SslContext tls) {
		ProviderProperties.Connection connection = settings.connection();
		return new TransportSettings(connection.max(), connection.maxPending(), connection.acquireTimeout(),
				connection.maxIdle(), connection.maxLife(), settings.timeouts().connect(),
				settings.timeouts().connect(), proxy, tls);
	}

	/**
	 * Keys, and where they come from.
	 *
	 * @param source for messages; nothing secret
	 */
	record Credentials(List<Credential> keys, String source) {
	}

	/**
	 * All that a provider is made of, what the environment and files brought included:
	 * two with the same are the same.
	 */
	record Blueprint(String name, ProviderProperties.Settings settings, URI baseUrl, Credentials credentials,
			@Nullable ProxySettings proxy, @Nullable String region) {

		/** Nothing secret. */
		@Override
		public String toString() {
			return "Blueprint[" + this.name + "]";
		}

	}

}
