package dev.llmproxy.web.connection;

/** A request is not what HTTP/1.1 allows. Carries no stack trace. */
final class MalformedRequestException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient Refusal refusal;

	MalformedRequestException(Refusal refusal) {
		super(refusal.error().message(), null, false, false);
		this.refusal = refusal;
	}

	Refusal refusal() {
		return this.refusal;
	}

}
