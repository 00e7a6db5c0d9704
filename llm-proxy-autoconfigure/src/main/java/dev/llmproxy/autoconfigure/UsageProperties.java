package dev.llmproxy.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.llmproxy.observability.conversation.ConversationSettings;
import dev.llmproxy.observability.ledger.FileLedgerSettings;
import dev.llmproxy.observability.ledger.LedgerSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What is written down of what was spent.
 *
 * @param ledger one entry for each attempt that a provider is to be paid for
 * @param conversations what was said, word for word, for fine-tuning; off by default
 */
@ConfigurationProperties("llm-proxy.usage")
record UsageProperties(@DefaultValue Ledger ledger, @DefaultValue Conversations conversations) {

	/** Where entries are kept. */
	enum Store {

		/** In memory, until the process ends. */
		MEMORY,

		/** In files of JSON lines. */
		FILE,

		/** In a database, H2 or PostgreSQL, which several nodes may share. */
		JDBC

	}

	/**
	 * The ledger.
	 *
	 * @param enabled whether there is one
	 * @param store where entries are kept
	 * @param queue charges that may wait to be written; beyond that they are dropped and
	 * counted
	 * @param batch entries that are written at once
	 * @param interval after which fewer are written: what a kill loses at most while the
	 * store keeps up
	 * @param retry the longest wait until a store that failed is tried again
	 * @param lastChance how long a stop of the server waits for what is not yet written
	 * @param maxSums different combinations of hour, caller, team, model, provider and
	 * route that the stores 'memory' and 'file' tell apart; beyond that the oldest are
	 * told apart by day, caller and team only
	 * @param memory how entries are kept in memory
	 * @param file how entries are kept in files
	 * @param jdbc how entries are kept in a database
	 */
	record Ledger(@DefaultValue("true") boolean enabled, @DefaultValue("memory") Store store,
			@DefaultValue("50000") int queue, @DefaultValue("500") int batch, @DefaultValue("200ms") Duration interval,
			@DefaultValue("10s") Duration retry, @DefaultValue("5s") Duration lastChance,
			@DefaultValue("50000") int maxSums, @DefaultValue Memory memory, @DefaultValue File file,
			@DefaultValue Jdbc jdbc) {

		LedgerSettings settings() {
			return new LedgerSettings(this.queue, this.batch, this.interval, this.retry, this.lastChance);
		}

		FileLedgerSettings files() {
			return new FileLedgerSettings(this.file.directory(), this.file.maxSize().toBytes(), this.file.maxFiles(),
					this.file.sync(), this.maxSums);
		}

	}

	/**
	 * In memory.
	 *
	 * @param entries that are kept one by one; sums are kept of all
	 */
	record Memory(@DefaultValue("1000") int entries) {
	}

	/**
	 * In files.
	 *
	 * @param directory where they are; of one process alone
	 * @param maxSize of a file, after which the next one begins
	 * @param maxFiles after which the oldest is deleted
	 * @param sync whether each batch is on the disk before it counts as written; if not,
	 * it survives the end of the process but not that of the machine
	 */
	record File(@DefaultValue("data/usage") Path directory, @DefaultValue("32MB") DataSize maxSize,
			@DefaultValue("32") int maxFiles, @DefaultValue("true") boolean sync) {
	}

	/**
	 * In a database.
	 *
	 * @param url such as jdbc:postgresql://db.internal/llm or jdbc:h2:file:./data/usage;
	 * by default the application's own DataSource
	 * @param username who may create tables there
	 * @param password of that user
	 * @param connections that are open at once
	 */
	record Jdbc(@Nullable String url, @Nullable String username, @Nullable String password,
			@DefaultValue("4") int connections) {

		/** Without the password, which an address may have in it, too. */
		@Override
		public String toString() {
			return "Jdbc[username=" + this.username + "]";
		}

	}

	/**
	 * What was said, word for word: everything that callers send and models answer, with
	 * all that is personal or secret in it.
	 *
	 * @param enabled whether it is written down
	 * @param directory where the files are; of one process alone, and readable by nobody
	 * else
	 * @param routes patterns of routes whose successful chats are written down, '*' for
	 * any run of characters
	 * @param callers patterns of the ids of keys whose chats are
	 * @param maxSize of a file, after which the next one begins
	 * @param maxFiles after which the oldest is deleted
	 * @param longest a chat, its request and answer together; longer ones are left out
	 * @param queue chats that may wait to be written; beyond that they are left out and
	 * counted
	 */
	record Conversations(@DefaultValue("false") boolean enabled, @DefaultValue("data/conversations") Path directory,
			@DefaultValue List<String> routes, @DefaultValue List<String> callers,
			@DefaultValue("32MB") DataSize maxSize, @DefaultValue("32") int maxFiles,
			@DefaultValue("1MB") DataSize longest, @DefaultValue("1000") int queue) {

		ConversationSettings settings() {
			return new ConversationSettings(this.directory, this.routes, this.callers, this.maxSize.toBytes(),
					this.maxFiles, Math.toIntExact(this.longest.toBytes()), this.queue);
		}

	}

}
