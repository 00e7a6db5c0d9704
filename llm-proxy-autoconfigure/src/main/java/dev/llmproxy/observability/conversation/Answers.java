package dev.llmproxy.observability.conversation;

import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.gateway.ResponseBody;

/** Decodes answers that are complete. What can't be decoded is an exception. */
final class Answers {

	private final Codecs codecs;

	Answers(Codecs codecs) {
		this.codecs = codecs;
	}

	ChatResponse whole(ResponseBody body) {
		if (body instanceof ResponseBody.Whole whole) {
			return whole.response();
		}
		if (body instanceof ResponseBody.Json json) {
			return this.codecs.upstream(json.dialect()).decodeResponse(json.bytes());
		}
		throw new IllegalArgumentException("It is no whole answer");
	}

	ChatResponse streamed(Dialect dialect, List<byte[]> pieces) {
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		StreamDecoder decoder = this.codecs.upstream(dialect).streamDecoder();
		for (byte[] piece : pieces) {
			decoder.feed(piece, 0, piece.length, assembler::accept);
		}
		decoder.end(assembler::accept);
		return assembled(assembler);
	}

	ChatResponse of(List<ChatEvent> events) {
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		events.forEach(assembler::accept);
		return assembled(assembler);
	}

	private static ChatResponse assembled(ChatResponseAssembler assembler) {
		if (assembler.error() != null) {
			throw new IllegalArgumentException("The answer failed");
		}
		return assembler.assemble();
	}

}
