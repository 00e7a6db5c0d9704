package dev.llmproxy.server.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page of a browser. Keeps what the browser tells of it: requests, responses, and what
 * is said on the console.
 */
public final class BrowserPage implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final JsonMapper json = new JsonMapper();

	private final AtomicInteger ids = new AtomicInteger();

	private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

	private final List<JsonNode> events = new CopyOnWriteArrayList<>();

	private final WebSocket socket;

	BrowserPage(HttpClient http, URI address) {
		this.socket = http.newWebSocketBuilder().buildAsync(address, new Messages()).join();
		for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
			send(domain + ".enable", Map.of());
		}
	}

	/** Shows what is at an address. */
	public BrowserPage open(String url) {
		send("Page.navigate", Map.of("url", url));
		Awaitility.await().atMost(PATIENCE).until(() -> events("Page.loadEventFired").size() > 0);
		return this;
	}

	/** Whether light or dark is preferred. */
	public BrowserPage prefer(String scheme) {
		send("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
		return this;
	}

	public BrowserPage size(int width, int height) {
		send("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
		return this;
	}

	/** Takes the network away, or gives it back. */
	public void offline(boolean offline) {
		send("Network.emulateNetworkConditions",
				Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
	}

	/** What a piece of JavaScript is worth. */
	public JsonNode evaluate(String script) {
		JsonNode result = send("Runtime.evaluate",
				Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
		if (result.has("exceptionDetails")) {
			throw new IllegalStateException(result.path("exceptionDetails").toString());
		}
		return result.at("/result/value");
	}

	/** The text of the element of an id. */
	public String text(String id) {
		return evaluate("document.getElementById('" + id + "').textContent").asString();
	}

	/** The whole page, as PNG. */
	public byte[] screenshot() {
		JsonNode result = send("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
		return Base64.getDecoder().decode(result.path("data").asString());
	}

	/** What the browser has told of one kind. */
	public List<JsonNode> events(String method) {
		return this.events.stream()
			.filter((event) -> event.path("method").asString().equals(method))
			.map((event) -> event.path("params"))
			.toList();
	}

	/** What went wrong in the page, as the console shows it. */
	public List<String> problems() {
		return this.events.stream().filter((event) -> switch (event.path("method").asString()) {
			case "Runtime.exceptionThrown" -> true;
			case "Runtime.consoleAPICalled" -> event.at("/params/type").asString().matches("error|warning|assert");
			case "Log.entryAdded" -> event.at("/params/entry/level").asString().matches("error|warning");
			default -> false;
		}).map(JsonNode::toString).toList();
	}

	/** The addresses that were asked. */
	public List<String> requests() {
		return events("Network.requestWillBeSent").stream()
			.map((event) -> event.at("/request/url").asString())
			.toList();
	}

	private JsonNode send(String method, Map<String, ?> parameters) {
		int id = this.ids.incrementAndGet();
		CompletableFuture<JsonNode> answer = new CompletableFuture<>();
		this.waiting.put(id, answer);
		this.socket
			.sendText(this.json.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
			.join();
		JsonNode message = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
		if (message.has("error")) {
			throw new IllegalStateException(method + ": " + message.path("error"));
		}
		return message.path("result");
	}

	private void received(JsonNode message) {
		CompletableFuture<JsonNode> asked = message.has("id") ? this.waiting.remove(message.path("id").asInt()) : null;
		if (asked != null) {
			asked.complete(message);
		}
		else {
			this.events.add(message);
		}
	}

	@Override
	public void close() {
		send("Page.close", Map.of());
		this.socket.abort();
	}

	/** Puts messages together from their parts. */
	private final class Messages implements WebSocket.Listener {

		private final StringBuilder parts = new StringBuilder();

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.parts.append(data);
			if (last) {
				received(BrowserPage.this.json.readTree(this.parts.toString()));
				this.parts.setLength(0);
			}
			socket.request(1);
			return CompletableFuture.completedFuture(null);
		}

	}

}
