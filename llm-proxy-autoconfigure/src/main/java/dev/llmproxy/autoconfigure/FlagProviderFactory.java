package dev.llmproxy.autoconfigure;

import dev.openfeature.sdk.FeatureProvider;

/** Makes an OpenFeature provider when the first flag is asked. */
interface FlagProviderFactory {

	/** Makes it. */
	FeatureProvider create();

	/** Whether each flag is a question to a server. */
	boolean remote();

}
