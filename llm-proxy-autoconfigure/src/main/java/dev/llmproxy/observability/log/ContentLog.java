package dev.llmproxy.observability.log;

import java.nio.ByteBuffer;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.StreamDecoder;
import dev.llmproxy.gateway.AnswerWatch;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.gateway.TraceContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;

/**
 * Logs what callers and models say, where an operator wants that: an event of its own
 * with the request id of the call's, so that it can be kept elsewhere and for another
 * time. Streams are read along. Thread-safe.
 */
public final class ContentLog implements LlmFilter {

	/** The name of the logger. */
	public static final String LOGGER = "llm-proxy.content";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private final LogQueue queue;

	private final Codecs codecs;

	private final Redaction redaction;

	private final int length;

	/**
	 * Creates the log.
	 * @param log with which it shares the queue
	 * @param length characters of a request, and of an answer
	 */
	public ContentLog(AccessLog log, Codecs codecs, Redaction redaction, int length) {
		this.queue = log.queue();
		this.codecs = codecs;
		this.redaction = redaction;
		this.length = length;
	}

	@Override
	public int getOrder() {
		return FilterOrder.OBSERVATION.order() + 200;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		return (request.operation() == Operation.CHAT && logger.isInfoEnabled())
				? new Recording(request).over(next.handle(request)) : next.handle(request);
	}

	private String finish(String text) {
		String redacted = this.redaction.apply(text);
		return (redacted.length() <= this.length) ? redacted : redacted.substring(0, this.length) + "…";
	}

	/** The newest is at the end. */
	private String finishRequest(String text) {
		String redacted = this.redaction.apply(text);
		return (redacted.length() <= this.length) ? redacted
				: "…" + redacted.substring(redacted.length() - this.length);
	}

	/** One call. */
	private final class Recording extends AnswerWatch implements LogQueue.Entry {

		private final LlmRequest request;

		private final ContentText answer = new ContentText(ContentLog.this.length);

		private @Nullable StreamDecoder decoder;

		private @Nullable ResponseBody body;

		Recording(LlmRequest request) {
			this.request = request;
		}

		@Override
		protected LlmResponse begun(LlmResponse response) {
			if (response.body() instanceof ResponseBody.Wire wire) {
				this.decoder = decoder(wire);
				return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
						wire.content().doOnNext(this::read)));
			}
			if (response.body() instanceof ResponseBody.Events events) {
				return response.withBody(new ResponseBody.Events(events.events().doOnNext(this.answer::add)));
			}
			this.body = response.body();
			return response;
		}

		private @Nullable StreamDecoder decoder(ResponseBody.Wire wire) {
			try {
				return ContentLog.this.codecs.upstream(wire.dialect()).streamDecoder();
			}
			catch (IllegalArgumentException ex) {
				return null;
			}
		}

		private void read(DataBuffer buffer) {
			StreamDecoder decoder = this.decoder;
			if (decoder == null || this.answer.isFull()) {
				return;
			}
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.toByteBuffer(buffer.readPosition(), ByteBuffer.wrap(bytes), 0, bytes.length);
			try {
				decoder.feed(bytes, 0, bytes.length, this.answer::add);
			}
			catch (RuntimeException ex) {
				// Whoever renders the answer tells of it.
				this.decoder = null;
			}
		}

		@Override
		protected void failed(Throwable failure) {
			ContentLog.this.queue.offer(this);
		}

		@Override
		protected void cancelled(@Nullable Outcome outcome) {
			ContentLog.this.queue.offer(this);
		}

		@Override
		protected void ended(Outcome outcome) {
			ContentLog.this.queue.offer(this);
		}

		/** An event and each kilobyte that is kept for it count as one. */
		@Override
		public int weight() {
			int answer = (this.body instanceof ResponseBody.Json json) ? json.bytes().length : 0;
			return 1 + (this.request.body().length + answer) / 1024;
		}

		@Override
		public void write() {
			LoggingEventBuilder event = logger.atInfo()
				.addKeyValue(CallField.REQUEST_ID.fieldName(), this.request.id());
			TraceContext trace = this.request.trace();
			if (trace != null) {
				event = event.addKeyValue(CallField.TRACE_ID.fieldName(), trace.traceId());
			}
			String caller = LogText.clean(this.request.caller().id());
			if (caller != null) {
				event = event.addKeyValue(CallField.CALLER.fieldName(), caller);
			}
			String asked = asked();
			String answered = answered();
			if (!asked.isEmpty()) {
				event = event.addKeyValue("llm_proxy.request_text", finishRequest(asked));
			}
			if (!answered.isEmpty()) {
				event = event.addKeyValue("llm_proxy.answer_text", finish(answered));
			}
			event.setMessage("What was said in " + this.request.id()).log();
		}

		private String asked() {
			try {
				return ContentText.of(this.request.chat(), ContentLog.this.length);
			}
			catch (RuntimeException ex) {
				// It could not be understood, so nothing was said.
				return "";
			}
		}

		private String answered() {
			if (this.body instanceof ResponseBody.Whole whole) {
				add(whole.response());
			}
			else if (this.body instanceof ResponseBody.Json json) {
				try {
					add(ContentLog.this.codecs.upstream(json.dialect()).decodeResponse(json.bytes()));
				}
				catch (RuntimeException ex) {
					return "";
				}
			}
			return this.answer.text();
		}

		private void add(ChatResponse response) {
			for (ChatResponse.Choice choice : response.choices()) {
				this.answer.add(ContentText.of(choice.parts()));
			}
		}

	}

}
