package dev.llmproxy.server.migration;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Another gateway's configuration, made into one of ours.
 *
 * @param yaml an {@code application.yaml}; without any key that the other one had
 * @param leftovers what did not map
 */
public record Migration(String yaml, List<Leftover> leftovers) {

	public Migration {
		leftovers = List.copyOf(leftovers);
	}

	/**
	 * Of the {@code config.yaml} of LiteLLM's proxy, as its documentation has it.
	 * @throws MigrationException if it is none
	 */
	public static Migration litellm(String yaml) {
		Draft draft = new Draft("LiteLLM's config.yaml");
		new LiteLlmMigration(draft).migrate(new Section("", map(yaml), draft));
		return draft.finished();
	}

	/**
	 * Of a config of Portkey's gateway. JSON is YAML.
	 * @param route what callers name as their model
	 * @param model of targets that name none; {@code null} to leave them out
	 * @throws MigrationException if it is none
	 */
	public static Migration portkey(String json, String route, @Nullable String model) {
		Draft draft = new Draft("Portkey's config");
		new PortkeyMigration(draft, model).migrate(route, Section.ofCamelCase("", map(json), draft));
		return draft.finished();
	}

	/**
	 * Of the older proxy's {@code config.yaml}.
	 * @throws MigrationException if it is none
	 */
	public static Migration older(String yaml) {
		Draft draft = new Draft("the older proxy's config.yaml");
		new OlderMigration(draft).migrate(new Section("", map(yaml), draft));
		return draft.finished();
	}

	private static Map<?, ?> map(String text) {
		try {
			Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
			if (read instanceof Map<?, ?> map) {
				return map;
			}
		}
		catch (MarkedYAMLException ex) {
			throw new MigrationException((ex.getProblemMark() == null) ? "this can't be parsed"
					: "this can't be parsed: look at line " + (ex.getProblemMark().getLine() + 1) + ", column "
							+ (ex.getProblemMark().getColumn() + 1));
		}
		catch (YAMLException ex) {
			throw new MigrationException("this can't be parsed");
		}
		throw new MigrationException("this is no configuration: it is empty, or no mapping of names to values");
	}

}
