package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the components of a properties record and what is said of them from its source:
 * the metadata stops at maps and lists, whose values are records too.
 */
final class RecordDocs {

	private static final Path SOURCES = Path.of("src", "main", "java", "dev", "llmproxy", "autoconfigure");

	private static final Pattern COMPONENT = Pattern.compile(
			"(?:@Name\\(\"([^\"]*)\"\\) )?(?:@DefaultValue(?:\\(\"([^\"]*)\"\\))? )?(?:@Nullable )?([\\w<>, .]+?) (\\w+)(?:,\\s*|$)");

	private RecordDocs() {
	}

	/** The properties below a prefix, by name, nested records included. */
	static Map<String, Component> of(String file, String record, String prefix) throws IOException {
		String source = Files.readString(SOURCES.resolve(file + ".java"));
		Map<String, Component> components = new LinkedHashMap<>();
		collect(source, record, prefix, components);
		return components;
	}

	private static void collect(String source, String record, String prefix, Map<String, Component> components) {
		Matcher start = Pattern.compile("record " + record + "\\((.*?)\\)\\s*\\{", Pattern.DOTALL).matcher(source);
		if (!start.find()) {
			throw new IllegalArgumentException("No record " + record);
		}
		int comment = source.lastIndexOf("/**", start.start());
		String docs = source.substring(comment, start.start()).replaceAll("\\s*\\n\\s*\\* ?", " ");
		Matcher component = COMPONENT.matcher(start.group(1).replaceAll("\\s+", " ").trim());
		while (component.find()) {
			String name = prefix + "."
					+ ((component.group(1) != null) ? component.group(1) : kebab(component.group(4)));
			String type = component.group(3);
			if (source.contains("record " + type + "(")) {
				collect(source, type, name, components);
			}
			else {
				components.put(name, new Component(component.group(2), param(docs, component.group(4))));
			}
		}
	}

	private static String param(String docs, String name) {
		Matcher param = Pattern.compile("@param " + name + " (.*?)(?= @param |\\s*/\\s*$)").matcher(docs);
		return param.find() ? param.group(1).trim() : "";
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	/**
	 * A property.
	 *
	 * @param defaultValue {@code null} where there is none
	 */
	record Component(String defaultValue, String description) {
	}

}
