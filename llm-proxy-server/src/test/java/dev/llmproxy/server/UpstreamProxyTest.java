package dev.llmproxy.server;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmproxy.testkit.ForwardProxy;
import dev.llmproxy.testkit.ForwardProxy.Answer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.TestAuthority;
import dev.llmproxy.testkit.TlsProfile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Providers that are reached by a proxy, which knows names that this machine does not.
 */
class UpstreamProxyTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ANSWER = "{\"id\":\"a\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
			+ "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

	private static final List<ForwardProxy> UNWILLING = new ArrayList<>();

	private static ScriptedUpstream plain;

	private static ScriptedUpstream tls;

	private static ForwardProxy toPlain;

	private static ForwardProxy toTls;

	private static TestServer server;

	@BeforeAll
	static void start() {
		plain = ScriptedUpstream.start();
		tls = ScriptedUpstream.startTls(TlsProfile.VALID);
		toPlain = ForwardProxy.to(plain.port());
		toTls = ForwardProxy.to(tls.port());
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		provider(properties, "connect", "http://provider.invalid:81/v1", toPlain.url("http"));
		provider(properties, "socks", "http://provider.invalid:81/v1", toPlain.url("socks5"));
		for (String name : new String[] { "connect", "socks" }) {
			properties.put("llm-proxy.providers." + name + ".proxy.username", "gateway");
			properties.put("llm-proxy.providers." + name + ".proxy.password", "let-me-through");
		}
		provider(properties, "tls-connect", tls.url() + "/v1", toTls.url("http"));
		provider(properties, "tls-socks", tls.url() + "/v1", toTls.url("socks5"));
		provider(properties, "tls-other-host", "https://provider.invalid/v1", toTls.url("http"));
		for (String name : new String[] { "tls-connect", "tls-socks", "tls-other-host" }) {
			properties.put("llm-proxy.providers." + name + ".ssl-bundle", "test");
		}
		provider(properties, "nowhere", "http://provider.invalid/v1", URI.create("http://proxy.invalid:3128"));
		provider(properties, "closed", "http://provider.invalid/v1",
				URI.create("http://127.0.0.1:" + ScriptedUpstream.refusing().port()));
		for (Answer answer : new Answer[] { Answer.REFUSE, Answer.STALL }) {
			ForwardProxy proxy = ForwardProxy.that(answer);
			UNWILLING.add(proxy);
			for (String scheme : new String[] { "http", "socks5" }) {
				provider(properties, answer.name().toLowerCase(Locale.ROOT) + "-" + scheme,
						"http://provider.invalid/v1", proxy.url(scheme));
			}
		}
		properties.put("spring.ssl.bundle.pem.test.truststore.certificate", TestAuthority.shared().pem());
		server = TestServer.withUpstream(plain.url(), properties);
	}

	private static void provider(Map<String, String> properties, String name, String url, URI proxy) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", "openai-compatible");
		properties.put(prefix + "base-url", url);
		properties.put(prefix + "api-key", "k-0123456789abcdef");
		properties.put(prefix + "models", "m");
		properties.put(prefix + "timeouts.connect", "1500ms");
		properties.put(prefix + "proxy.url", proxy.toString());
	}

	@AfterAll
	static void stop() {
		server.close();
		toPlain.close();
		toTls.close();
		UNWILLING.forEach(ForwardProxy::close);
		plain.close();
		tls.close();
	}

	private static RawResponse ask(String model) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
			return client.readResponse(PATIENCE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "connect", "socks" })
	void theProxyIsToldTheNameAndWhoAsks(String provider) {
		plain.enqueue(Script.json(200, ANSWER));
		int before = toPlain.asked().size();
		assertThat(ask(provider + "/m").status()).isEqualTo(200);
		assertThat(toPlain.asked()).hasSize(before + 1).last().isEqualTo("provider.invalid:81 gateway:let-me-through");
		assertThat(plain.requests()).last().satisfies((request) -> {
			assertThat(request.header("host")).isEqualTo("provider.invalid:81");
			assertThat(request.header("proxy-authorization")).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls-connect", "tls-socks" })
	void whatIsSaidToAProviderTheProxyCanNotRead(String provider) {
		tls.enqueue(Script.json(200, ANSWER));
		assertThat(ask(provider + "/m").status()).isEqualTo(200);
		assertThat(toTls.asked()).last().isEqualTo(tls.url().getHost() + ":" + tls.port());
	}

	@Test
	void theProvidersNameIsVerifiedAndNotTheProxys() {
		assertError("tls-other-host/m", "upstream_tls");
		assertThat(toTls.asked()).last().isEqualTo("provider.invalid:443");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nowhere", "closed", "refuse-http", "refuse-socks5", "stall-http", "stall-socks5" })
	void aProxyThatDoesNotConnectIsSaid(String provider) {
		assertError(provider + "/m", "upstream_proxy");
	}

	private static void assertError(String model, String code) {
		RawResponse response = ask(model);
		assertThat(response.status()).as(response.text()).isEqualTo(502);
		assertThat(response.json().at("/error/code").asString()).isEqualTo(code);
		assertThat(response.text()).doesNotContain("127.0.0.1")
			.doesNotContain("let-me-through")
			.doesNotContain("invalid");
	}

}
