package dev.llmproxy.observability;

/**
 * The labels of a call.
 *
 * @param operation as {@code gen_ai.operation.name} says it
 * @param provider whose answer it is, by its name here; {@code none} if nobody was asked
 * @param model as the caller named it
 */
record RequestLabels(String operation, String provider, String route,
		String model) implements Series.Labels<RequestLabels> {

	@Override
	public RequestLabels within(SeriesCap cap) {
		SeriesCap.Names names = cap.names(this.route, this.model);
		return new RequestLabels(this.operation, this.provider, names.route(), names.model());
	}

}
