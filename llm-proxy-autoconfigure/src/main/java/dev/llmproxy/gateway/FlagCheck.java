package dev.llmproxy.gateway;

/**
 * Something that is done for a request only if a flag is on.
 *
 * @param flag its name
 */
public record FlagCheck(Flags flags, String flag) {

	/** Whether it is on for a request. */
	public boolean on(LlmRequest request) {
		return this.flags.on(this.flag, request);
	}

}
