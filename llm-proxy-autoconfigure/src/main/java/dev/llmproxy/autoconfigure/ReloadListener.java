package dev.llmproxy.autoconfigure;

/** Is told of every reload, and must not fail. */
@FunctionalInterface
interface ReloadListener {

	void reloaded(ReloadReport report);

}
