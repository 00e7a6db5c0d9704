package dev.llmproxy.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.ReadyMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Questions and their answers in a JSON file that is fit for version control: no header
 * is in it, and nothing that says of itself that it is a key. A question that is asked
 * several times gets its answers in the order in which they were recorded, and the last
 * one from then on. Thread-safe.
 */
public final class Cassette {

	private static final int MOST_DIFFERENCES = 5;

	private final Path file;

	private final List<Recording> recordings;

	private final Map<JsonNode, Integer> played = new HashMap<>();

	private final List<String> missing = new ArrayList<>();

	private Cassette(Path file, List<Recording> recordings) {
		this.file = file;
		this.recordings = recordings;
	}

	/** One that is empty; the file is written with the first recording. */
	public static Cassette blank(Path file) {
		return new Cassette(file, new ArrayList<>());
	}

	/**
	 * One that was recorded.
	 * @throws IllegalArgumentException if there is none, or something else
	 */
	public static Cassette of(Path file) {
		if (!Files.isRegularFile(file)) {
			throw new IllegalArgumentException(
					"there is no cassette " + file + ": record it once with llm-proxy.test.cassette-mode=record");
		}
		try {
			List<Recording> recordings = new ArrayList<>();
			ReadyMapper.shared()
				.readTree(Files.readString(file))
				.path("recordings")
				.forEach((json) -> recordings.add(Recording.read(json)));
			return new Cassette(file, recordings);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(file + " is not a cassette: it is not JSON");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** How many answers are on it. */
	public synchronized int size() {
		return this.recordings.size();
	}

	/**
	 * What was asked and is not on it, with what is different from the nearest that is;
	 * forgotten once told.
	 */
	public synchronized List<String> takeMissing() {
		List<String> taken = List.copyOf(this.missing);
		this.missing.clear();
		return taken;
	}

	/** Begins anew with every question's first answer. */
	public synchronized void rewind() {
		this.played.clear();
		this.missing.clear();
	}

	synchronized void add(Recording recording) {
		this.recordings.add(recording);
		save();
	}

	/** The answer that is next; {@code null} for none, which is remembered. */
	synchronized @Nullable JsonNode play(JsonNode request) {
		List<Recording> same = this.recordings.stream().filter((one) -> one.request().equals(request)).toList();
		if (same.isEmpty()) {
			this.missing.add(explain(request));
			return null;
		}
		int turn = this.played.merge(request, 1, Integer::sum) - 1;
		return same.get(Math.min(turn, same.size() - 1)).response();
	}

	synchronized String explain(JsonNode request) {
		StringBuilder text = new StringBuilder("Nothing like this was recorded in ").append(this.file).append('.');
		this.recordings.stream()
			.map((one) -> one.differences(request))
			.min(Comparator.comparingInt(Map::size))
			.ifPresent((differences) -> {
				text.append(" The nearest is different in");
				differences.entrySet()
					.stream()
					.limit(MOST_DIFFERENCES)
					.forEach((one) -> text.append("\n  ").append(one.getKey()).append(": ").append(one.getValue()));
				if (differences.size() > MOST_DIFFERENCES) {
					text.append("\n  and ").append(differences.size() - MOST_DIFFERENCES).append(" more");
				}
			});
		return text.append("\nRecord it with llm-proxy.test.cassette-mode=record.").toString();
	}

	private void save() {
		ObjectNode json = JsonNodeFactory.instance.objectNode();
		json.put("version", 1);
		ArrayNode all = json.putArray("recordings");
		this.recordings.forEach((one) -> all.add(one.write()));
		try {
			Path parent = this.file.toAbsolutePath().getParent();
			if (parent != null) {
				Files.createDirectories(parent);
			}
			Path draft = this.file.resolveSibling(this.file.getFileName() + ".tmp");
			Files.writeString(draft,
					ReadyMapper.shared().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json)
							+ "\n");
			Files.move(draft, this.file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
