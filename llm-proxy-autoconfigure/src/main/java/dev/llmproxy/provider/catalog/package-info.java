/**
 * What is known of models: facts that come along with the gateway or that an operator
 * gives, and the lists that providers tell of what they have. It depends on
 * {@code provider}. Start with {@link dev.llmproxy.provider.catalog.ModelCatalogue} and
 * {@link dev.llmproxy.provider.catalog.ModelListing}.
 */
@NullMarked
package dev.llmproxy.provider.catalog;

import org.jspecify.annotations.NullMarked;
