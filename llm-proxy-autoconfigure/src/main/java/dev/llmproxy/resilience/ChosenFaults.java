package dev.llmproxy.resilience;

import java.util.List;
import java.util.random.RandomGenerator;

import dev.llmproxy.provider.Attempt;
import org.jspecify.annotations.Nullable;

/** Faults by chance, and those that callers ask for. */
final class ChosenFaults implements FaultSource {

	private final List<InjectedFault> faults;

	private final RandomGenerator random;

	private final boolean header;

	ChosenFaults(List<InjectedFault> faults, RandomGenerator random, boolean header) {
		this.faults = List.copyOf(faults);
		this.random = random;
		this.header = header;
	}

	@Override
	public @Nullable InjectedFault next(Attempt attempt) {
		String wanted = this.header ? attempt.request().hint(FaultHeader.NAME) : null;
		if (wanted != null) {
			InjectedFault fault = FaultHeader.parse(wanted);
			return fault.isAbout(attempt) ? fault : null;
		}
		for (InjectedFault fault : this.faults) {
			if (fault.isAbout(attempt) && this.random.nextDouble(100) < fault.percent()) {
				return fault;
			}
		}
		return null;
	}

}
