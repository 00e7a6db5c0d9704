package dev.llmproxy.provider.aws;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.llmproxy.testkit.RecordedRequest;

/**
 * The receiving end of Signature Version 4, written from its specification alone: works
 * out the signature of a request as it came over the wire.
 */
final class SignatureVerifier {

	private static final Pattern AUTHORIZATION = Pattern
		.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request,"
				+ " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

	private SignatureVerifier() {
	}

	/** What the header claims. */
	record Claim(String accessKey, String date, String region, String service, List<String> signedHeaders,
			String signature) {

		static Claim of(RecordedRequest request) {
			Matcher matcher = AUTHORIZATION.matcher(String.valueOf(request.header("authorization")));
			if (!matcher.matches()) {
				throw new IllegalArgumentException("Not signed");
			}
			return new Claim(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4),
					List.of(matcher.group(5).split(";")), matcher.group(6));
		}

	}

	/** The signature that the request should have. */
	static String signature(RecordedRequest request, String secret) {
		Claim claim = Claim.of(request);
		String scope = String.join("/", claim.date(), claim.region(), claim.service(), "aws4_request");
		String text = String.join("\n", "AWS4-HMAC-SHA256", String.valueOf(request.header("x-amz-date")), scope,
				hex(sha256(canonical(request, claim.signedHeaders()).getBytes(StandardCharsets.UTF_8))));
		byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
		for (String part : scope.split("/")) {
			key = hmac(key, part);
		}
		return hex(hmac(key, text));
	}

	private static String canonical(RecordedRequest request, List<String> signedHeaders) {
		StringBuilder headers = new StringBuilder();
		for (String name : signedHeaders) {
			headers.append(name)
				.append(':')
				.append(String.join(",",
						request.headers()
							.all(name)
							.stream()
							.map((value) -> value.strip().replaceAll(" +", " "))
							.toList()))
				.append('\n');
		}
		return String.join("\n", request.method(), encode(request.path(), true), query(request), headers,
				String.join(";", signedHeaders), hex(sha256(request.body())));
	}

	/** Names and values are on the wire as they have to be here, but not in order. */
	private static String query(RecordedRequest request) {
		int start = request.target().indexOf('?');
		if (start < 0) {
			return "";
		}
		List<String> pairs = new ArrayList<>(List.of(request.target().substring(start + 1).split("&")));
		pairs.replaceAll((pair) -> (pair.indexOf('=') < 0) ? pair + "=" : pair);
		pairs.sort(null);
		return String.join("&", pairs);
	}

	/**
	 * For every service but S3 the path is encoded once more than it is on the wire.
	 */
	static String encode(String text, boolean keepSlashes) {
		ByteArrayOutputStream encoded = new ByteArrayOutputStream();
		for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
			char c = (char) (b & 0xFF);
			boolean plain = c < 0x80
					&& (Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0 || keepSlashes && c == '/');
			encoded.writeBytes((plain ? String.valueOf(c) : "%%%02X".formatted((int) c).toUpperCase(Locale.ROOT))
				.getBytes(StandardCharsets.US_ASCII));
		}
		return encoded.toString(StandardCharsets.US_ASCII);
	}

	private static byte[] sha256(byte[] bytes) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(bytes);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
