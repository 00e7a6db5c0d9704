package dev.llmproxy.provider;

import java.util.TreeSet;

import dev.llmproxy.interleaving.Interleavings;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However threads interleave, no operator's word is lost. */
@Tag("interleaving")
class ProviderSwitchInterleavingsTest {

	@Test
	void holdsWhatWasSaidAsIfOneOperatorSpokeAfterTheOther() {
		Interleavings.check(Operators.class);
	}

	/** Operators who take out, put back and force two providers. */
	public static class Operators {

		private final ProviderSwitch operator = new ProviderSwitch();

		@Operation
		public void disableOne() {
			this.operator.disable("one");
		}

		@Operation
		public void disableTwo() {
			this.operator.disable("two");
		}

		@Operation
		public void enableOne() {
			this.operator.enable("one");
		}

		@Operation
		public void forceTwo() {
			this.operator.force("two");
		}

		@Operation
		public String disabled() {
			return new TreeSet<>(this.operator.disabled()).toString();
		}

		@Operation
		public @Nullable String forced() {
			return this.operator.forced();
		}

	}

}
