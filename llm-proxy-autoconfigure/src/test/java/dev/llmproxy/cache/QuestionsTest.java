package dev.llmproxy.cache;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests that a generator makes, writes in other ways, and changes: what means the same
 * is one question, and everything else is another.
 */
class QuestionsTest {

	private static final int REQUESTS = Integer.getInteger("llm-proxy.test.requests", 2_000);

	private static final int PROBES = Integer.getInteger("llm-proxy.test.probes", 100_000);

	private static final List<String> WORDS = List.of("", "a", "A", "b", "hi", "hi ", "1", "null", "\u00e9", "e\u0301",
			"\ud83d\ude00", "\n", "\"", "\\", "key:alice", "true", "{}", "[]", "\u0000x", "messages", "model");

	private final Questions questions = new Questions((request) -> "up/m");

	private final Random random = new Random(42);

	private CacheKey key(Caller caller, String body) {
		CacheKey key = this.questions
			.of(Asking.request(caller, Operation.CHAT, body), CachePolicy.Tenant.KEY, List.of())
			.key();
		assertThat(key).isNotNull();
		return key;
	}

	@Test
	void whatMeansTheSameIsOneQuestionAndNothingElseIs() {
		Map<CacheKey, Object> seen = new HashMap<>();
		for (int i = 0; i < REQUESTS; i++) {
			Map<String, @Nullable Object> request = request();
			CacheKey key = key(Asking.ALICE, written(request));
			for (int j = 0; j < 3; j++) {
				Map<String, @Nullable Object> same = new LinkedHashMap<>(request);
				same.put("stream", this.random.nextBoolean());
				same.put("logit_bias", null);
				assertThat(key(Asking.ALICE, written(same))).as(() -> written(same)).isEqualTo(key);
			}
			Object meaning = meaning(request);
			Object before = seen.put(key, meaning);
			assertThat((before != null) ? before : meaning).isEqualTo(meaning);
			Map<String, @Nullable Object> other = mutated(request);
			assertThat(key(Asking.ALICE, written(other)).equals(key)).as(() -> written(request) + " " + written(other))
				.isEqualTo(meaning(other).equals(meaning));
		}
	}

	/** The same request must be no other tenant's, whatever either is called or asks. */
	@Test
	void noTenantReachesAnothersAnswers() {
		Asking asking = new Asking(Asking.POLICY);
		List<String> ids = List.of("alice", "alice\u0000", "key:alice", "team:alice", "alic", "e", "", "Alice",
				"alice ", "chat", "alicechat");
		List<String> bodies = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			bodies
				.add(Asking.body(",\"user\":\"" + ids.get(i % ids.size()).replace("\u0000", "") + "\",\"seed\":" + i));
		}
		for (String body : bodies) {
			asking.text(Asking.request(new Caller("victim", List.of(), "red"), Operation.CHAT, body));
		}
		Set<String> outcomes = new HashSet<>();
		int calls = asking.calls.size();
		for (int i = 0; i < PROBES; i++) {
			String name = ids.get(this.random.nextInt(ids.size()));
			String id = (this.random.nextInt(4) == 0 && !name.isEmpty()) ? name + "victim" : name;
			String team = this.random.nextBoolean() ? "red" : "victim";
			String body = bodies.get(this.random.nextInt(bodies.size()));
			String header = this.random.nextBoolean() ? "llm-proxy-cache-key" : "x-tenant";
			var request = Asking.request(new Caller(id, List.of(), team), Operation.CHAT, body,
					Asking.header((i % 3 == 0) ? header : "cache-control", (i % 3 == 0) ? "victim" : "only-if-cached"));
			try {
				if (i % 3 != 0) {
					outcomes.add(asking.ask(request).block().headers().getFirst(CacheFilter.HEADER));
				}
				else {
					CacheKey key = this.questions.of(request, CachePolicy.Tenant.KEY, List.of()).key();
					if (asking.local.peek(key) != null) {
						outcomes.add("hit");
					}
				}
			}
			catch (dev.llmproxy.gateway.LlmException ex) {
				outcomes.add(String.valueOf(ex.error().code()));
			}
		}
		assertThat(outcomes).containsExactly("not_cached");
		assertThat(asking.calls).hasSize(calls);
		System.out.println(PROBES + " probes of other tenants: 0 hits");
	}

	private Map<String, @Nullable Object> request() {
		Map<String, @Nullable Object> request = new LinkedHashMap<>();
		request.put("model", "m" + this.random.nextInt(3));
		List<Object> messages = new ArrayList<>();
		for (int i = 0; i <= this.random.nextInt(3); i++) {
			Map<String, @Nullable Object> message = new LinkedHashMap<>();
			message.put("role", (i % 2 == 0) ? "user" : "assistant");
			message.put("content", this.random.nextBoolean() ? word() + word() : new ArrayList<Object>(
					List.of(new LinkedHashMap<String, Object>(Map.of("type", "text", "text", word())))));
			messages.add(message);
		}
		request.put("messages", messages);
		maybe(request, "temperature", number());
		maybe(request, "max_tokens", 1 + this.random.nextInt(3));
		maybe(request, "user", word());
		maybe(request, "stop", new ArrayList<Object>(List.of("x", "y")));
		maybe(request, "tools", new ArrayList<Object>(List.of(tool())));
		return request;
	}

	private void maybe(Map<String, @Nullable Object> request, String name, Object value) {
		if (this.random.nextBoolean()) {
			request.put(name, value);
		}
	}

	private Object tool() {
		Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
		parameters.put("type", "object");
		parameters.put("properties", value(2));
		Map<String, @Nullable Object> function = new LinkedHashMap<>();
		function.put("name", "f" + this.random.nextInt(2));
		function.put("parameters", parameters);
		return new LinkedHashMap<String, @Nullable Object>(Map.of("type", "function", "function", function));
	}

	private @Nullable Object value(int depth) {
		return switch ((depth == 0) ? this.random.nextInt(4) : 4) {
			case 0 -> word();
			case 1 -> number();
			case 2 -> this.random.nextBoolean();
			case 3 -> null;
			default -> {
				Map<String, @Nullable Object> object = new LinkedHashMap<>();
				for (int i = 0; i < this.random.nextInt(4); i++) {
					object.put("p" + this.random.nextInt(5), value(depth - 1));
				}
				yield object;
			}
		};
	}

	private BigDecimal number() {
		return List
			.of(BigDecimal.ZERO, new BigDecimal("0.1"), BigDecimal.ONE, new BigDecimal("0.10000000000000001"),
					new BigDecimal("0.5"))
			.get(this.random.nextInt(5));
	}

	private String word() {
		return WORDS.get(this.random.nextInt(WORDS.size()));
	}

	/** One place of it is another. */
	private Map<String, @Nullable Object> mutated(Map<String, @Nullable Object> request) {
		Map<String, @Nullable Object> copy = copied(request);
		List<String> names = new ArrayList<>(copy.keySet());
		String name = names.get(this.random.nextInt(names.size()));
		if (name.equals("messages") && copy.get(name) instanceof List<?> messages) {
			List<Object> changed = new ArrayList<>(messages);
			if (changed.size() > 1 && this.random.nextBoolean()) {
				Collections.swap(changed, 0, changed.size() - 1);
			}
			else {
				Map<String, @Nullable Object> message = new LinkedHashMap<>();
				message.put("role", "user");
				message.put("content", word());
				changed.add(this.random.nextInt(changed.size() + 1), message);
			}
			copy.put(name, changed);
		}
		else if (name.equals("model") || this.random.nextBoolean()) {
			copy.put(name, switch (name) {
				case "model" -> "m" + this.random.nextInt(4);
				case "temperature" -> number();
				case "max_tokens" -> 1 + this.random.nextInt(4);
				case "user" -> word();
				case "stop" -> new ArrayList<Object>(List.of("y", "x"));
				default -> new ArrayList<Object>(List.of(tool()));
			});
		}
		else {
			copy.remove(name);
		}
		return copy;
	}

	private static Map<String, @Nullable Object> copied(Map<String, @Nullable Object> request) {
		return new LinkedHashMap<>(request);
	}

	/** What is compared by value: objects without order, numbers by what they are. */
	private static Object meaning(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<Object, Object> meaning = new HashMap<>();
			map.forEach((name, member) -> meaning.put(name, meaning(member)));
			return meaning;
		}
		if (value instanceof List<?> list) {
			return list.stream().map(QuestionsTest::meaning).toList();
		}
		return (value instanceof Number number)
				? new BigDecimal(number.toString()).stripTrailingZeros().toString() + "n"
				: (value instanceof String text) ? "s" + text : String.valueOf(value);
	}

	/** As JSON, in one of many ways. */
	private String written(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			List<Map.Entry<?, ?>> members = new ArrayList<>(map.entrySet());
			Collections.shuffle(members, this.random);
			List<String> written = members.stream()
				.map((member) -> space() + text(String.valueOf(member.getKey())) + space() + ":" + space()
						+ written(member.getValue()) + space())
				.toList();
			return "{" + String.join(",", written) + "}";
		}
		if (value instanceof List<?> list) {
			return "[" + String.join(",", list.stream().map((item) -> space() + written(item) + space()).toList())
					+ "]";
		}
		if (value instanceof BigDecimal number) {
			return switch (this.random.nextInt(4)) {
				case 0 -> number.toPlainString();
				case 1 -> number.setScale(number.scale() + 2).toPlainString();
				case 2 -> number.movePointLeft(2).toPlainString() + "E2";
				default -> number.movePointRight(1).toPlainString() + "e-1";
			};
		}
		return (value instanceof String text) ? text(text) : String.valueOf(value);
	}

	private String space() {
		return List.of("", " ", "\n", "\t ").get(this.random.nextInt(4));
	}

	private String text(String text) {
		StringBuilder written = new StringBuilder("\"");
		for (char c : text.toCharArray()) {
			if (c < 0x20 || c == '"' || c == '\\' || (c < 0x80 && this.random.nextInt(5) == 0)) {
				written.append(String.format("\\u%04x", (int) c));
			}
			else {
				written.append(c);
			}
		}
		return written.append('"').toString();
	}

}
