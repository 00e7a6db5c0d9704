package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

import dev.llmproxy.web.WebSettings;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import org.springdoc.core.customizers.OpenApiCustomizer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;

/**
 * Adds the gateway's paths to springdoc's document, from a file: they are a table and no
 * annotated methods, and their schemas are other people's APIs. It is read when somebody
 * asks for the document.
 */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class)
@ConditionalOnClass({ OpenApiCustomizer.class, Yaml31.class })
@ConditionalOnBean(WebSettings.class)
public final class OpenApiAutoConfiguration {

	private static final String DOCUMENT = "/META-INF/llm-proxy/openapi.yaml";

	@Bean
	OpenApiCustomizer llmOpenApiCustomizer(WebSettings settings, WebProperties properties,
			ObjectProvider<BuildProperties> build) {
		return (document) -> {
			OpenAPI ours = read();
			addPaths(document, ours, settings.basePath());
			addComponents(document, ours);
			if (properties.exclusive()) {
				document.setInfo(ours.getInfo());
				BuildProperties version = build.getIfAvailable();
				if (version != null) {
					document.getInfo().setVersion(version.getVersion());
				}
				document.setTags(ours.getTags());
				document.setSecurity(ours.getSecurity());
			}
		};
	}

	private static OpenAPI read() {
		try (InputStream file = OpenApiAutoConfiguration.class.getResourceAsStream(DOCUMENT)) {
			return Yaml31.mapper().readValue(Objects.requireNonNull(file, DOCUMENT), OpenAPI.class);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void addPaths(OpenAPI document, OpenAPI ours, String basePath) {
		if (document.getPaths() == null) {
			document.setPaths(new Paths());
		}
		ours.getPaths().forEach((path, item) -> {
			// An application that shares its document with the gateway has other
			// security.
			item.readOperations().forEach((operation) -> operation.setSecurity(ours.getSecurity()));
			document.getPaths().addPathItem(basePath + path, item);
		});
	}

	private static void addComponents(OpenAPI document, OpenAPI ours) {
		ours.getComponents().getSchemas().forEach((name, schema) -> document.schema(name, schema));
		ours.getComponents()
			.getSecuritySchemes()
			.forEach((name, scheme) -> document.getComponents().addSecuritySchemes(name, scheme));
		ours.getComponents()
			.getResponses()
			.forEach((name, response) -> document.getComponents().addResponses(name, response));
	}

}
