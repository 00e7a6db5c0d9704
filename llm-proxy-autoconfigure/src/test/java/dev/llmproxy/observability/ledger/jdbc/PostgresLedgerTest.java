package dev.llmproxy.observability.ledger.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.llmproxy.observability.ledger.LedgerContract;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.testkit.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PostgresLedgerTest extends LedgerContract {

	private static PostgresServer postgres;

	private HikariDataSource pool;

	@BeforeAll
	static void start() {
		postgres = PostgresServer.start();
	}

	@AfterAll
	static void stop() {
		postgres.close();
	}

	@Override
	protected UsageLedger ledger() {
		this.pool = new HikariDataSource();
		this.pool.setJdbcUrl(postgres.newDatabase());
		this.pool.setUsername(PostgresServer.USER);
		this.pool.setConnectionTimeout(2000);
		this.pool.addDataSourceProperty("reWriteBatchedInserts", "true");
		return new JdbcLedger(this.pool, this.pool::close);
	}

	@Test
	void severalNodesMayOpenItAtOnce() throws InterruptedException {
		JdbcTemplate jdbc = new JdbcTemplate(this.pool);
		jdbc.execute("create table others (id integer)");
		Thread[] nodes = new Thread[4];
		for (int i = 0; i < nodes.length; i++) {
			nodes[i] = new Thread(() -> new JdbcLedger(this.pool, () -> {
			}).open());
			nodes[i].start();
		}
		for (Thread node : nodes) {
			node.join();
		}
		assertThat(jdbc.queryForList("select version from llm_proxy_ledger_history where version = '1'", String.class))
			.hasSize(1);
	}

	@Test
	void failsWhileTheDatabaseIsAwayAndWritesNothingTwiceAfterwards() {
		opened().append(entries(10, "caller", "model"));
		postgres.kill();
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> opened().append(entries(20, "caller", "model")));
		postgres.restart();
		// The pool takes its time to believe it.
		Awaitility.await().ignoreExceptions().until(() -> {
			opened().append(entries(20, "caller", "model"));
			return true;
		});
		assertThat(new JdbcTemplate(this.pool).queryForObject("select count(*) from llm_proxy_usage", Long.class))
			.isEqualTo(20);
	}

}
