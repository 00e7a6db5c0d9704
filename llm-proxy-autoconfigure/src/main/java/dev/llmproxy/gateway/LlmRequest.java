package dev.llmproxy.gateway;

import java.util.Objects;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.InboundCodec;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * One call as it came, with views that are made when somebody asks. Immutable apart from
 * the memoized {@link #chat()} and the {@link #trail()}; safe to share between attempts.
 */
public final class LlmRequest {

	private final String id;

	private final Operation operation;

	private final Dialect dialect;

	private final Caller caller;

	private final @Nullable Snapshot snapshot;

	private final HttpHeaders headers;

	private final HttpHeaders hints;

	private final Envelope envelope;

	private final byte[] body;

	private final BodySplice splice;

	private final @Nullable InboundCodec codec;

	private final boolean edited;

	private final boolean renamed;

	private final boolean strict;

	private final String method;

	private final String path;

	private final Trail trail;

	private final @Nullable TraceContext trace;

	private volatile @Nullable ChatRequest chat;

	private LlmRequest(Builder builder) {
		this.id = builder.id;
		this.operation = builder.operation;
		this.dialect = builder.dialect;
		this.caller = builder.caller;
		this.snapshot = builder.snapshot;
		this.headers = builder.headers;
		this.hints = builder.hints;
		this.envelope = Objects.requireNonNull(builder.envelope, "envelope");
		this.body = builder.body;
		this.splice = builder.splice;
		this.codec = builder.codec;
		this.edited = builder.edited;
		this.renamed = builder.renamed;
		this.strict = builder.strict;
		this.method = builder.method;
		this.path = builder.path;
		this.trail = builder.trail;
		this.trace = builder.trace;
		this.chat = builder.chat;
	}

	public static Builder builder(Operation operation, Dialect dialect) {
		return new Builder(operation, dialect);
	}

	/** The request id, also given to the caller; safe to log. */
	public String id() {
		return this.id;
	}

	public Operation operation() {
		return this.operation;
	}

	/** The dialect of {@link #body()} and of the answer the caller expects. */
	public Dialect dialect() {
		return this.dialect;
	}

	public Caller caller() {
		return this.caller;
	}

	/**
	 * The configuration that it is served by, from its key to its provider; {@code null}
	 * for the one that holds when it is looked at.
	 */
	public @Nullable Snapshot snapshot() {
		return this.snapshot;
	}

	/**
	 * Whether the application itself asks, on whosever behalf: requests that come over
	 * HTTP have the configuration that their key was found in.
	 */
	public boolean inProcess() {
		return this.snapshot == null;
	}

	/** The caller's headers that may travel on to a provider. */
	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * The first value of any of the caller's headers, to decide by and not to send on;
	 * {@code null} where there is none, and for every header that may hold a credential.
	 * @param name in any case
	 */
	public @Nullable String hint(String name) {
		String value = this.hints.getFirst(name);
		// Most headers that are asked for are not there: the name is looked at last.
		return (value != null && !CredentialHeaders.mayBe(name)) ? value : null;
	}

	public Envelope envelope() {
		return this.envelope;
	}

	/** The model as the caller named it; empty where it named none. */
	public String model() {
		String model = this.envelope.model();
		return (model != null) ? model : "";
	}

	public boolean stream() {
		return this.envelope.stream();
	}

	/** Whether what a target can't take is an error instead of being dropped. */
	public boolean strict() {
		return this.strict;
	}

	/**
	 * The HTTP method; other than {@code POST} only with {@link Operation#PASS_THROUGH}.
	 */
	public String method() {
		return this.method;
	}

	/**
	 * The raw path and query below the provider's base URL, beginning with a slash; empty
	 * but with {@link Operation#PASS_THROUGH}.
	 */
	public String path() {
		return this.path;
	}

	/**
	 * The caller's bytes; not to be modified. Meaningless once {@link #edited()}.
	 */
	public byte[] body() {
		return this.body;
	}

	/** The caller's bytes with another model name; everything else byte for byte. */
	public byte[] body(String model) {
		return (!this.renamed && model.equals(this.envelope.model())) ? this.body
				: this.splice.apply(this.envelope, this.body, model);
	}

	/** Whether {@link #chat()} and not {@link #body()} says what is asked. */
	public boolean edited() {
		return this.edited;
	}

	/**
	 * The canonical view, decoded on the first call only.
	 * @throws dev.llmproxy.dialect.InvalidRequestException naming the offending field
	 * @throws IllegalStateException if this is not a chat-like request
	 */
	public ChatRequest chat() {
		ChatRequest decoded = this.chat;
		if (decoded == null) {
			if (this.codec == null) {
				throw new IllegalStateException("A request of " + this.operation + " has no canonical chat view");
			}
			decoded = this.codec.decodeRequest(this.body, this.envelope);
			this.chat = decoded;
		}
		return decoded;
	}

	/** The canonical view if there is one already; {@code null} if not. */
	public @Nullable ChatRequest decoded() {
		return this.chat;
	}

	/** What became of it so far, and of its copies. */
	public Trail trail() {
		return this.trail;
	}

	/** Where it is in a trace; {@code null} if nobody traces. */
	public @Nullable TraceContext trace() {
		return this.trace;
	}

	/** The same request at another place of a trace. */
	public LlmRequest withTrace(TraceContext trace) {
		Builder builder = new Builder(this);
		builder.trace = trace;
		return builder.build();
	}

	/**
	 * The same request for another model. The bytes stay as they are until somebody asks
	 * for {@link #body(String)}.
	 */
	public LlmRequest withModel(String model) {
		Builder builder = new Builder(this);
		builder.envelope = this.envelope.withModel(model);
		builder.renamed = true;
		ChatRequest decoded = this.chat;
		builder.chat = (decoded != null) ? decoded.withModel(model) : null;
		return builder.build();
	}

	/** The same request with other content; gives up the original bytes. */
	public LlmRequest withChat(ChatRequest chat) {
		Builder builder = new Builder(this);
		builder.chat = chat;
		builder.edited = true;
		builder.envelope = this.envelope.withModel(chat.model()).withStream(chat.stream());
		return builder.build();
	}

	/**
	 * The same request with other bytes.
	 * @param envelope that of these bytes
	 */
	public LlmRequest withBody(byte[] body, Envelope envelope) {
		Builder builder = new Builder(this);
		builder.body = body;
		builder.envelope = envelope;
		builder.edited = false;
		builder.renamed = false;
		builder.chat = null;
		return builder.build();
	}

	/** How a body gets another model name. */
	@FunctionalInterface
	public interface BodySplice {

		byte[] apply(Envelope envelope, byte[] body, String model);

	}

	/** Collects the parts; not thread-safe. */
	public static final class Builder {

		private String id = "";

		private final Operation operation;

		private final Dialect dialect;

		private Caller caller = Caller.ANONYMOUS;

		private @Nullable Snapshot snapshot;

		private HttpHeaders headers = HttpHeaders.EMPTY;

		private HttpHeaders hints = HttpHeaders.EMPTY;

		private @Nullable Envelope envelope;

		private byte[] body = new byte[0];

		private BodySplice splice = Envelope::spliceModel;

		private @Nullable InboundCodec codec;

		private boolean edited;

		private boolean renamed;

		private boolean strict;

		private String method = "POST";

		private String path = "";

		private final Trail trail;

		private @Nullable TraceContext trace;

		private @Nullable ChatRequest chat;

		private Builder(Operation operation, Dialect dialect) {
			this(operation, dialect, new Trail());
		}

		private Builder(Operation operation, Dialect dialect, Trail trail) {
			this.operation = operation;
			this.dialect = dialect;
			this.trail = trail;
		}

		private Builder(LlmRequest request) {
			this(request.operation, request.dialect, request.trail);
			this.trace = request.trace;
			this.id = request.id;
			this.caller = request.caller;
			this.snapshot = request.snapshot;
			this.headers = request.headers;
			this.hints = request.hints;
			this.envelope = request.envelope;
			this.body = request.body;
			this.splice = request.splice;
			this.codec = request.codec;
			this.edited = request.edited;
			this.renamed = request.renamed;
			this.strict = request.strict;
			this.method = request.method;
			this.path = request.path;
			this.chat = request.chat;
		}

		public Builder id(String id) {
			this.id = id;
			return this;
		}

		public Builder caller(Caller caller) {
			this.caller = caller;
			return this;
		}

		/** The configuration that the caller was found in. */
		public Builder snapshot(@Nullable Snapshot snapshot) {
			this.snapshot = snapshot;
			return this;
		}

		public Builder headers(HttpHeaders headers) {
			this.headers = headers;
			return this;
		}

		/** All headers of the caller, for {@link LlmRequest#hint}. */
		public Builder hints(HttpHeaders hints) {
			this.hints = hints;
			return this;
		}

		/** The bytes and what stands at their top level. */
		public Builder body(byte[] body, Envelope envelope) {
			this.body = body;
			this.envelope = envelope;
			return this;
		}

		public Builder splice(BodySplice splice) {
			this.splice = splice;
			return this;
		}

		/** Decodes {@link LlmRequest#chat()}. */
		public Builder codec(@Nullable InboundCodec codec) {
			this.codec = codec;
			return this;
		}

		public Builder strict(boolean strict) {
			this.strict = strict;
			return this;
		}

		/** What to ask of a provider's own path. */
		public Builder path(String method, String path) {
			this.method = method;
			this.path = path;
			return this;
		}

		public LlmRequest build() {
			return new LlmRequest(this);
		}

	}

}
