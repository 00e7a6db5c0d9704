package dev.llmproxy.provider;

/**
 * A model at a provider.
 *
 * @param model in the provider's words
 * @param weight its share among alternatives; positive
 */
public record Target(Provider provider, String model, int weight) {

	public Target {
		if (weight <= 0) {
			throw new IllegalArgumentException("weight must be positive");
		}
	}

	@Override
	public String toString() {
		return this.provider.name() + "/" + this.model;
	}

}
