package dev.llmproxy.provider;

/**
 * A secret that a provider accepts.
 *
 * @param id tells credentials of one provider apart; safe to log
 * @param secret never printed
 */
public record Credential(String id, String secret) {

	public Credential {
		if (secret.isBlank()) {
			throw new IllegalArgumentException("Credential '" + id + "' is empty");
		}
		if (secret.chars().anyMatch((c) -> c < 0x20 || c == 0x7f)) {
			throw new IllegalArgumentException("Credential '" + id + "' has control characters in it");
		}
	}

	@Override
	public String toString() {
		return "Credential[" + this.id + "]";
	}

}
