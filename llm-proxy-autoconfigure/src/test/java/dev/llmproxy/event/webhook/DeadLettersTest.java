package dev.llmproxy.event.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class DeadLettersTest {

	@TempDir
	private Path directory;

	@Test
	void everyLineIsAnObjectAndOldFilesArePutAsideAndForgotten() throws IOException {
		Path file = this.directory.resolve("below/letters.jsonl");
		DeadLetters letters = new DeadLetters(file, 500, 2);
		for (int i = 0; i < 40; i++) {
			add(letters, "msg_" + i);
		}
		try (Stream<Path> files = Files.list(file.getParent())) {
			assertThat(files.map((one) -> one.getFileName().toString())).containsExactlyInAnyOrder("letters.jsonl",
					"letters.jsonl.1", "letters.jsonl.2");
		}
		List<String> lines = Files.readAllLines(file);
		assertThat(Files.size(file)).isLessThanOrEqualTo(500);
		assertThat(JsonMapper.shared().readTree(lines.get(lines.size() - 1))).isEqualTo(JsonMapper.shared().readTree("""
				{"time":"1970-01-01T00:00:00Z","webhook":"ops","id":"msg_39","tries":6,"reason":"status 500",
				"message":{"type":"limit.hit"}}"""));
		assertThat(Files.readString(file.resolveSibling("letters.jsonl.1"))).doesNotContain("msg_39").contains("msg_3");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
	}

	@Test
	void nothingIsWrittenWithoutAFileAndWhatCantBeWrittenHurtsNobody() throws IOException {
		add(new DeadLetters(null, 500, 2), "msg_1");
		Path plain = Files.createFile(this.directory.resolve("plain"));
		add(new DeadLetters(plain.resolve("letters.jsonl"), 500, 2), "msg_1");
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).containsExactly(plain);
		}
	}

	private static void add(DeadLetters letters, String id) {
		letters.add(Instant.EPOCH, "ops", id, 6, "status 500",
				"{\"type\":\"limit.hit\"}".getBytes(StandardCharsets.UTF_8));
	}

}
