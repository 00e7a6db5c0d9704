package dev.llmproxy.provider;

import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * An operator's word on who is called: providers, or single targets, are taken out, or
 * one provider is made to serve everything, for tests and emergencies. Holds until it is
 * taken back or the process ends. Thread-safe.
 */
public final class ProviderSwitch implements AttemptGate {

	private volatile State state = new State(Set.of(), null);

	/** Takes out a provider by its name, or a target by its id. */
	public synchronized void disable(String name) {
		Set<String> disabled = new TreeSet<>(this.state.disabled());
		disabled.add(name);
		this.state = new State(disabled, this.state.forced());
	}

	/** Puts it back. */
	public synchronized void enable(String name) {
		Set<String> disabled = new TreeSet<>(this.state.disabled());
		disabled.remove(name);
		this.state = new State(disabled, this.state.forced());
	}

	/** Has this provider serve everything; {@code null} for no longer. */
	public synchronized void force(@Nullable String provider) {
		this.state = new State(this.state.disabled(), provider);
	}

	/** The providers and targets that are taken out. */
	public Set<String> disabled() {
		return this.state.disabled();
	}

	/** The provider that serves everything; {@code null} if none does. */
	public @Nullable String forced() {
		return this.state.forced();
	}

	@Override
	public AttemptListener enter(Attempt attempt) {
		Unavailability unavailable = unavailability(attempt.target());
		if (unavailable != null) {
			throw LlmException.refusal(new LlmError(ErrorKind.OVERLOADED,
					"The operator has taken out " + unavailable.detail() + ".", unavailable.reason(), null), null);
		}
		return AttemptListener.NONE;
	}

	@Override
	public @Nullable Unavailability unavailability(Target target) {
		State known = this.state;
		String provider = target.provider().name();
		if (!known.disabled().isEmpty()
				&& (known.disabled().contains(provider) || known.disabled().contains(target.id()))) {
			return new Unavailability("disabled", target.id() + " was taken out by an operator", null);
		}
		if (known.forced() != null && !known.forced().equals(provider)) {
			return new Unavailability("not_forced", "an operator has everything served by " + known.forced(), null);
		}
		return null;
	}

	@Override
	public int getOrder() {
		return GateOrder.SWITCH.order();
	}

	private record State(Set<String> disabled, @Nullable String forced) {

		State {
			disabled = Set.copyOf(disabled);
		}

	}

}
