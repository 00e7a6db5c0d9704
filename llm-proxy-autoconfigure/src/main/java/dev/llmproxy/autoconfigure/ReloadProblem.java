package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;

/**
 * Why a configuration was refused. Never shows a value: it may be a secret, and a
 * parser's own message quotes what it stumbled over.
 *
 * @param property the property, or else the file, that is wrong; {@code null} where
 * nobody can tell
 */
record ReloadProblem(@Nullable String property, String problem, String action) {

	private static final String CORRECT_FILE = "Correct the file. Until then what held before does.";

	/**
	 * Explains a failure.
	 * @param file that can't be parsed, if there is one
	 */
	static ReloadProblem of(Throwable failure, @Nullable String file) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			ReloadProblem known = known(cause, file);
			if (known != null) {
				return known;
			}
		}
		return new ReloadProblem(file, "it can't be read (" + failure.getClass().getSimpleName() + ")", CORRECT_FILE);
	}

	private static @Nullable ReloadProblem known(Throwable cause, @Nullable String file) {
		if (cause instanceof InvalidPropertyException invalid) {
			return told(String.valueOf(invalid.getMessage()), invalid.action());
		}
		if (cause instanceof InvalidProviderException invalid) {
			return told(String.valueOf(invalid.getMessage()), invalid.action());
		}
		if (cause instanceof BindException bind) {
			Class<?> type = bind.getTarget().getType().resolve(Object.class);
			return new ReloadProblem(bind.getName().toString(),
					"the value is no " + type.getSimpleName() + "; it is not shown, because it may be a secret",
					"Correct it: the configuration reference says what it may be.");
		}
		if (cause instanceof MarkedYAMLException yaml) {
			Mark mark = yaml.getProblemMark();
			return new ReloadProblem(file,
					"it is no valid YAML" + ((mark != null)
							? ", in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) : ""),
					CORRECT_FILE);
		}
		return (cause instanceof ConfigDataException)
				? new ReloadProblem(null, String.valueOf(cause.getMessage()), CORRECT_FILE) : null;
	}

	private static ReloadProblem told(String message, String action) {
		int end = message.indexOf(": ");
		return (end < 0) ? new ReloadProblem(null, message, action)
				: new ReloadProblem(message.substring(0, end), message.substring(end + 2), action);
	}

	@Override
	public String toString() {
		return ((this.property != null) ? this.property + ": " : "") + this.problem + ". " + this.action;
	}

}
