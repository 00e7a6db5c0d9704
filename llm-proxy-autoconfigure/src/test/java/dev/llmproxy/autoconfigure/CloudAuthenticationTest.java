package dev.llmproxy.autoconfigure;

import com.google.auth.oauth2.GoogleCredentials;
import dev.llmproxy.provider.ProviderPreset.Auth;
import dev.llmproxy.provider.Providers;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class CloudAuthenticationTest {

	private static final FilteredClassLoader WITHOUT_CLOUDS = new FilteredClassLoader("software.amazon.awssdk",
			"com.google.auth");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProviderAutoConfiguration.class, RoutingAutoConfiguration.class,
				GatewayAutoConfiguration.class))
		.withPropertyValues("llm-proxy.detect-providers=false");

	@Test
	void supportsBothCloudsByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(CloudAuthentication.class)).hasSize(2);
			assertThat(context.getBean("awsCloudAuthentication", CloudAuthentication.class).supports(Auth.AWS_SIGV4))
				.isTrue();
			assertThat(
					context.getBean("googleCloudAuthentication", CloudAuthentication.class).supports(Auth.GOOGLE_OAUTH))
				.isTrue();
			assertThat(context.getBeansOfType(CloudAuthentication.class).values())
				.noneMatch((cloud) -> cloud.supports(Auth.BEARER));
		});
	}

	@Test
	void makesProvidersOfBothCloudsWithoutKeys() {
		this.runner
			.withPropertyValues("llm-proxy.providers.bedrock.region=eu-central-1",
					"llm-proxy.providers.vertex.region=global", "llm-proxy.providers.vertex.project=p")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				Providers providers = context.getBean(Providers.class);
				assertThat(providers.find("bedrock")).isNotNull();
				assertThat(providers.find("vertex")).isNotNull();
			});
	}

	@Test
	void wantsTheRegionThatSignaturesAreFor() {
		this.runner
			.withPropertyValues("llm-proxy.providers.bedrock.base-url=https://bedrock.example.com", "AWS_REGION=",
					"AWS_DEFAULT_REGION=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidProviderException.class)
				.hasMessageContaining("llm-proxy.providers.bedrock.region"));
	}

	@Test
	void takesTheRegionFromTheEnvironment() {
		this.runner
			.withPropertyValues("llm-proxy.providers.bedrock.base-url=https://bedrock.example.com",
					"AWS_REGION=eu-central-1")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startsWithoutTheLibrariesOfTheClouds() {
		this.runner.withClassLoader(WITHOUT_CLOUDS).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(CloudAuthentication.class);
		});
	}

	@Test
	void startsWithHalfOfTheAwsSdk() {
		for (Class<?> missing : new Class<?>[] { DefaultCredentialsProvider.class, AwsV4HttpSigner.class }) {
			this.runner.withClassLoader(new FilteredClassLoader(missing))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("awsCloudAuthentication"));
		}
		this.runner.withClassLoader(new FilteredClassLoader(GoogleCredentials.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("googleCloudAuthentication"));
	}

	@Test
	void namesTheLibraryThatIsMissing() {
		this.runner.withClassLoader(WITHOUT_CLOUDS)
			.withPropertyValues("llm-proxy.providers.bedrock.region=eu-central-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidProviderException.class,
						(ex) -> assertThat(ex.action()).contains("software.amazon.awssdk:auth")));
		this.runner.withClassLoader(WITHOUT_CLOUDS)
			.withPropertyValues("llm-proxy.providers.vertex.region=global", "llm-proxy.providers.vertex.project=p")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidProviderException.class,
						(ex) -> assertThat(ex.action()).contains("google-auth-library-oauth2-http")));
	}

	@Test
	void takesABedrockKeyWithoutTheAwsSdk() {
		this.runner.withClassLoader(WITHOUT_CLOUDS)
			.withPropertyValues("llm-proxy.providers.bedrock.region=eu-central-1",
					"llm-proxy.providers.bedrock.api-key=bedrock-api-key")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
