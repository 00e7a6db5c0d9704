package dev.llmproxy.observability.ledger.jdbc;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

/**
 * Makes the ledger's tables, with a history of its own, so that an application's own
 * migrations and these do not know each other.
 */
final class Schema {

	static final String HISTORY = "llm_proxy_ledger_history";

	private static final String LOCATION = "classpath:META-INF/llm-proxy/ledger";

	private Schema() {
	}

	/** Brings them up to date. */
	static void migrate(DataSource dataSource) {
		Flyway.configure(Schema.class.getClassLoader())
			.dataSource(dataSource)
			.locations(LOCATION)
			.table(HISTORY)
			// The database may have other tables already.
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.load()
			.migrate();
	}

}
