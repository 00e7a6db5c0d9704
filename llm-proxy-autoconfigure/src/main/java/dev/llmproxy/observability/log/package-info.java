/**
 * One event in the log for each call, in key-values that structured formats render as
 * fields. It depends on {@code observability.call} and {@code gateway}, and is the only
 * home of SLF4J: the rest of the library logs by the facade of Spring. Start with
 * {@link dev.llmproxy.observability.log.AccessLog}.
 */
@NullMarked
package dev.llmproxy.observability.log;

import org.jspecify.annotations.NullMarked;
