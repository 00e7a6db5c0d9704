package dev.llmproxy.observability.ledger.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import dev.llmproxy.observability.ledger.LedgerEntry;
import dev.llmproxy.observability.ledger.Period;
import dev.llmproxy.observability.ledger.Tokens;
import dev.llmproxy.observability.ledger.Totals;
import dev.llmproxy.observability.ledger.UsageFilter;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.UsageQuery;
import dev.llmproxy.observability.ledger.UsageReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A ledger in a database, which several nodes may share. A batch is one transaction.
 * Reports are made by the database. Thread-safe.
 */
public final class JdbcLedger implements UsageLedger {

	private static final Log logger = LogFactory.getLog(JdbcLedger.class);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DataSource dataSource;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final Runnable close;

	private volatile @Nullable String insert;

	/**
	 * Creates it; the database is not asked before {@link #open()}.
	 * @param close gives back what belongs to the ledger alone
	 */
	public JdbcLedger(DataSource dataSource, Runnable close) {
		this.dataSource = dataSource;
		this.jdbc = new JdbcTemplate(dataSource);
		this.jdbc.setQueryTimeout((int) PATIENCE.toSeconds());
		this.jdbc.setFetchSize(1000);
		this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
		this.close = close;
	}

	@Override
	public void open() {
		Schema.migrate(this.dataSource);
		try {
			boolean h2 = "H2".equals(JdbcUtils.extractDatabaseMetaData(this.dataSource,
					(metaData) -> metaData.getDatabaseProductName()));
			if (h2) {
				writeAtOnce();
			}
			this.insert = Statements.insert(h2);
		}
		catch (MetaDataAccessException ex) {
			throw new IllegalStateException("The database does not say what it is", ex);
		}
	}

	/** By default H2 has a commit in its file half a second later. */
	private void writeAtOnce() {
		try {
			this.jdbc.execute("set write_delay 0");
		}
		catch (DataAccessException ex) {
			logger.warn("The usage ledger's user may not set H2's WRITE_DELAY to 0: a kill may lose half a second more",
					ex);
		}
	}

	@Override
	public void append(List<LedgerEntry> entries) {
		String insert = opened();
		this.transaction
			.executeWithoutResult((status) -> this.jdbc.batchUpdate(insert, entries, entries.size(), JdbcLedger::set));
	}

	private String opened() {
		String insert = this.insert;
		if (insert == null) {
			throw new IllegalStateException("The usage ledger is not open yet");
		}
		return insert;
	}

	private static void set(PreparedStatement row, LedgerEntry entry) throws SQLException {
		Tokens tokens = entry.tokens();
		int i = 0;
		row.setString(++i, entry.id());
		row.setString(++i, entry.request());
		row.setInt(++i, entry.attempt());
		row.setString(++i, entry.kind());
		row.setObject(++i, entry.time().atOffset(ZoneOffset.UTC));
		row.setInt(++i, Statements.hour(entry.time()));
		row.setString(++i, entry.caller());
		row.setString(++i, (entry.team() != null) ? entry.team() : "");
		row.setString(++i, entry.operation());
		row.setString(++i, entry.route());
		row.setString(++i, entry.provider());
		row.setString(++i, entry.vendor());
		row.setString(++i, entry.target());
		row.setString(++i, entry.model());
		for (long count : new long[] { tokens.input(), tokens.output(), tokens.cacheRead(), tokens.cacheWrite(),
				tokens.reasoning(), tokens.audioInput(), tokens.audioOutput() }) {
			row.setLong(++i, count);
		}
		if (entry.cost() != null) {
			row.setLong(++i, entry.cost());
		}
		else {
			row.setNull(++i, Types.BIGINT);
		}
		row.setBoolean(++i, entry.estimated());
		row.setBoolean(++i, entry.first());
	}

	@Override
	public UsageReport report(UsageQuery query) {
		opened();
		Statements.Statement total = Statements.total(query.filter());
		List<UsageReport.Row> rows = new ArrayList<>();
		Totals sums = this.jdbc.query(total.sql(), (row) -> {
			row.next();
			return totals(row);
		}, total.parameters().toArray());
		if (sums == null || sums.attempts() == 0) {
			return new UsageReport(query, rows, Totals.NONE, false);
		}
		Statements.Statement select = Statements.rows(query);
		this.jdbc.query(select.sql(), (row) -> {
			rows.add(row(row, query));
		}, select.parameters().toArray());
		boolean more = rows.size() > query.limit();
		return new UsageReport(query, more ? rows.subList(0, query.limit()) : rows, sums, more);
	}

	private static UsageReport.Row row(ResultSet row, UsageQuery query) throws SQLException {
		int column = 13;
		Instant time = null;
		if (query.period() != Period.TOTAL) {
			long hours = row.getLong(column++) * ((query.period() == Period.DAY) ? 24 : 1);
			time = Instant.EPOCH.plus(Duration.ofHours(hours));
		}
		List<String> names = new ArrayList<>(query.by().size());
		for (int i = 0; i < query.by().size(); i++) {
			names.add(row.getString(column++));
		}
		return new UsageReport.Row(time, names, totals(row));
	}

	private static Totals totals(ResultSet row) throws SQLException {
		return new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), new Tokens(row.getLong(5),
				row.getLong(6), row.getLong(7), row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11)),
				row.getLong(12));
	}

	@Override
	public void read(UsageFilter filter, long limit, Consumer<? super LedgerEntry> reader) {
		opened();
		Statements.Statement select = Statements.read(filter, limit);
		this.jdbc.query(select.sql(), (row) -> {
			reader.accept(entry(row));
		}, select.parameters().toArray());
	}

	private static LedgerEntry entry(ResultSet row) throws SQLException {
		String team = row.getString("team");
		long cost = row.getLong("cost_nano_usd");
		Long known = row.wasNull() ? null : cost;
		return new LedgerEntry(row.getString("id"), row.getString("request_id"), row.getInt("attempt"),
				row.getString("kind"), row.getObject("charged_at", OffsetDateTime.class).toInstant(),
				row.getString("caller"), team.isEmpty() ? null : team, row.getString("operation"),
				row.getString("route"), row.getString("provider"), row.getString("vendor"), row.getString("target"),
				row.getString("model"),
				new Tokens(row.getLong("input_tokens"), row.getLong("output_tokens"), row.getLong("cache_read_tokens"),
						row.getLong("cache_write_tokens"), row.getLong("reasoning_tokens"),
						row.getLong("audio_input_tokens"), row.getLong("audio_output_tokens")),
				known, row.getBoolean("estimated"), row.getBoolean("first_charge"));
	}

	@Override
	public void close() {
		this.close.run();
	}

}
