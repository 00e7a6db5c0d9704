package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.llmproxy.testkit.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Verifies AWS Signature Version 4 from what is on the wire, as the service does. The
 * credentials are those of AWS's own documentation.
 */
public final class SigV4 {

	/** The access key that the fake Bedrock knows. */
	public static final String ACCESS_KEY = "AKIDEXAMPLE";

	/** Its secret key. */
	public static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

	private static final Pattern AUTHORIZATION = Pattern
		.compile("AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, ?"
				+ "SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private static final Duration VALIDITY = Duration.ofMinutes(5);

	private SigV4() {
	}

	/** What is wrong with the signature of a request, or {@code null} if nothing is. */
	static @Nullable String complaint(RecordedRequest request, String service, Instant now) {
		Matcher authorization = AUTHORIZATION.matcher(String.valueOf(request.header("Authorization")));
		if (!authorization.matches()) {
			return "Authorization header is not of the form that Signature Version 4 requires.";
		}
		if (!authorization.group(1).equals(ACCESS_KEY)) {
			return "The security token included in the request is invalid.";
		}
		if (!authorization.group(4).equals(service)) {
			return "Credential should be scoped to correct service: '" + service + "'.";
		}
		String timestamp = String.valueOf(request.header("x-amz-date"));
		if (!isCurrent(timestamp, now) || !timestamp.startsWith(authorization.group(2))) {
			return "Signature not yet current or expired: " + timestamp;
		}
		List<String> signed = Arrays.asList(authorization.group(5).split(";"));
		for (String required : new String[] { "host", "x-amz-date", "x-amz-security-token" }) {
			if (request.headers().contains(required) && !signed.contains(required)) {
				return "'" + required + "' must be a 'SignedHeader' in the AWS Authorization.";
			}
		}
		String scope = authorization.group(2) + "/" + authorization.group(3) + "/" + service + "/aws4_request";
		String toSign = "AWS4-HMAC-SHA256\n" + timestamp + "\n" + scope + "\n"
				+ hex(sha256(canonical(request, signed).getBytes(StandardCharsets.UTF_8)));
		byte[] key = hmac(("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8), authorization.group(2));
		for (String part : new String[] { authorization.group(3), service, "aws4_request" }) {
			key = hmac(key, part);
		}
		return hex(hmac(key, toSign)).equals(authorization.group(6)) ? null
				: "The request signature we calculated does not match the signature you provided. Check your AWS "
						+ "Secret Access Key and signing method. The canonical request was:\n"
						+ canonical(request, signed);
	}

	private static boolean isCurrent(String timestamp, Instant now) {
		try {
			Instant instant = Instant.from(TIMESTAMP.parse(timestamp));
			return Duration.between(instant, now).abs().compareTo(VALIDITY) < 0;
		}
		catch (DateTimeParseException ex) {
			return false;
		}
	}

	private static String canonical(RecordedRequest request, List<String> signed) {
		StringBuilder canonical = new StringBuilder().append(request.method()).append('\n');
		// The path as it was sent is encoded once more; only S3 is different.
		canonical.append(encode(request.path())).append('\n');
		int query = request.target().indexOf('?');
		if (query >= 0) {
			TreeMap<String, String> parameters = new TreeMap<>();
			for (String pair : request.target().substring(query + 1).split("&")) {
				String[] parts = pair.split("=", 2);
				parameters.put(parts[0], (parts.length == 2) ? parts[1] : "");
			}
			canonical.append(parameters.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + "=" + entry.getValue())
				.collect(Collectors.joining("&")));
		}
		canonical.append('\n');
		for (String name : signed) {
			canonical.append(name)
				.append(':')
				.append(request.headers()
					.all(name)
					.stream()
					.map((value) -> value.strip().replaceAll(" +", " "))
					.collect(Collectors.joining(",")))
				.append('\n');
		}
		canonical.append('\n').append(String.join(";", signed)).append('\n');
		return canonical.append(hex(sha256(request.body()))).toString();
	}

	private static String encode(String path) {
		StringBuilder encoded = new StringBuilder();
		for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
			char c = (char) Byte.toUnsignedInt(b);
			boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "-._~/".indexOf(c) >= 0;
			encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
		}
		return encoded.toString();
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
