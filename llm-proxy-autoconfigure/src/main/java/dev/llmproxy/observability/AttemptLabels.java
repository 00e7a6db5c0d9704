package dev.llmproxy.observability;

/**
 * The labels of an attempt.
 *
 * @param operation as {@code gen_ai.operation.name} says it
 * @param vendor as {@code gen_ai.provider.name} says it
 * @param provider the provider's name here
 * @param model the name that the provider knows
 */
record AttemptLabels(String operation, String vendor, String provider, String route,
		String model) implements Series.Labels<AttemptLabels> {

	@Override
	public AttemptLabels within(SeriesCap cap) {
		SeriesCap.Names names = cap.names(this.route, this.model);
		return new AttemptLabels(this.operation, this.vendor, this.provider, names.route(), names.model());
	}

}
