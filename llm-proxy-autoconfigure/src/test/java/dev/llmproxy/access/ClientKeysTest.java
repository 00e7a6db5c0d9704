package dev.llmproxy.access;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import dev.llmproxy.gateway.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ClientKeysTest {

	private static final String KEY = "0123456789abcdef";

	private static final Caller CALLER = new Caller("caller", List.of());

	@Test
	void findsWhoPresentsAKey() {
		ClientKeys keys = new ClientKeys(List.of(ClientKey.ofKey(KEY, CALLER)), AnonymousAccess.NONE);
		assertThat(keys.find(KEY)).isEqualTo(CALLER);
		assertThat(keys.find(KEY + "x")).isNull();
		assertThat(keys.find("")).isNull();
		assertThat(keys.find(null)).isNull();
	}

	@Test
	void findsWhoPresentsTheKeyOfAHash() {
		ClientKeys keys = new ClientKeys(List
			.of(ClientKey.ofHash("sha256:9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f", CALLER)),
				AnonymousAccess.NONE);
		assertThat(keys.find(KEY)).isEqualTo(CALLER);
	}

	@Test
	void twoCallersCanNotHaveOneKey() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> new ClientKeys(List.of(ClientKey.ofKey(KEY, CALLER), ClientKey.ofKey(KEY, Caller.ANONYMOUS)),
							AnonymousAccess.NONE))
			.withMessage("Callers 'caller' and 'anonymous' have the same key");
	}

	@Test
	void aHashIsThatOfTheKey() {
		ClientKey key = ClientKey.ofKey(KEY, CALLER);
		String hash = "sha256:" + HexFormat.of().formatHex(key.hash());
		assertThat(ClientKey.ofHash(hash, CALLER)).isEqualTo(key);
		assertThat(ClientKey.ofHash(hash.toUpperCase(Locale.ROOT).replace("SHA256", "sha256"), CALLER)).isEqualTo(key);
	}

	@Test
	void aWrongKeyIsNoBetterThanNoneOnlyWhereThereAreNoKeys() {
		ClientKeys none = new ClientKeys(List.of(), AnonymousAccess.LOCAL);
		assertThat(none.withoutKey("dummy")).isEqualTo(AnonymousAccess.LOCAL);
		ClientKeys some = new ClientKeys(List.of(ClientKey.ofKey(KEY, CALLER)), AnonymousAccess.ANYWHERE);
		assertThat(some.withoutKey(null)).isEqualTo(AnonymousAccess.ANYWHERE);
		assertThat(some.withoutKey("dummy")).isEqualTo(AnonymousAccess.NONE);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "0123456789abcde", "0123456789 abcdef", "0123456789abcdef\u00e9", "0123456789abcdef\n" })
	void refusesKeysThatAreWeakOrCanNotTravel(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientKey.ofKey(key, CALLER))
			.satisfies((ex) -> assertThat(key.isEmpty() || !ex.getMessage().contains(key)).isTrue());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "sha256:", "md5:0123", "9f9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f",
					"sha256:9f9f", "sha256:zf9f5111f7b27a781f1f1ddde5ebc2dd2b796bfc7365c9c28b548e564176929f" })
	void refusesHashesThatAreNone(String hash) {
		assertThatIllegalArgumentException().isThrownBy(() -> ClientKey.ofHash(hash, CALLER))
			.withMessage("the hash is not 'sha256:' and 64 hexadecimal digits");
	}

	@Test
	void tellsNoKeyInItsDescription() {
		assertThat(ClientKey.ofKey(KEY, CALLER)).hasToString("ClientKey[caller]");
	}

}
