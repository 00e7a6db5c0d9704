package dev.llmproxy.event.webhook;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SignatureTest {

	/** The example that the libraries of Standard Webhooks are tested with. */
	@Test
	void signsAsStandardWebhooksHasIt() {
		assertThat(Signature.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
			.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
					"{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
			.isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

	@Test
	void takesAnyTextThatIsLongEnough() {
		assertThat(Signature.of("any text of 16 b").sign("a", 1, new byte[0])).startsWith("v1,");
		assertThatIllegalArgumentException().isThrownBy(() -> Signature.of("secret-too-shrt"))
			.withMessageNotContaining("secret-");
		assertThatIllegalArgumentException().isThrownBy(() -> Signature.of("whsec_no base64, this secret"))
			.withMessageNotContaining("this");
		assertThat(Signature.of("any text of 16 b")).hasToString("HmacSHA256");
	}

}
