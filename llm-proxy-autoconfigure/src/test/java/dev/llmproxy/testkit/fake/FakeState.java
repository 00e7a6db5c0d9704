package dev.llmproxy.testkit.fake;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.testkit.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What all endpoints of one fake provider share. Thread-safe. */
final class FakeState {

	/** The time of every answer, so that answers are the same each time. */
	static final long CREATED = 1_767_225_600;

	private final AtomicLong ids = new AtomicLong();

	private final Set<String> cachedPrefixes = ConcurrentHashMap.newKeySet();

	private final Map<String, JsonNode> stored = new ConcurrentHashMap<>();

	private volatile Behaviour behaviour = new StandardBehaviour();

	private volatile String apiKey = "test-key";

	private volatile int contextWindow = 1_000_000;

	/** An identifier that has not been used yet. */
	String id(String prefix) {
		return prefix + "fake" + String.format("%06d", this.ids.incrementAndGet());
	}

	Behaviour behaviour() {
		return this.behaviour;
	}

	void behaviour(Behaviour behaviour) {
		this.behaviour = behaviour;
	}

	String apiKey() {
		return this.apiKey;
	}

	void apiKey(String apiKey) {
		this.apiKey = apiKey;
	}

	int contextWindow() {
		return this.contextWindow;
	}

	void contextWindow(int tokens) {
		this.contextWindow = tokens;
	}

	Map<String, JsonNode> stored() {
		return this.stored;
	}

	/** Whether the request carries the key as a bearer token. */
	boolean hasBearer(RecordedRequest request) {
		return ("Bearer " + this.apiKey).equals(request.header("Authorization"));
	}

	/** Whether a prompt prefix was marked for caching before; marks it. */
	boolean wasCached(String prefix) {
		return !this.cachedPrefixes.add(prefix);
	}

	/** The body as JSON, or {@code null} if it is none. */
	static @Nullable JsonNode parse(RecordedRequest request) {
		try {
			JsonNode body = Json.read(request.body());
			return body.isMissingNode() ? null : body;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/** A rough count of the tokens of a text: four characters each. */
	static int tokens(String text) {
		return (text.length() + 3) / 4;
	}

}
