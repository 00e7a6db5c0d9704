package dev.llmproxy.observability.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Files of lines that follow one another, such as {@code usage-000001.jsonl}. All but the
 * last are complete. One thread writes; any may read, and sees whole lines only.
 */
public final class JsonLines {

	private static final Log logger = LogFactory.getLog(JsonLines.class);

	private static final int TAIL = 8192;

	private static final int CHUNK = 1 << 16;

	private final Path directory;

	private final String name;

	private final Pattern pattern;

	private final long maxSize;

	private final int maxFiles;

	private final boolean sync;

	private @Nullable FileChannel channel;

	private long number;

	/** Up to where the file is complete. */
	private long position;

	public JsonLines(Path directory, String name, long maxSize, int maxFiles, boolean sync) {
		this.directory = directory;
		this.name = name;
		this.pattern = Pattern.compile(Pattern.quote(name) + "-(\\d{6,18})\\.jsonl");
		this.maxSize = maxSize;
		this.maxFiles = maxFiles;
		this.sync = sync;
	}

	/** Goes on where the last file ends, after its last whole line. */
	public void open() throws IOException {
		List<Path> files = files();
		this.number = files.isEmpty() ? 1 : number(files.get(files.size() - 1));
		use(this.number);
	}

	private FileChannel use(long number) throws IOException {
		close();
		this.number = number;
		FileChannel channel = FileChannel.open(file(number), StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		long size = channel.size();
		long end = lastLineEnd(channel, size);
		if (end < size) {
			logger.warn("A line that was not finished is cut off at the end of " + file(number) + ": " + (size - end)
					+ " bytes");
			channel.truncate(end);
		}
		this.channel = channel;
		this.position = end;
		return channel;
	}

	private static long lastLineEnd(FileChannel channel, long size) throws IOException {
		ByteBuffer tail = ByteBuffer.allocate(TAIL);
		long end = size;
		while (end > 0) {
			int length = (int) Math.min(TAIL, end);
			tail.clear().limit(length);
			int read = channel.read(tail, end - length);
			for (int i = read - 1; i >= 0; i--) {
				if (tail.get(i) == '\n') {
					return end - length + i + 1;
				}
			}
			end -= length;
		}
		return 0;
	}

	/**
	 * Adds whole lines. When that fails nothing of them remains: what was written of them
	 * is overwritten by the next ones, or cut off.
	 */
	public void append(byte[] lines) throws IOException {
		if (this.position > 0 && this.position + lines.length > this.maxSize) {
			use(this.number + 1);
			deleteOldest();
		}
		FileChannel channel = this.channel;
		if (channel == null) {
			// The next file could not be begun when it was due.
			channel = use(this.number);
		}
		if (channel.size() > this.position) {
			channel.truncate(this.position);
		}
		ByteBuffer buffer = ByteBuffer.wrap(lines);
		long at = this.position;
		while (buffer.hasRemaining()) {
			at += channel.write(buffer, at);
		}
		if (this.sync) {
			channel.force(false);
		}
		this.position = at;
	}

	private void deleteOldest() throws IOException {
		List<Path> files = files();
		for (int i = 0; i < files.size() - this.maxFiles; i++) {
			Files.deleteIfExists(files.get(i));
		}
	}

	/** Reads the lines of all files, the oldest first, until the reader has enough. */
	void read(Predicate<byte[]> reader) throws IOException {
		for (Path file : files()) {
			try (InputStream in = Files.newInputStream(file)) {
				if (!read(in, reader)) {
					return;
				}
			}
			catch (NoSuchFileException ex) {
				// It was the oldest, and is deleted by now.
			}
		}
	}

	private static boolean read(InputStream in, Predicate<byte[]> reader) throws IOException {
		byte[] chunk = new byte[CHUNK];
		ByteArrayOutputStream line = new ByteArrayOutputStream(512);
		for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
			int start = 0;
			for (int i = 0; i < length; i++) {
				if (chunk[i] == '\n') {
					line.write(chunk, start, i - start);
					if (line.size() > 0 && !reader.test(line.toByteArray())) {
						return false;
					}
					line.reset();
					start = i + 1;
				}
			}
			line.write(chunk, start, length - start);
		}
		return true;
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> all = Files.list(this.directory)) {
			return all.filter((file) -> this.pattern.matcher(file.getFileName().toString()).matches())
				.sorted((a, b) -> Long.compare(number(a), number(b)))
				.toList();
		}
	}

	private long number(Path file) {
		Matcher matcher = this.pattern.matcher(file.getFileName().toString());
		return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
	}

	private Path file(long number) {
		return this.directory.resolve(String.format(Locale.ROOT, "%s-%06d.jsonl", this.name, number));
	}

	public void close() throws IOException {
		FileChannel channel = this.channel;
		this.channel = null;
		if (channel != null) {
			channel.close();
		}
	}

}
