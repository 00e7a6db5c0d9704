package dev.llmproxy.testkit.fake;

import java.util.function.Function;

import dev.llmproxy.testkit.ScriptedUpstream;

/**
 * The fake providers, one per API dialect, each a server of its own.
 */
public final class Fakes {

	/**
	 * A PNG of one transparent pixel, 68 bytes.
	 */
	public static final String PIXEL_BASE64 = OpenAiMedia.PIXEL;

	private Fakes() {
	}

	/**
	 * OpenAI, and with it whatever imitates OpenAI: chat completions, completions,
	 * responses, embeddings, moderations, images, audio and models under {@code /v1},
	 * Azure's paths under {@code /openai}, and rerank as Cohere does it.
	 * @return the running provider
	 */
	public static FakeProvider openAi() {
		return start(FakeOpenAi::new);
	}

	/**
	 * Anthropic: messages, token counting and models under {@code /v1}.
	 * @return the running provider
	 */
	public static FakeProvider anthropic() {
		return start(FakeAnthropic::new);
	}

	/**
	 * Gemini under {@code /v1beta/models}, and Vertex AI under {@code /v1/projects}.
	 * @return the running provider
	 */
	public static FakeProvider gemini() {
		return start(FakeGemini::new);
	}

	/**
	 * Amazon Bedrock's Converse API under {@code /model}. Requests are authenticated by
	 * an API key as bearer token, or signed with {@link SigV4#ACCESS_KEY} and
	 * {@link SigV4#SECRET_KEY}.
	 * @return the running provider
	 */
	public static FakeProvider bedrock() {
		return start(FakeBedrock::new);
	}

	private static FakeProvider start(Function<FakeState, FakeDialect> dialect) {
		FakeState state = new FakeState();
		return new FakeProvider(ScriptedUpstream.start(), state, dialect.apply(state));
	}

}
