package dev.llmproxy.observability.ledger.jdbc;

import java.nio.file.Path;

import com.zaxxer.hikari.HikariDataSource;
import dev.llmproxy.observability.ledger.LedgerContract;
import dev.llmproxy.observability.ledger.UsageLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class H2LedgerTest extends LedgerContract {

	@TempDir
	private static Path directory;

	private static int databases;

	private HikariDataSource pool;

	@Override
	protected UsageLedger ledger() {
		this.pool = new HikariDataSource();
		this.pool.setJdbcUrl("jdbc:h2:file:" + directory.resolve("db" + databases++).toAbsolutePath());
		return new JdbcLedger(this.pool, this.pool::close);
	}

	@Test
	void hasAHistoryOfItsOwnBesideTheTablesOfOthers() {
		JdbcTemplate jdbc = new JdbcTemplate(this.pool);
		jdbc.execute("create table others (id integer)");
		opened().open();
		assertThat(jdbc.queryForList(
				"select \"version\" from \"llm_proxy_ledger_history\" where \"version\" is not null", String.class))
			.containsExactly("1");
	}

	@Test
	void writesAtOnce() {
		assertThat(new JdbcTemplate(this.pool).queryForList(
				"select setting_value from information_schema.settings where setting_name = 'WRITE_DELAY'",
				String.class))
			.containsOnly("0");
	}

}
