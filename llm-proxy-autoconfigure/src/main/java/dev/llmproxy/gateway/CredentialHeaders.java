package dev.llmproxy.gateway;

import java.util.List;
import java.util.Locale;

/** Which headers nothing may be decided by, because they may hold a credential. */
public final class CredentialHeaders {

	private static final List<String> MARKS = List.of("authorization", "cookie", "api-key", "apikey", "access-key",
			"secret", "password", "credential", "auth-token", "security-token", "session-token", "access-token",
			"csrf-token", "jwt");

	private CredentialHeaders() {
	}

	/** Whether a header of this name, in any case, may hold a credential. */
	public static boolean mayBe(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		for (String mark : MARKS) {
			if (lower.contains(mark)) {
				return true;
			}
		}
		return false;
	}

}
