package dev.llmproxy.server.matrix;

import java.util.List;

/** An SDK, and how its users say things. */
interface SdkCaller {

	/** The first turn. */
	Answer ask(String model, Ask ask, boolean stream);

	/**
	 * The turn after {@code answer}: results of its calls, or another prompt.
	 * @param results in the order of the calls; empty for {@code prompt}
	 */
	Answer goOn(String model, Ask ask, Answer answer, List<String> results, String prompt, boolean stream);

}
