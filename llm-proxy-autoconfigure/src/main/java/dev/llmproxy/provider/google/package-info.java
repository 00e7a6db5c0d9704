/**
 * Tokens for Vertex AI. It depends on {@code provider} and on Google's authentication
 * library, which is optional: nothing outside of this package may touch it. Start with
 * {@link dev.llmproxy.provider.google.GoogleOAuthAuthenticator}.
 */
@NullMarked
package dev.llmproxy.provider.google;

import org.jspecify.annotations.NullMarked;
