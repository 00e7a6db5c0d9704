package dev.llmproxy.gateway;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;

/** The body of an answer, in whichever form it was cheapest to have. */
public sealed interface ResponseBody {

	/** Gives back what the body holds, without reading it. */
	void discard();

	/**
	 * Bytes on the move, in a provider's framing. SSE and event-stream content arrives in
	 * whole frames.
	 *
	 * @param content to be subscribed to once; each buffer belongs to the subscriber
	 * @param mediaType as the provider said it
	 */
	record Wire(Dialect dialect, Framing framing, MediaType mediaType,
			Flux<DataBuffer> content) implements ResponseBody {

		@Override
		public void discard() {
			this.content.subscribe(new Cancelling());
		}

	}

	/** A whole JSON document of a dialect; can be read again and again. */
	record Json(Dialect dialect, byte[] bytes) implements ResponseBody {

		@Override
		public void discard() {
			// Held on the heap.
		}

	}

	/** A whole answer in no dialect. */
	record Whole(ChatResponse response) implements ResponseBody {

		@Override
		public void discard() {
			// Held on the heap.
		}

	}

	/**
	 * A streamed answer in no dialect.
	 *
	 * @param events to be subscribed to once
	 */
	record Events(Flux<ChatEvent> events) implements ResponseBody {

		@Override
		public void discard() {
			this.events.subscribe(new Cancelling());
		}

	}

	/** Subscribes only to cancel, which frees the upstream connection. */
	final class Cancelling extends BaseSubscriber<Object> {

		@Override
		protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
			cancel();
		}

		@Override
		protected void hookOnError(Throwable throwable) {
			// Nobody is interested any more.
		}

	}

}
