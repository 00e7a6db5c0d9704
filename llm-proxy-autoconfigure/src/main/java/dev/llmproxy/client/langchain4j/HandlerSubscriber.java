package dev.llmproxy.client.langchain4j;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.CompleteResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import reactor.core.publisher.BaseSubscriber;

/**
 * Tells a handler of a stream. What a handler throws is told to its {@code onError}, as
 * everywhere in LangChain4j; cancelled is the call upstream, too.
 */
final class HandlerSubscriber extends BaseSubscriber<ChatModelStreamingEvent> implements StreamingHandle {

	private final StreamingChatResponseHandler handler;

	HandlerSubscriber(StreamingChatResponseHandler handler) {
		this.handler = handler;
	}

	@Override
	protected void hookOnNext(ChatModelStreamingEvent event) {
		if (event instanceof PartialResponse partial) {
			InternalStreamingChatResponseHandlerUtils.onPartialResponse(this.handler, partial.text(), this);
		}
		else if (event instanceof PartialThinking partial) {
			InternalStreamingChatResponseHandlerUtils.onPartialThinking(this.handler, partial.text(), this);
		}
		else if (event instanceof PartialToolCall partial) {
			InternalStreamingChatResponseHandlerUtils.onPartialToolCall(this.handler, partial, this);
		}
		else if (event instanceof CompleteToolCall call) {
			InternalStreamingChatResponseHandlerUtils.onCompleteToolCall(this.handler, call);
		}
		else if (event instanceof CompleteResponse complete) {
			InternalStreamingChatResponseHandlerUtils.onCompleteResponse(this.handler, complete.chatResponse());
		}
	}

	@Override
	protected void hookOnError(Throwable failure) {
		InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> this.handler.onError(failure));
	}

	@Override
	public boolean isCancelled() {
		return isDisposed();
	}

}
