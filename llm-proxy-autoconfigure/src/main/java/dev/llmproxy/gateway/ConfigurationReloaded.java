package dev.llmproxy.gateway;

import java.util.List;

/**
 * Published as an application event when another configuration has begun to hold.
 *
 * @param generation of the snapshot
 * @param parts what changed, such as {@code routes}
 * @param properties the names of changed properties, never their values; empty where only
 * a file that they name has changed
 */
public record ConfigurationReloaded(long generation, List<String> parts, List<String> properties) {

	public ConfigurationReloaded {
		parts = List.copyOf(parts);
		properties = List.copyOf(properties);
	}

}
