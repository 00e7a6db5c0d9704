package dev.llmproxy.plugin;

/**
 * What a plugin implements, once, in a public class with a constructor that takes
 * nothing. Its jar names the class in
 * {@code META-INF/services/dev.llmproxy.plugin.LlmProxyPlugin}, and itself in the
 * manifest, with {@code LLM-Proxy-Plugin} and {@code LLM-Proxy-Plugin-Api}. <pre>{@code
 * public final class Greeter implements LlmProxyPlugin {
 * 	public void configure(PluginParts parts) {
 * 		parts.add(LlmFilter.class, new GreetingFilter(parts.config().get("greeting")));
 * 	}
 * }
 * }</pre> A plugin that holds something implements {@link AutoCloseable} too, and is
 * closed after the last call.
 */
public interface LlmProxyPlugin {

	/**
	 * The version of what plugins are written against: the packages {@code dev.llmproxy}.
	 * A plugin fits if it wants the same first number, and no higher second one.
	 */
	String API = "1.0";

	/**
	 * Adds the plugin's parts. Called once, while the server starts, and may wait.
	 * @throws Exception if it can't: then the server does not start
	 */
	void configure(PluginParts parts) throws Exception;

}
