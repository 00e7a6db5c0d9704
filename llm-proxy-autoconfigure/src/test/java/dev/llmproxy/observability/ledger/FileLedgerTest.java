package dev.llmproxy.observability.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FileLedgerTest extends LedgerContract {

	private static final UsageFilter ALL = new UsageFilter(DAY, DAY.plus(Duration.ofDays(1)), Map.of());

	@TempDir
	private Path directory;

	@Override
	protected UsageLedger ledger() {
		return new FileLedger(settings("contract", 1_000_000, 10));
	}

	private FileLedgerSettings settings(String name, long maxSize, int maxFiles) {
		return new FileLedgerSettings(this.directory.resolve(name), maxSize, maxFiles, true, 1000);
	}

	@Test
	void goesOnAfterARestart() {
		for (int i = 0; i < 3; i++) {
			try (FileLedger ledger = new FileLedger(settings("again", 1000, 100))) {
				ledger.open();
				ledger.append(entries(5, "caller" + i, "model"));
			}
		}
		try (FileLedger ledger = new FileLedger(settings("again", 1000, 100))) {
			ledger.open();
			assertThat(read(ledger)).hasSize(15).doesNotHaveDuplicates();
			assertThat(cost(ledger)).isEqualTo(150);
		}
	}

	/** Cuts the file at every byte of its last two lines. */
	@Test
	void aLineThatAKillToreOffIsCutAwayAndTheNextOneIsWhole() throws IOException {
		Path file = this.directory.resolve("torn").resolve("usage-000001.jsonl");
		byte[] whole;
		try (FileLedger ledger = new FileLedger(settings("torn", 1_000_000, 10))) {
			ledger.open();
			ledger.append(entries(3, "a", "model"));
			whole = Files.readAllBytes(file);
		}
		int lines = new String(whole, StandardCharsets.UTF_8).lastIndexOf('\n', whole.length - 2) + 1;
		for (int length = lines - 50; length <= whole.length; length += 7) {
			Files.write(file, Arrays.copyOf(whole, length));
			try (FileLedger ledger = new FileLedger(settings("torn", 1_000_000, 10))) {
				ledger.open();
				int kept = (length == whole.length) ? 3 : (length >= lines) ? 2 : 1;
				assertThat(read(ledger)).hasSize(kept);
				ledger.append(List.of(entry("next", "b", "model", DAY)));
				assertThat(read(ledger)).hasSize(kept + 1);
				assertThat(cost(ledger)).isEqualTo((kept + 1) * 10L);
			}
			assertThat(Files.readAllLines(file)).allMatch((line) -> line.startsWith("{\"id\":") && line.endsWith("}"));
		}
	}

	@Test
	void whatIsNoEntryIsSkipped() throws IOException {
		try (FileLedger ledger = new FileLedger(settings("odd", 1_000_000, 10))) {
			ledger.open();
			ledger.append(entries(1, "a", "model"));
		}
		Files.writeString(this.directory.resolve("odd").resolve("usage-000001.jsonl"),
				"\n[]\nnonsense\n{\"id\":\"x\",\"time\":\"?\"}\n\0\0\0\n", StandardOpenOption.APPEND);
		try (FileLedger ledger = new FileLedger(settings("odd", 1_000_000, 10))) {
			ledger.open();
			ledger.append(entries(1, "b", "model"));
			assertThat(read(ledger)).extracting(LedgerEntry::caller).containsExactly("a", "b");
		}
	}

	@Test
	void filesAreBoundedInSizeAndNumber() throws IOException {
		try (FileLedger ledger = new FileLedger(settings("bounded", 2000, 3))) {
			ledger.open();
			for (int i = 0; i < 40; i++) {
				ledger.append(entries(2, "caller" + i, "model"));
			}
			try (Stream<Path> files = Files.list(this.directory.resolve("bounded"))) {
				assertThat(files.filter((file) -> file.toString().endsWith(".jsonl"))).hasSize(3)
					.allMatch((file) -> file.toFile().length() <= 2000);
			}
			assertThat(read(ledger)).last().satisfies((entry) -> assertThat(entry.caller()).isEqualTo("caller39"));
			assertThat(cost(ledger)).isEqualTo(800);
		}
	}

	@Test
	void twoWritersCanNotHaveTheSameDirectory() {
		try (FileLedger second = new FileLedger(settings("shared", 1000, 3))) {
			try (FileLedger first = new FileLedger(settings("shared", 1000, 3))) {
				first.open();
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(second::open)
					.withStackTraceContaining("another process writes there");
			}
			second.open();
			second.append(entries(1, "a", "model"));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aDirectoryThatCanNotBeWrittenFailsUntilItCan(boolean file) throws IOException {
		Path place = this.directory.resolve("place" + file);
		Files.writeString(place, "in the way");
		try (FileLedger ledger = new FileLedger(new FileLedgerSettings(place, 1000, 3, file, 10))) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(ledger::open);
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> ledger.append(entries(1, "a", "model")));
			Files.delete(place);
			ledger.open();
			ledger.append(entries(1, "a", "model"));
			assertThat(read(ledger)).hasSize(1);
		}
	}

	private static List<LedgerEntry> read(UsageLedger ledger) {
		List<LedgerEntry> entries = new ArrayList<>();
		ledger.read(ALL, 1000, entries::add);
		return entries;
	}

	private static long cost(UsageLedger ledger) {
		return ledger.report(new UsageQuery(ALL, Period.TOTAL, List.of(), 1)).total().cost();
	}

}
