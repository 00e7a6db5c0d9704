/**
 * Feature flags through OpenFeature: who asks, how a flag is answered from memory, and
 * what holds while a flag server is away. It depends on {@code gateway} and OpenFeature's
 * SDK. Start with {@link dev.llmproxy.flag.OpenFeatureFlags}.
 */
@NullMarked
package dev.llmproxy.flag;

import org.jspecify.annotations.NullMarked;
