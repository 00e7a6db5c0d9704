package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.util.Arrays;

import dev.llmproxy.provider.ProxySettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProviderProxyTest {

	private static final URI TARGET = URI.create("https://api.example.com/v1");

	private static final ProviderProperties.Proxy UNSET = new ProviderProperties.Proxy(true, null, null, null);

	private static @Nullable ProxySettings of(String environment, ProviderProperties.Proxy proxy, URI target) {
		MockEnvironment variables = new MockEnvironment();
		Arrays.stream(environment.split(" "))
			.filter((entry) -> !entry.isEmpty())
			.forEach((entry) -> variables.setProperty(entry.substring(0, entry.indexOf('=')),
					entry.substring(entry.indexOf('=') + 1)));
		return new ProviderProxy(variables).of("up", proxy, target);
	}

	private static ProviderProperties.Proxy at(String url) {
		return new ProviderProperties.Proxy(true, URI.create(url), null, null);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", textBlock = """
			''                                                        | https://api.example.com  | none
			https_proxy=http://p:3128                                 | https://api.example.com  | http://p:3128
			https_proxy=p:3128                                        | https://api.example.com  | http://p:3128
			https_proxy=http://p                                      | https://api.example.com  | http://p:80
			all_proxy=socks5://p                                      | https://api.example.com  | socks5://p:1080
			all_proxy=socks5h://p:9                                   | http://api.example.com   | socks5://p:9
			http_proxy=http://p:1 https_proxy=http://q:2              | http://api.example.com   | http://p:1
			http_proxy=http://p:1                                     | https://api.example.com  | none
			https_proxy=http://p:1                                    | https://localhost:8000   | none
			http_proxy=http://p:1                                     | http://127.0.0.1:8000    | none
			http_proxy=http://p:1                                     | http://[::1]:8000        | none
			https_proxy=http://p:1 no_proxy=*                         | https://api.example.com  | none
			https_proxy=http://p:1 no_proxy=example.com               | https://api.example.com  | none
			https_proxy=http://p:1 no_proxy=a.test,.Example.com       | https://api.example.com  | none
			https_proxy=http://p:1 no_proxy=api.example.com           | https://API.example.com  | none
			https_proxy=http://p:1 no_proxy=ample.com                 | https://api.example.com  | http://p:1
			https_proxy=http://p:1 no_proxy=example.com:8443          | https://api.example.com  | http://p:1
			https_proxy=http://p:1 no_proxy=example.com:8443          | https://api.example.com:8443 | none
			""")
	void theEnvironmentNamesOneForEverybody(String environment, URI target, @Nullable String expected) {
		ProxySettings proxy = of(environment, UNSET, target);
		assertThat((proxy != null) ? proxy.toString() : null).isEqualTo(expected);
	}

	@Test
	void whatIsConfiguredHoldsWhateverTheEnvironmentSays() {
		assertThat(of("https_proxy=http://p:1 no_proxy=*", at("http://q:2"), TARGET)).hasToString("http://q:2");
		assertThat(of("", at("socks5://q"), URI.create("http://127.0.0.1:1"))).hasToString("socks5://q:1080");
		assertThat(of("https_proxy=http://p:1", new ProviderProperties.Proxy(false, null, null, null), TARGET))
			.isNull();
		assertThat(of("", new ProviderProperties.Proxy(false, URI.create("http://q:2"), null, null), TARGET)).isNull();
	}

	@Test
	void credentialsAreNotTold() {
		ProxySettings proxy = of("https_proxy=http://user:p%40ss@p:1", UNSET, TARGET);
		assertThat(proxy).isNotNull();
		assertThat(proxy.username()).isEqualTo("user");
		assertThat(proxy.password()).isEqualTo("p@ss");
		assertThat(proxy.toString()).doesNotContain("p@ss").doesNotContain("user");
		ProxySettings configured = of("",
				new ProviderProperties.Proxy(true, URI.create("http://other@q:2"), "user", "canary"), TARGET);
		assertThat(configured).isNotNull();
		assertThat(configured.username()).isEqualTo("user");
		assertThat(configured.password()).isEqualTo("canary");
		assertThat(configured.toString()).doesNotContain("canary");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://canary:canary@p:3128", "ftp://p", "http:///canary", "p", "http://p:0" })
	void anAddressThatIsNoneOfAProxyIsRefused(String url) {
		assertThatExceptionOfType(InvalidProviderException.class).isThrownBy(() -> of("", at(url), TARGET))
			.satisfies((failure) -> assertThat(failure.getMessage()).contains("proxy.url").doesNotContain("canary"));
	}

	@Test
	void soIsOneInTheEnvironment() {
		assertThatExceptionOfType(InvalidProviderException.class)
			.isThrownBy(() -> of("https_proxy=http://canary|canary@p", UNSET, TARGET))
			.withMessageContaining("HTTPS_PROXY")
			.satisfies((failure) -> assertThat(failure.getMessage()).doesNotContain("canary"));
	}

}
