package dev.llmproxy.autoconfigure;

import java.sql.DriverManager;
import java.sql.SQLException;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.jdbc.JdbcLedger;
import org.flywaydb.core.Flyway;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The ledger in a database. It has a small pool of its own unless the application has a
 * DataSource; none of Spring Boot's own configuration of databases is needed for it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ JdbcTemplate.class, Flyway.class, HikariDataSource.class })
@ConditionalOnProperty(name = "llm-proxy.usage.ledger.store", havingValue = "jdbc")
class JdbcLedgerConfiguration {

	private static final String URL = "llm-proxy.usage.ledger.jdbc.url";

	/** A database that is away must not hold up a stop of the server. */
	private static final long CONNECT_MILLIS = 3000;

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean(UsageLedger.class)
	JdbcLedger llmJdbcLedger(UsageProperties properties, ObjectProvider<DataSource> dataSources) {
		UsageProperties.Jdbc jdbc = properties.ledger().jdbc();
		if (jdbc.url() != null) {
			HikariDataSource own = pool(jdbc.url(), jdbc);
			return new JdbcLedger(own, own::close);
		}
		DataSource shared = dataSources.getIfUnique();
		if (shared == null) {
			throw new InvalidPropertyException(URL, "it is not set, and the application has no DataSource",
					"Set it to an address such as jdbc:postgresql://db.internal/llm or jdbc:h2:file:./data/usage.");
		}
		return new JdbcLedger(shared, () -> {
		});
	}

	/** Connects when it is first used, so that a database may come up later. */
	private static HikariDataSource pool(String url, UsageProperties.Jdbc jdbc) {
		try {
			DriverManager.getDriver(url);
		}
		catch (SQLException ex) {
			throw new InvalidPropertyException(URL, "there is no driver for this kind of address",
					"Use one that begins with jdbc:postgresql: or jdbc:h2:, and have the driver on the class path.");
		}
		if (jdbc.connections() < 1) {
			throw new InvalidPropertyException("llm-proxy.usage.ledger.jdbc.connections", "it is not positive",
					"Use a number such as 4.");
		}
		HikariDataSource pool = new HikariDataSource();
		pool.setPoolName("llm-proxy-ledger");
		pool.setJdbcUrl(url);
		pool.setUsername(jdbc.username());
		pool.setPassword(jdbc.password());
		pool.setMaximumPoolSize(jdbc.connections());
		pool.setMinimumIdle(1);
		pool.setConnectionTimeout(CONNECT_MILLIS);
		pool.setInitializationFailTimeout(-1);
		if (url.startsWith("jdbc:postgresql:")) {
			pool.addDataSourceProperty("reWriteBatchedInserts", "true");
			pool.addDataSourceProperty("socketTimeout", "30");
		}
		return pool;
	}

}
