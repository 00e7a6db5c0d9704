/**
 * Answers that are known already: an exact cache of whole answers and streams, with one
 * call for any number of equal requests at once. Depends on {@code chat},
 * {@code dialect}, {@code gateway} and {@code provider} only.
 * {@link dev.llmproxy.cache.CacheFilter} is where to start.
 */
@NullMarked
package dev.llmproxy.cache;

import org.jspecify.annotations.NullMarked;
