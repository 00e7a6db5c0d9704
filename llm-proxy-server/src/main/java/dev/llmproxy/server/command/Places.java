package dev.llmproxy.server.command;

import java.io.IOException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/** Says where a property is set, in words for people. */
final class Places {

	private Places() {
	}

	static String of(ConfigurationProperty property) {
		TextResourceOrigin text = text(property);
		if (text != null) {
			String line = (text.getLocation() != null) ? ":" + (text.getLocation().getLine() + 1) : "";
			return isOurs(property) ? "server default" : file(text.getResource()) + line;
		}
		String variable = variable(property);
		if (variable != null) {
			return "environment variable " + variable;
		}
		PropertySource<?> source = source(property.getSource());
		if (source instanceof CommandLinePropertySource) {
			return "command line";
		}
		return (source != null) ? source.getName() : "unknown";
	}

	/** The variable that it is from. */
	static @Nullable String variable(ConfigurationProperty property) {
		return (origin(property) instanceof SystemEnvironmentOrigin origin) ? origin.getProperty() : null;
	}

	/** Whether the server brings it along. */
	static boolean isOurs(ConfigurationProperty property) {
		TextResourceOrigin text = text(property);
		if (text != null) {
			return text.getResource() instanceof ClassPathResource || isClassPath(text.getResource());
		}
		PropertySource<?> source = source(property.getSource());
		return source != null && source.getName().equals("defaultProperties");
	}

	static boolean isFile(ConfigurationPropertySource source) {
		return source(source) instanceof OriginTrackedMapPropertySource;
	}

	private static @Nullable TextResourceOrigin text(ConfigurationProperty property) {
		return (origin(property) instanceof TextResourceOrigin text) ? text : null;
	}

	private static @Nullable Origin origin(ConfigurationProperty property) {
		Origin origin = property.getOrigin();
		return (origin instanceof PropertySourceOrigin wrapped && wrapped.getOrigin() != null) ? wrapped.getOrigin()
				: origin;
	}

	private static boolean isClassPath(@Nullable Resource resource) {
		return resource != null && resource.getDescription().startsWith("class path");
	}

	private static @Nullable PropertySource<?> source(@Nullable ConfigurationPropertySource source) {
		return (source != null && source.getUnderlyingSource() instanceof PropertySource<?> underlying) ? underlying
				: null;
	}

	private static String file(@Nullable Resource resource) {
		try {
			if (resource != null && resource.isFile()) {
				Path file = resource.getFile().toPath().toAbsolutePath();
				Path here = Path.of("").toAbsolutePath();
				return (file.startsWith(here) ? here.relativize(file) : file).toString();
			}
		}
		catch (IOException ex) {
			// The description will do.
		}
		return (resource != null) ? resource.getDescription() : "a file";
	}

}
