package dev.llmproxy.autoconfigure.test;

import java.lang.reflect.Method;

import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A test that asks what was not recorded fails, whatever its application makes of it. */
class MissingRecordingTest {

	@Test
	void failsAfterwards() throws Exception {
		TestContextManager manager = new TestContextManager(Careless.class);
		Careless test = new Careless();
		Method method = Careless.class.getDeclaredMethod("asks");
		manager.prepareTestInstance(test);
		manager.beforeTestMethod(test, method);
		test.asks();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> manager.afterTestMethod(test, method, null))
			.withMessageContaining("/body/messages/0/content: recorded \"Hello\", asked \"Good bye\"");
	}

	/** Its name keeps it from being run by itself. */
	@LlmGatewayTest
	@TestPropertySource(properties = { "llm-proxy.providers.openai.api-key=not-a-key-0123456789",
			"llm-proxy.spring-ai.chat.model=openai/gpt-4o-mini",
			"llm-proxy.test.cassette=src/test/resources/cassettes/greeting.json" })
	static class Careless {

		@Autowired
		private ChatModel model;

		void asks() {
			try {
				this.model.call("Good bye");
			}
			catch (RuntimeException ex) {
				// As an application does that has something else to say then.
			}
		}

	}

}
