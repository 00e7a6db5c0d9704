/**
 * What nodes behind one load balancer tell each other: hints about targets, and what
 * operators have said. It depends on {@code resilience} and {@code provider}, and knows
 * nothing of how it is told. Start with {@link dev.llmproxy.cluster.Cluster}.
 */
@NullMarked
package dev.llmproxy.cluster;

import org.jspecify.annotations.NullMarked;
