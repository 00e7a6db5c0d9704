package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway as Spring AI's models. Nothing here is Spring AI's, because all properties
 * are looked at where Spring AI is not, too.
 *
 * @param enabled whether there are such beans, where Spring AI is on the class path
 * @param primary whether they are the ones that are injected where there are others; by
 * default the others are, and these by their names llmProxyChatModel and
 * llmProxyEmbeddingModel
 * @param chat what a prompt leaves open
 * @param embedding what a request for vectors leaves open
 */
@ConfigurationProperties("llm-proxy.spring-ai")
record SpringAiProperties(@DefaultValue("true") boolean enabled, @DefaultValue("false") boolean primary,
		@DefaultValue Chat chat, @DefaultValue Embedding embedding) {

	/**
	 * What a prompt leaves open.
	 *
	 * @param model a route, an alias or provider/model
	 * @param temperature as the model understands it
	 * @param topP as the model understands it
	 * @param maxTokens the longest answer
	 */
	record Chat(@Nullable String model, @Nullable Double temperature, @Nullable Double topP,
			@Nullable Integer maxTokens) {
	}

	/**
	 * What a request for vectors leaves open.
	 *
	 * @param model a route, an alias or provider/model
	 * @param dimensions the length of vectors; by default the model's own
	 */
	record Embedding(@Nullable String model, @Nullable Integer dimensions) {
	}

}
