package dev.llmproxy.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A collector: takes spans and metrics by OTLP over HTTP (protobuf, compressed or not) on
 * a port of this machine, and keeps them. It can be told to fail, to take its time, and
 * to hang; a receiver that is closed refuses connections. Thread-safe.
 */
public final class OtlpReceiver implements AutoCloseable {

	private static final CountDownLatch OPEN = new CountDownLatch(0);

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "otlp-receiver");
		thread.setDaemon(true);
		return thread;
	});

	private final List<OtlpSpan> spans = new CopyOnWriteArrayList<>();

	private final List<OtlpMetric> metrics = new CopyOnWriteArrayList<>();

	private final List<String> bodies = new CopyOnWriteArrayList<>();

	private final AtomicInteger requests = new AtomicInteger();

	private volatile int status = 200;

	private volatile CountDownLatch gate = OPEN;

	private OtlpReceiver(int port) throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	/** On a free port. */
	public static OtlpReceiver start() {
		return start(0);
	}

	/** On the port of one that was closed. */
	public static OtlpReceiver start(int port) {
		try {
			return new OtlpReceiver(port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.server.getAddress().getPort();
	}

	/** Where spans are sent to. */
	public URI traces() {
		return URI.create("http://127.0.0.1:" + port() + "/v1/traces");
	}

	/** Where metrics are sent to. */
	public URI metricsUrl() {
		return URI.create("http://127.0.0.1:" + port() + "/v1/metrics");
	}

	/** All spans that came, in that order. */
	public List<OtlpSpan> spans() {
		return List.copyOf(this.spans);
	}

	/** All metrics that came, in that order; each as often as it was sent. */
	public List<OtlpMetric> metrics() {
		return List.copyOf(this.metrics);
	}

	/**
	 * Everything that came as it came, one character a byte: for looking for what must
	 * not be there.
	 */
	public List<String> bodies() {
		return List.copyOf(this.bodies);
	}

	/** How often something was sent, the failed ones included. */
	public int requests() {
		return this.requests.get();
	}

	/** Answers with this status from now on; nothing is kept unless it is 200. */
	public void answerWith(int status) {
		this.status = status;
	}

	/** Answers nothing from now on. */
	public void hang() {
		this.gate = new CountDownLatch(1);
	}

	/** Answers what it let wait, and what comes. */
	public void goOn() {
		CountDownLatch gate = this.gate;
		this.gate = OPEN;
		gate.countDown();
	}

	/** Forgets what came. */
	public void clear() {
		this.spans.clear();
		this.metrics.clear();
		this.bodies.clear();
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			byte[] body = exchange.getRequestBody().readAllBytes();
			this.requests.incrementAndGet();
			this.gate.await();
			if (this.status == 200) {
				keep(exchange, body);
			}
			exchange.getResponseHeaders().set("content-type", "application/x-protobuf");
			exchange.sendResponseHeaders(this.status, -1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void keep(HttpExchange exchange, byte[] sent) throws IOException {
		byte[] body = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"))
				? new GZIPInputStream(new ByteArrayInputStream(sent)).readAllBytes() : sent;
		this.bodies.add(new String(body, StandardCharsets.ISO_8859_1));
		switch (exchange.getRequestURI().getPath()) {
			case "/v1/traces" -> this.spans.addAll(OtlpReader.spans(body));
			case "/v1/metrics" -> this.metrics.addAll(OtlpReader.metrics(body));
			default -> throw new WireFormatException("Nothing is sent to " + exchange.getRequestURI());
		}
	}

	@Override
	public void close() {
		goOn();
		this.server.stop(0);
		this.threads.shutdownNow();
	}

}
