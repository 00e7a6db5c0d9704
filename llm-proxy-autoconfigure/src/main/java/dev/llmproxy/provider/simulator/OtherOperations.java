package dev.llmproxy.provider.simulator;

import java.time.Clock;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.TokenCountCodec;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.TokenEstimate;

/** Answers what is no chat. Thread-safe. */
final class OtherOperations {

	private static final int MOST_INPUTS = 2048;

	/** Numbers of one answer: as many inputs as OpenAI takes, of its usual length. */
	private static final long MOST_NUMBERS = MOST_INPUTS * 1536L;

	private final SimulatorSettings settings;

	private final Codecs codecs;

	private final Clock clock;

	OtherOperations(SimulatorSettings settings, Codecs codecs, Clock clock) {
		this.settings = settings;
		this.codecs = codecs;
		this.clock = clock;
	}

	boolean supports(Operation operation, Dialect dialect) {
		return switch (operation) {
			case EMBEDDINGS -> this.codecs.embeddings(dialect) != null;
			case COUNT_TOKENS -> this.codecs.tokenCounts(dialect) != null;
			case MODERATION, IMAGE_GENERATION, SPEECH, TRANSCRIPTION, RERANK -> dialect.equals(Dialect.OPENAI);
			case CHAT, PASS_THROUGH -> false;
		};
	}

	/**
	 * The answer.
	 * @throws InvalidRequestException naming the offending field
	 */
	ResponseBody answer(LlmRequest request, String model) {
		return switch (request.operation()) {
			case EMBEDDINGS -> embeddings(request, model);
			case COUNT_TOKENS -> count(request);
			case MODERATION -> new ModerationAnswer(request, model).body();
			case IMAGE_GENERATION -> new ImageAnswer(request, this.clock.instant()).body();
			case SPEECH -> Speech.answer(request);
			case TRANSCRIPTION -> Transcript.answer(request);
			case RERANK -> new RerankAnswer(request, model).body();
			case CHAT, PASS_THROUGH -> throw new IllegalArgumentException("Not offered");
		};
	}

	private ResponseBody embeddings(LlmRequest request, String model) {
		EmbeddingsCodec codec = Objects.requireNonNull(this.codecs.embeddings(request.dialect()));
		EmbeddingsRequest asked = codec.decodeRequest(request.body(), request.envelope()).withModel(model);
		int dimensions = (asked.dimensions() != null) ? asked.dimensions() : this.settings.embeddingDimensions();
		if (dimensions < 1 || dimensions > SimulatorSettings.MAX_DIMENSIONS) {
			throw new InvalidRequestException(
					"The simulator's vectors have 1 to " + SimulatorSettings.MAX_DIMENSIONS + " dimensions.",
					"dimensions");
		}
		int inputs = asked.inputs().size();
		if (inputs > MOST_INPUTS || (long) inputs * dimensions > MOST_NUMBERS) {
			throw new InvalidRequestException("The simulator takes at most "
					+ Math.min(MOST_INPUTS, MOST_NUMBERS / dimensions) + " inputs of this dimension at once.", "input");
		}
		List<float[]> vectors = asked.inputs().stream().map((input) -> WordVectors.of(input, dimensions)).toList();
		long tokens = asked.inputs().stream().mapToLong(Tokens::count).sum();
		return new ResponseBody.Json(request.dialect(),
				codec.encodeResponse(new EmbeddingsResponse(model, vectors, Usage.of(tokens, 0)), asked));
	}

	private ResponseBody count(LlmRequest request) {
		TokenCountCodec codec = Objects.requireNonNull(this.codecs.tokenCounts(request.dialect()));
		return new ResponseBody.Json(request.dialect(), codec.encodeCountResponse(TokenEstimate.of(request.chat())));
	}

}
