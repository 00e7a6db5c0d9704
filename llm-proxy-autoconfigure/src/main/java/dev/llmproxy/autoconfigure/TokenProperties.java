package dev.llmproxy.autoconfigure;

import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tokens of prompts are counted, where the gateway has to do it itself.
 *
 * @param counting whether tokens are estimated, or counted where that is possible
 * @param countAs names of models, with * for any run of characters, and the model whose
 * tokens they have: for deployments with names of their own
 */
@ConfigurationProperties("llm-proxy.tokens")
record TokenProperties(@DefaultValue("estimate") Counting counting, @DefaultValue Map<String, String> countAs) {

	/** How tokens are counted. */
	enum Counting {

		/** By rules of thumb, which are off by some percent. */
		ESTIMATE,

		/** With their own vocabulary for OpenAI's models; others are estimated. */
		EXACT

	}

}
