package dev.llmproxy.cache;

import java.util.EnumSet;
import java.util.Set;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.gateway.Operation;

/**
 * Reads an answer before it is kept: what can't be read to a proper end must not be given
 * to anybody else.
 */
final class Completeness {

	/** Filters, failures and pauses are of the moment. */
	private static final Set<FinishReason> PROPER = EnumSet.of(FinishReason.STOP, FinishReason.LENGTH,
			FinishReason.TOOL_CALLS);

	private final Codecs codecs;

	Completeness(Codecs codecs) {
		this.codecs = codecs;
	}

	boolean check(Operation operation, KeptAnswer answer) {
		try {
			if (operation == Operation.EMBEDDINGS) {
				EmbeddingsCodec codec = this.codecs.embeddings(answer.dialect());
				return codec != null && answer.framing() == null
						&& !codec.decodeResponse(answer.pieces().get(0)).embeddings().isEmpty();
			}
			return (answer.framing() == null)
					? proper(this.codecs.upstream(answer.dialect()).decodeResponse(answer.pieces().get(0)))
					: stream(answer);
		}
		catch (RuntimeException ex) {
			// Whatever is wrong with it: it is not kept, and its readers don't mind.
			return false;
		}
	}

	private boolean stream(KeptAnswer answer) {
		StreamDecoder decoder = this.codecs.upstream(answer.dialect()).streamDecoder();
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		for (byte[] piece : answer.pieces()) {
			decoder.feed(piece, 0, piece.length, assembler::accept);
		}
		decoder.end(assembler::accept);
		return assembler.error() == null && proper(assembler.assemble());
	}

	static boolean proper(ChatResponse response) {
		return !response.choices().isEmpty()
				&& response.choices().stream().allMatch((choice) -> PROPER.contains(choice.finishReason()));
	}

}
