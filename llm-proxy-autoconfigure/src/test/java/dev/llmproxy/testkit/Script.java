package dev.llmproxy.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.llmproxy.testkit.ScriptDraft.Part;

/**
 * What a {@link ScriptedUpstream} does with a connection after it has read a request: a
 * list of steps, built fluently and immutable, so that scripts can be shared and
 * extended. <pre>{@code
 * Script.json(200, "{\"ok\":true}");                             // an ordinary answer
 * Script.script().delay(ofSeconds(1)).then(Script.json(200, "{}")); // a late one
 * Script.script().stall();                                       // never a response header
 * Script.script().status(200).header("content-type", "text/event-stream").chunked()
 *     .event("{\"n\":1}").gate(gate).event("{\"n\":2}").fin();    // cut in mid-stream
 * Script.script().rawBytes("HTTP/1.1 banana\r\n\r\n").close();    // not HTTP at all
 * }</pre> A message starts with {@link #status}, takes {@link #header headers} and then
 * says how its body is framed: {@link #body}, {@link #contentLength}, {@link #chunked()}
 * or {@link #closeDelimited()}. A script that leaves its message unfinished must say how
 * the connection ends ({@link #fin()}, {@link #reset()}, {@link #close()},
 * {@link #stall()}); a script that forgets to is refused when it is handed to the
 * upstream. After a finished message the connection is kept alive.
 */
public final class Script {

	private static final Set<Part> OUTSIDE_HEAD = EnumSet.complementOf(EnumSet.of(Part.HEAD, Part.OVER));

	private static final Set<Part> PLAIN_BODY = EnumSet.of(Part.SIZED, Part.UNTIL_CLOSE);

	private static final Set<Part> BEFORE_END = EnumSet.complementOf(EnumSet.of(Part.OVER));

	private final ScriptDraft draft;

	private Script(ScriptDraft draft) {
		this.draft = draft;
	}

	/**
	 * An empty script.
	 * @return the script to add steps to
	 */
	public static Script script() {
		return new Script(new ScriptDraft());
	}

	/**
	 * A complete JSON answer with a {@code Content-Length}.
	 * @param status the status code
	 * @param body the JSON text
	 * @return the script
	 */
	public static Script json(int status, String body) {
		return content(status, "application/json", utf8(body));
	}

	/**
	 * A complete answer with a {@code Content-Length}.
	 * @param status the status code
	 * @param contentType the media type
	 * @param body the body
	 * @return the script
	 */
	public static Script content(int status, String contentType, byte[] body) {
		return script().status(status).header("Content-Type", contentType).body(body);
	}

	/**
	 * A complete server-sent event stream, each event in a chunk of its own.
	 * @param events each either the data of an event, or a whole event that starts with a
	 * field name or colon ({@code "event: ping\ndata: {}"}); the blank line is added
	 * @return the script
	 */
	public static Script sse(List<String> events) {
		Script script = sseHead();
		for (String event : events) {
			script = script.event(event);
		}
		return script.endChunked();
	}

	/**
	 * A complete server-sent event stream given as the bytes of its body, in one chunk.
	 * @param body the event stream
	 * @return the script
	 */
	public static Script sseBytes(byte[] body) {
		return sseHead().chunk(body).endChunked();
	}

	/**
	 * The head of a server-sent event stream; add {@link #event events} and an end.
	 * @return the script so far
	 */
	public static Script sseHead() {
		return script().status(200).header("Content-Type", "text/event-stream").chunked();
	}

	/**
	 * A complete AWS event stream, each message in a chunk of its own.
	 * @param messages the encoded messages, see {@link EventStreamMessage}
	 * @return the script
	 */
	public static Script eventStream(List<byte[]> messages) {
		Script script = script().status(200).header("Content-Type", "application/vnd.amazon.eventstream").chunked();
		for (byte[] message : messages) {
			script = script.chunk(message);
		}
		return script.endChunked();
	}

	/**
	 * Starts a message.
	 * @param status the status code
	 * @return a script with this step added
	 */
	public Script status(int status) {
		return status(status, reason(status));
	}

	/**
	 * Starts a message.
	 * @param status the status code
	 * @param reason the reason phrase, may be empty
	 * @return a script with this step added
	 */
	public Script status(int status, String reason) {
		return with(EnumSet.of(Part.START), (d) -> {
			d.statusLine = "HTTP/1.1 " + status + " " + reason;
			d.part = Part.HEAD;
		});
	}

	/**
	 * Adds a header line. Nothing is checked: a test may want two of the same. With
	 * {@code Connection: close} the end of the script also ends the connection.
	 * @param name the header's name
	 * @param value the header's value
	 * @return a script with this step added
	 */
	public Script header(String name, String value) {
		return with(EnumSet.of(Part.HEAD), (d) -> d.headers.add(Map.entry(name, value)));
	}

	/**
	 * Ends the head and writes the whole body; adds {@code Content-Length} unless the
	 * script has set one.
	 * @param body the body
	 * @return a script with this step added
	 */
	public Script body(byte[] body) {
		return with(EnumSet.of(Part.HEAD), (d) -> {
			d.endHead("Content-Length", Long.toString(body.length));
			if (body.length > 0) {
				d.sized(body.length);
				d.payload(body);
			}
			else {
				d.part = Part.START;
			}
		});
	}

	/**
	 * The same as {@link #body(byte[])} with UTF-8 text.
	 * @param body the body
	 * @return a script with this step added
	 */
	public Script body(String body) {
		return body(utf8(body));
	}

	/**
	 * Ends the head with a {@code Content-Length}, unless the script has set one, and
	 * expects {@link #write}s of so many bytes.
	 * @param length the length to expect, in bytes
	 * @return a script with this step added
	 */
	public Script contentLength(long length) {
		return with(EnumSet.of(Part.HEAD), (d) -> {
			d.endHead("Content-Length", Long.toString(length));
			d.sized(length);
		});
	}

	/**
	 * Ends the head of a message that has no body, such as a 204.
	 * @return a script with this step added
	 */
	public Script noBody() {
		return with(EnumSet.of(Part.HEAD), (d) -> {
			d.endHead(null, "");
			d.part = Part.START;
		});
	}

	/**
	 * Ends the head with {@code Transfer-Encoding: chunked}.
	 * @return a script with this step added
	 */
	public Script chunked() {
		return with(EnumSet.of(Part.HEAD), (d) -> {
			d.endHead("Transfer-Encoding", "chunked");
			d.part = Part.CHUNKED;
		});
	}

	/**
	 * Ends the head with {@code Connection: close}; the end of the script ends the body
	 * and the connection.
	 * @return a script with this step added
	 */
	public Script closeDelimited() {
		return with(EnumSet.of(Part.HEAD), (d) -> {
			d.endHead("Connection", "close");
			d.part = Part.UNTIL_CLOSE;
		});
	}

	/**
	 * Writes one chunk of a chunked body.
	 * @param data the chunk's data, not empty
	 * @return a script with this step added
	 */
	public Script chunk(byte[] data) {
		if (data.length == 0) {
			throw new IllegalArgumentException("An empty chunk would end the body; use endChunked()");
		}
		return with(EnumSet.of(Part.CHUNKED), (d) -> d.payload(data));
	}

	/**
	 * The same as {@link #chunk(byte[])} with UTF-8 text.
	 * @param data the chunk's data, not empty
	 * @return a script with this step added
	 */
	public Script chunk(String data) {
		return chunk(utf8(data));
	}

	/**
	 * Writes one server-sent event as a chunk.
	 * @param event the data, or a whole event; see {@link #sse}
	 * @return a script with this step added
	 */
	public Script event(String event) {
		boolean whole = event.matches("(?s)(event|data|id|retry)?:.*");
		return chunk((whole ? event : "data: " + event) + "\n\n");
	}

	/**
	 * Writes the last chunk.
	 * @return a script with this step added
	 */
	public Script endChunked() {
		return with(EnumSet.of(Part.CHUNKED), (d) -> {
			d.write(ascii("0\r\n\r\n"));
			d.part = Part.START;
		});
	}

	/**
	 * Writes some of a body that was announced by {@link #contentLength} or
	 * {@link #closeDelimited()}.
	 * @param data some of the body
	 * @return a script with this step added
	 */
	public Script write(byte[] data) {
		return with(PLAIN_BODY, (d) -> d.payload(data));
	}

	/**
	 * The same as {@link #write(byte[])} with UTF-8 text.
	 * @param data some of the body
	 * @return a script with this step added
	 */
	public Script write(String data) {
		return write(utf8(data));
	}

	/**
	 * Writes bytes as they are, at any point but inside a head. From here on nobody
	 * checks that the message is complete.
	 * @param bytes what to write
	 * @return a script with this step added
	 */
	public Script rawBytes(byte[] bytes) {
		return with(OUTSIDE_HEAD, (d) -> {
			d.raw(bytes);
		});
	}

	/**
	 * The same as {@link #rawBytes(byte[])} with UTF-8 text.
	 * @param text what to write
	 * @return a script with this step added
	 */
	public Script rawBytes(String text) {
		return rawBytes(utf8(text));
	}

	/**
	 * Writes bytes a few at a time. In a chunked body every write is a chunk, in another
	 * body or outside of a message the bytes go out as they are.
	 * @param bytes what to write
	 * @param size how many bytes to write at once
	 * @param gap how long to wait between two writes
	 * @return a script with this step added
	 */
	public Script drip(byte[] bytes, int size, Duration gap) {
		return with(OUTSIDE_HEAD, (d) -> {
			for (int i = 0; i < bytes.length; i += size) {
				if (i > 0) {
					d.steps.add(new Step.Pause(gap));
				}
				byte[] piece = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size));
				d.payload(piece);
			}
		});
	}

	/**
	 * Makes the next {@link #body}, {@link #chunk}, {@link #event}, {@link #write} or
	 * {@link #rawBytes} go out in several TCP segments, without changing its bytes. The
	 * segments are written 5 ms apart, which keeps them apart on a loopback interface.
	 * @param positions where to cut, as indexes into that step's data, ascending
	 * @return a script with this step added
	 */
	public Script splitAt(int... positions) {
		return with(BEFORE_END, (d) -> d.cuts = positions.clone());
	}

	/**
	 * Waits. The wait is over early when the peer leaves.
	 * @param duration how long
	 * @return a script with this step added
	 */
	public Script delay(Duration duration) {
		return with(OUTSIDE_HEAD, (d) -> d.steps.add(new Step.Pause(duration)));
	}

	/**
	 * Waits until the test releases a latch, or the peer leaves.
	 * @param latch the latch
	 * @return a script with this step added
	 */
	public Script await(CountDownLatch latch) {
		return awaits(() -> latch);
	}

	/**
	 * Waits until the test opens a gate, or the peer leaves.
	 * @param gate the gate
	 * @return a script with this step added
	 */
	public Script gate(Gate gate) {
		return awaits(gate::enter);
	}

	private Script awaits(Supplier<CountDownLatch> latch) {
		return with(OUTSIDE_HEAD, (d) -> d.steps.add(new Step.Await(latch)));
	}

	/**
	 * Ends the script: holds the connection open and writes nothing more until the peer
	 * leaves or the upstream is closed.
	 * @return a script with this step added
	 */
	public Script stall() {
		return end(new Step.Stall());
	}

	/**
	 * Ends the script: resets the connection (RST).
	 * @return a script with this step added
	 */
	public Script reset() {
		return end(new Step.End(Step.Ending.RESET));
	}

	/**
	 * Ends the script: a bare FIN, under TLS without close_notify. What the peer does
	 * then is still observed.
	 * @return a script with this step added
	 */
	public Script fin() {
		return end(new Step.End(Step.Ending.FIN));
	}

	/**
	 * Ends the script: an orderly end of output, under TLS with close_notify.
	 * @return a script with this step added
	 */
	public Script close() {
		return end(new Step.End(Step.Ending.END_OF_OUTPUT));
	}

	private Script end(Step step) {
		return with(OUTSIDE_HEAD, (d) -> {
			d.steps.add(step);
			d.part = Part.OVER;
		});
	}

	/**
	 * Appends another script.
	 * @param next what to do afterwards
	 * @return both
	 */
	public Script then(Script next) {
		return with(EnumSet.of(Part.START), (d) -> d.append(next.draft));
	}

	/** The steps of a script, which must be complete. */
	List<Step> steps() {
		if (!this.draft.isFinished()) {
			throw new IllegalStateException("Unfinished script (" + this.draft.part
					+ "): end it with a complete body, stall(), fin(), reset() or close()");
		}
		return (this.draft.closing && this.draft.part != Part.OVER) ? close().draft.steps : this.draft.steps;
	}

	private Script with(Set<Part> allowed, Consumer<ScriptDraft> change) {
		if (!allowed.contains(this.draft.part)) {
			throw new IllegalStateException("Not possible here: the script is at " + this.draft.part);
		}
		ScriptDraft copy = new ScriptDraft(this.draft);
		change.accept(copy);
		return new Script(copy);
	}

	private static String reason(int status) {
		return switch (status) {
			case 200 -> "OK";
			case 400 -> "Bad Request";
			case 401 -> "Unauthorized";
			case 403 -> "Forbidden";
			case 404 -> "Not Found";
			case 429 -> "Too Many Requests";
			case 500 -> "Internal Server Error";
			case 502 -> "Bad Gateway";
			case 503 -> "Service Unavailable";
			case 504 -> "Gateway Timeout";
			default -> "Status " + status;
		};
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
