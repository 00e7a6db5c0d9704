package dev.llmproxy.dialect.framing;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SseEventTests {

	@Test
	void isComparedByContent() {
		assertThat(event("a", "1", "x")).isEqualTo(event("a", "1", "x")).hasSameHashCodeAs(event("a", "1", "x"));
		assertThat(event("a", "1", "x")).isNotEqualTo(event("b", "1", "x"))
			.isNotEqualTo(event("a", "2", "x"))
			.isNotEqualTo(event("a", "1", "y"))
			.isNotEqualTo(event(null, null, "x"));
	}

	@Test
	void doesNotShowItsData() {
		assertThat(event("a", null, "secret")).hasToString("SseEvent[event=a, id=null, 6 bytes]");
	}

	@Test
	void knowsTheDoneMark() {
		assertThat(event(null, null, "[DONE]").isDone()).isTrue();
		assertThat(event(null, null, "[DONE] ").isDone()).isFalse();
		assertThat(event(null, null, "").isDone()).isFalse();
	}

	private static SseEvent event(String name, String id, String data) {
		return new SseEvent(name, id, data.getBytes(StandardCharsets.UTF_8));
	}

}
