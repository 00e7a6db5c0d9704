package dev.llmproxy.autoconfigure;

import java.util.Objects;

import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.aws.AwsSigV4Authenticator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Signatures for Amazon Bedrock, where the AWS SDK's authentication is. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ DefaultCredentialsProvider.class, AwsV4HttpSigner.class })
class AwsAuthenticationConfiguration {

	@Bean
	CloudAuthentication awsCloudAuthentication() {
		return new CloudAuthentication() {

			@Override
			public boolean supports(ProviderPreset.Auth auth) {
				return auth == ProviderPreset.Auth.AWS_SIGV4;
			}

			@Override
			public Authenticator authenticator(String provider, @Nullable String region) {
				return new AwsSigV4Authenticator(provider, Objects.requireNonNull(region, "region"));
			}

		};
	}

}
