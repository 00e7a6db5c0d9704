package dev.llmproxy.event.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Messages that could not be delivered, one JSON object in each line of a file. A file
 * that became too large is put aside under its name and a number, and so many of these
 * are kept. What can't be written is counted. Thread-safe; blocks.
 */
public final class DeadLetters {

	private static final Log logger = LogFactory.getLog(DeadLetters.class);

	private final @Nullable Path file;

	private final long maxSize;

	private final int kept;

	private boolean failing;

	/**
	 * Creates one.
	 * @param file {@code null} to write nothing
	 * @param maxSize of one file, in bytes
	 * @param kept how many older files are kept
	 */
	public DeadLetters(@Nullable Path file, long maxSize, int kept) {
		if (maxSize < 1 || kept < 0) {
			throw new IllegalArgumentException("a file must hold something, and no less than none can be kept");
		}
		this.file = file;
		this.maxSize = maxSize;
		this.kept = kept;
	}

	/**
	 * Writes one down.
	 * @param reason why the last try failed
	 * @param body JSON
	 */
	synchronized void add(Instant time, String webhook, String id, int tries, String reason, byte[] body) {
		Path file = this.file;
		if (file == null) {
			return;
		}
		// Names, ids and reasons are words of ours without quotes.
		byte[] line = ("{\"time\":\"" + time + "\",\"webhook\":\"" + webhook + "\",\"id\":\"" + id + "\",\"tries\":"
				+ tries + ",\"reason\":\"" + reason + "\",\"message\":" + new String(body, StandardCharsets.UTF_8)
				+ "}\n")
			.getBytes(StandardCharsets.UTF_8);
		try {
			write(file, line);
			this.failing = false;
		}
		catch (IOException ex) {
			if (!this.failing) {
				this.failing = true;
				logger
					.warn("Undelivered messages can't be written to '" + file + "': " + ex.getClass().getSimpleName());
			}
		}
	}

	private void write(Path file, byte[] line) throws IOException {
		if (Files.exists(file)) {
			if (Files.size(file) + line.length > this.maxSize) {
				rotate(file);
			}
		}
		if (!Files.exists(file)) {
			Path directory = file.toAbsolutePath().getParent();
			if (directory != null) {
				Files.createDirectories(directory);
			}
			Files.createFile(file, permissions(file));
		}
		Files.write(file, line, StandardOpenOption.APPEND);
	}

	private void rotate(Path file) throws IOException {
		if (this.kept == 0) {
			Files.delete(file);
			return;
		}
		for (int i = this.kept - 1; i > 0; i--) {
			if (Files.exists(older(file, i))) {
				Files.move(older(file, i), older(file, i + 1), StandardCopyOption.REPLACE_EXISTING);
			}
		}
		Files.move(file, older(file, 1), StandardCopyOption.REPLACE_EXISTING);
	}

	private static Path older(Path file, int number) {
		return file.resolveSibling(file.getFileName() + "." + number);
	}

	/** For nobody else's eyes, where the file system knows of such. */
	private static FileAttribute<?>[] permissions(Path file) {
		return file.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
	}

}
