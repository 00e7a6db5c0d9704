package dev.llmproxy.provider;

/**
 * What can serve a request: a model of a provider, with what is configured about this
 * pair.
 *
 * @param id names it in configuration, metrics and endpoints; whoever shares it shares
 * breaker, limits and statistics
 * @param model the name that the provider knows
 */
public record Target(String id, Provider provider, String model, Deployment deployment) {

	/** A model of a provider, about which nothing is configured. */
	public static Target of(Provider provider, String model) {
		return new Target(provider.name() + "/" + model, provider, model, Deployment.PLAIN);
	}

	@Override
	public String toString() {
		return this.id;
	}

}
