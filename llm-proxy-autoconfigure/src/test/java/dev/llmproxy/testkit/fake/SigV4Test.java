package dev.llmproxy.testkit.fake;

import java.time.Instant;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SigV4Test {

	private static final Instant THEN = Instant.parse("2015-08-30T12:36:00Z");

	/** The first case of AWS's published test suite, "get-vanilla". */
	private static final String VANILLA = "GET / HTTP/1.1\r\nHost: example.amazonaws.com\r\n"
			+ "X-Amz-Date: 20150830T123600Z\r\nAuthorization: AWS4-HMAC-SHA256 "
			+ "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
			+ "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31\r\n\r\n";

	private static @Nullable String complaint(String request, Instant now) {
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{}"));
				RawHttpClient client = RawHttpClient.connect(upstream.url())) {
			client.send(request).readResponse();
			RecordedRequest recorded = upstream.takeRequest(FakeCaller.SOON);
			return SigV4.complaint(recorded, "service", now);
		}
	}

	@Test
	void acceptsThePublishedExample() {
		assertThat(complaint(VANILLA, THEN)).isNull();
	}

	@Test
	void noticesWhateverIsChanged() {
		assertThat(complaint(VANILLA.replace("GET / ", "GET /x "), THEN)).contains("does not match");
		assertThat(complaint(VANILLA.replace("GET / ", "GET /?a=b "), THEN)).contains("does not match");
		assertThat(
				complaint(VANILLA.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\nx"), THEN))
			.contains("does not match");
		assertThat(complaint(VANILLA.replace("example.amazonaws.com", "example.com"), THEN)).contains("does not match");
		assertThat(complaint(VANILLA.replace("5fa0", "5fa1"), THEN)).contains("does not match");
		assertThat(complaint(VANILLA.replace("us-east-1", "eu-west-1"), THEN)).contains("does not match");
		assertThat(complaint(VANILLA.replace("AKIDEXAMPLE", "AKIDOTHER"), THEN)).contains("security token");
		assertThat(complaint(VANILLA.replace("/service/", "/s3/"), THEN)).contains("scoped to correct service");
		assertThat(complaint(VANILLA.replace("host;", ""), THEN)).contains("must be a 'SignedHeader'");
		assertThat(complaint(VANILLA.replace("AWS4", "AWS5"), THEN)).contains("not of the form");
		assertThat(complaint(VANILLA, THEN.plusSeconds(600))).contains("expired");
	}

}
