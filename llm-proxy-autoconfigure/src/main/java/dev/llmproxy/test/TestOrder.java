package dev.llmproxy.test;

import dev.llmproxy.provider.AttemptOrder;

/** The order of what tests put in front of providers: inside of everything else. */
enum TestOrder {

	FAULTS, CASSETTE, SIMULATOR;

	int order() {
		return AttemptOrder.FAULT_INJECTION.order() + 100 * (1 + ordinal());
	}

}
