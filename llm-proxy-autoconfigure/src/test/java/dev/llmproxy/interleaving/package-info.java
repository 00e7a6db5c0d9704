/**
 * What tests of interleavings share. Start with
 * {@link dev.llmproxy.interleaving.Interleavings}.
 */
@NullMarked
package dev.llmproxy.interleaving;

import org.jspecify.annotations.NullMarked;
