package dev.llmproxy.autoconfigure;

import java.util.function.UnaryOperator;

import reactor.netty.http.client.HttpClient;

/** Applies an SSL bundle to the client of a provider. */
@FunctionalInterface
interface SslCustomizer {

	UnaryOperator<HttpClient> bundle(String name);

}
