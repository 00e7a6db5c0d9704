package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway as LangChain4j's models. Nothing here is LangChain4j's, because all
 * properties are looked at where LangChain4j is not, too.
 *
 * @param enabled whether there are such beans, where LangChain4j is on the class path
 * @param chat what a request leaves open
 * @param embedding what a request for vectors leaves open
 */
@ConfigurationProperties("llm-proxy.langchain4j")
record LangChain4jProperties(@DefaultValue("true") boolean enabled, @DefaultValue Chat chat,
		@DefaultValue Embedding embedding) {

	/**
	 * What a request leaves open.
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
