package dev.llmproxy.dialect;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway reads from a request body without decoding it: the top-level fields
 * that routing, limits and usage depend on, and where in the body they are. Immutable,
 * and so are the arrays given to it: every edit returns a new body.
 * <p>
 * Offsets count bytes from the start of the scanned body. They mean nothing for any other
 * body, an edited one included; scan that again, or make all edits at once with
 * {@link #edit}.
 */
public final class Envelope {

	private static final Envelope NONE = new Envelope(new Fields());

	private final @Nullable String model;

	private final boolean stream;

	private final Fields fields;

	Envelope(Fields fields) {
		this(fields, fields.model, fields.stream);
	}

	/** Shares the fields: nobody writes them once an envelope has them. */
	private Envelope(Fields fields, @Nullable String model, boolean stream) {
		this.fields = fields;
		this.model = model;
		this.stream = stream;
	}

	/**
	 * The envelope of a body that is not JSON, such as a multipart form. All fields are
	 * absent, and the body cannot be edited.
	 */
	public static Envelope none() {
		return NONE;
	}

	/**
	 * The same envelope with another model, where that is not what the body says: an
	 * alias, or an API that has the model in the path or a form field. The offsets stay
	 * as they are.
	 */
	public Envelope withModel(String model) {
		return new Envelope(this.fields, model, this.stream);
	}

	/** The same envelope with another answer to {@link #stream()}. */
	public Envelope withStream(boolean stream) {
		return new Envelope(this.fields, this.model, stream);
	}

	/** The requested model, unescaped; {@code null} if the body has none. */
	public @Nullable String model() {
		return this.model;
	}

	/** Where the model starts in the body, at its quote; -1 if the body has none. */
	public int modelStart() {
		return this.fields.modelStart;
	}

	/** Just after the closing quote of the model in the body; -1 if it has none. */
	public int modelEnd() {
		return this.fields.modelEnd;
	}

	/** Whether the answer is to be streamed. */
	public boolean stream() {
		return this.stream;
	}

	/**
	 * The largest of {@code max_tokens}, {@code max_completion_tokens} and
	 * {@code max_output_tokens}; -1 if the body has none of them.
	 */
	public int maxTokens() {
		return this.fields.maxTokens;
	}

	/** How many answers are wanted: 1 to 128, and 1 if the body does not say. */
	public int n() {
		return this.fields.n;
	}

	/** The caller's own name for its user; {@code null} if the body has none. */
	public @Nullable String user() {
		return this.fields.user;
	}

	/** Whether the body sets {@code stream_options.include_usage} to {@code true}. */
	public boolean includeUsage() {
		return this.fields.includeUsage;
	}

	/**
	 * Where the value of {@code stream_options} starts in the body, at its brace or at
	 * {@code null}; -1 if the body has none.
	 */
	public int streamOptionsStart() {
		return this.fields.streamOptionsStart;
	}

	/** Just after the value of {@code stream_options}; -1 if the body has none. */
	public int streamOptionsEnd() {
		return this.fields.streamOptionsEnd;
	}

	/** Just after the opening brace of the body; -1 if it is not JSON. */
	public int objectStart() {
		return this.fields.objectStart;
	}

	/** Whether the body has no top-level fields at all. */
	public boolean empty() {
		return this.fields.empty;
	}

	/**
	 * The body with another model, and byte for byte the same otherwise. A body without a
	 * model gets it as its first member.
	 * @param body the scanned body; it is left as it is
	 * @throws IllegalArgumentException if this is not the envelope of the body
	 */
	public byte[] spliceModel(byte[] body, String model) {
		return edit(body, model, false);
	}

	/**
	 * The body with {@code stream_options.include_usage} set to {@code true}, and byte
	 * for byte the same otherwise. OpenAI refuses that option unless {@code stream} is
	 * set.
	 * @param body the scanned body; it is left as it is
	 * @return a new body, or the very same if it has the option already
	 * @throws IllegalArgumentException if this is not the envelope of the body
	 */
	public byte[] requestStreamUsage(byte[] body) {
		return edit(body, null, true);
	}

	/**
	 * Both {@link #spliceModel} and {@link #requestStreamUsage} in one copy.
	 * @param body the scanned body; it is left as it is
	 * @param model the new model, or {@code null} to leave that alone
	 * @param streamUsage whether to set {@code stream_options.include_usage}
	 * @return a new body, or the very same if there is nothing to change
	 * @throws IllegalArgumentException if this is not the envelope of the body
	 */
	public byte[] edit(byte[] body, @Nullable String model, boolean streamUsage) {
		if (body.length != this.fields.bodyLength) {
			throw new IllegalArgumentException("This is not the envelope of the body");
		}
		return EnvelopeEditor.edit(body, this.fields, model, streamUsage && !this.fields.includeUsage);
	}

	/** Without the user, who may be a person. */
	@Override
	public String toString() {
		return "Envelope[model=" + this.model + ", stream=" + this.stream + ", maxTokens=" + maxTokens() + ", n=" + n()
				+ ", includeUsage=" + includeUsage() + "]";
	}

	/** What a scan finds; written by the scanner only. */
	static final class Fields {

		@Nullable String model;

		int modelStart = -1;

		int modelEnd = -1;

		boolean stream;

		int maxTokens = -1;

		int n = 1;

		@Nullable String user;

		boolean includeUsage;

		int includeUsageStart = -1;

		int includeUsageEnd = -1;

		int streamOptionsStart = -1;

		int streamOptionsEnd = -1;

		boolean streamOptionsEmpty;

		int objectStart = -1;

		boolean empty = true;

		/** Of the scanned body; -1 if there is none, which no array's length equals. */
		int bodyLength = -1;

	}

}
