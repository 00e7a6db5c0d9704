package dev.llmproxy.observability.call;

/** What an answer tells of itself, each in a header of its own. */
public enum AnswerHeader {

	/** The name of the provider that answered, or failed last. */
	PROVIDER("llm-proxy-provider"),

	/** The model as that provider knows it. */
	MODEL("llm-proxy-model"),

	/** How many attempts were made; 0 where no provider was asked. */
	ATTEMPTS("llm-proxy-attempts"),

	/** What they cost, in USD, where that is known before the answer begins. */
	COST("llm-proxy-cost"),

	/** Milliseconds that the gateway itself took until the answer began. */
	OVERHEAD_MS("llm-proxy-overhead-ms"),

	/** The trace that the call is part of, where there is one. */
	TRACE_ID("llm-proxy-trace-id");

	private final String headerName;

	AnswerHeader(String headerName) {
		this.headerName = headerName;
	}

	public String headerName() {
		return this.headerName;
	}

}
