/**
 * The ledger in a database: H2 or PostgreSQL, whose tables Flyway makes. It depends on
 * {@code observability.ledger} and {@code spring-jdbc}. Start with
 * {@link dev.llmproxy.observability.ledger.jdbc.JdbcLedger}.
 */
@NullMarked
package dev.llmproxy.observability.ledger.jdbc;

import org.jspecify.annotations.NullMarked;
