package dev.llmproxy.autoconfigure;

import com.google.auth.oauth2.GoogleCredentials;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.google.GoogleOAuthAuthenticator;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tokens for Vertex AI, where Google's authentication library is. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(GoogleCredentials.class)
class GoogleAuthenticationConfiguration {

	@Bean
	CloudAuthentication googleCloudAuthentication() {
		return new CloudAuthentication() {

			@Override
			public boolean supports(ProviderPreset.Auth auth) {
				return auth == ProviderPreset.Auth.GOOGLE_OAUTH;
			}

			@Override
			public Authenticator authenticator(String provider, @Nullable String region) {
				return new GoogleOAuthAuthenticator(provider);
			}

		};
	}

}
