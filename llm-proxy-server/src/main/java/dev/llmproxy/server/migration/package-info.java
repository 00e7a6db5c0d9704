/**
 * Makes the gateway's configuration of other gateways' ones. Plain Java over parsed YAML
 * and JSON: it knows the names of properties, and of vendors by
 * {@link dev.llmproxy.provider.ProviderPresets}. Start with
 * {@link dev.llmproxy.server.migration.Migration}.
 */
@NullMarked
package dev.llmproxy.server.migration;

import org.jspecify.annotations.NullMarked;
