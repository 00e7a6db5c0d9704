package dev.llmproxy.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that lives as long as the JVM, with keys made on first use.
 * Clients under test get {@link #pem()} or {@link #trustStore()}; servers get a
 * {@link #serverContext}. Thread-safe.
 */
public final class TestAuthority {

	/** The password of every key store this class makes. */
	public static final String PASSWORD = "changeit";

	private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

	private static final Duration YEAR = Duration.ofDays(365);

	private static final byte[] LOCALHOST_NAMES = Der.sequence(dnsName("localhost"),
			Der.tagged(0x87, new byte[] { 127, 0, 0, 1 }));

	private final AtomicLong serials = new AtomicLong();

	private final KeyPair keys = newKeys();

	private final X509Certificate certificate = issue("Test Authority", this.keys.getPublic(), "Test Authority",
			this.keys.getPrivate(), Instant.now().minus(YEAR), Instant.now().plus(YEAR), null);

	private TestAuthority() {
	}

	/**
	 * The authority that signs for every {@link ScriptedUpstream} of this JVM.
	 * @return the authority
	 */
	public static TestAuthority shared() {
		return Shared.INSTANCE;
	}

	/**
	 * The authority's own certificate.
	 * @return the certificate in PEM, with a line end after its last line
	 */
	public String pem() {
		try {
			String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' })
				.encodeToString(this.certificate.getEncoded());
			return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A PKCS#12 trust store that holds the authority's certificate and nothing else.
	 * @return the store
	 */
	public KeyStore trustStore() {
		try {
			KeyStore store = emptyStore();
			store.setCertificateEntry("authority", this.certificate);
			return store;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Writes {@link #pem()} and {@link #trustStore()} as {@code authority.pem} and
	 * {@code authority.p12} (password {@link #PASSWORD}).
	 * @param directory where to write them
	 */
	public void writeTo(Path directory) {
		try {
			Files.writeString(directory.resolve("authority.pem"), pem(), StandardCharsets.US_ASCII);
			try (OutputStream out = Files.newOutputStream(directory.resolve("authority.p12"))) {
				trustStore().store(out, PASSWORD.toCharArray());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * TLS for clients that trust this authority and no other.
	 * @return the context
	 */
	public SSLContext clientContext() {
		try {
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trustStore());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * TLS for a server.
	 * @param profile what is right or wrong with its certificate
	 * @return the context
	 * @throws IllegalArgumentException if the profile is not about a certificate
	 */
	public SSLContext serverContext(TlsProfile profile) {
		KeyPair serverKeys = newKeys();
		Instant from = Instant.now().minus(Duration.ofDays(1));
		Instant until = Instant.now().plus(YEAR);
		Certificate[] chain = switch (profile) {
			case VALID -> signed("localhost", serverKeys, from, until, LOCALHOST_NAMES);
			case WRONG_HOST ->
				signed("elsewhere.test", serverKeys, from, until, Der.sequence(dnsName("elsewhere.test")));
			case EXPIRED ->
				signed("localhost", serverKeys, from.minus(YEAR.multipliedBy(10)), from.minus(YEAR), LOCALHOST_NAMES);
			case SELF_SIGNED -> new Certificate[] { issue("localhost", serverKeys.getPublic(), "localhost",
					serverKeys.getPrivate(), from, until, LOCALHOST_NAMES) };
			case STALLED_HANDSHAKE -> throw new IllegalArgumentException("Needs no certificate");
		};
		return context(serverKeys.getPrivate(), chain);
	}

	private Certificate[] signed(String subject, KeyPair subjectKeys, Instant from, Instant until, byte[] names) {
		return new Certificate[] {
				issue(subject, subjectKeys.getPublic(), "Test Authority", this.keys.getPrivate(), from, until, names),
				this.certificate };
	}

	private static SSLContext context(PrivateKey key, Certificate[] chain) {
		try {
			KeyStore store = emptyStore();
			store.setKeyEntry("server", key, PASSWORD.toCharArray(), chain);
			KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			managers.init(store, PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(managers.getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore emptyStore() throws GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try {
			store.load(null, null);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return store;
	}

	private static KeyPair newKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A version 3 certificate (RFC 5280); an authority's own where names is null. */
	private X509Certificate issue(String subject, PublicKey key, String issuer, PrivateKey issuerKey, Instant from,
			Instant until, byte @Nullable [] names) {
		byte[] algorithm = Der.sequence(Der.oid(ECDSA_WITH_SHA256));
		byte[] constraints = (names == null) ? Der.sequence(Der.yes()) : Der.sequence();
		// keyCertSign is bit 5, digitalSignature is bit 0.
		byte[] usage = (names == null) ? Der.bits(2, new byte[] { 0x04 }) : Der.bits(7, new byte[] { (byte) 0x80 });
		byte[] extensions = Der.tagged(0xa3,
				Der.sequence(extension("2.5.29.19", constraints), extension("2.5.29.15", usage),
						(names == null) ? new byte[0] : Der.sequence(Der.oid("2.5.29.17"), Der.octets(names))));
		byte[] content = Der.sequence(Der.tagged(0xa0, Der.integer(2)), Der.integer(this.serials.incrementAndGet()),
				algorithm, commonName(issuer), Der.sequence(Der.time(from), Der.time(until)), commonName(subject),
				key.getEncoded(), extensions);
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(issuerKey);
			signature.update(content);
			byte[] encoded = Der.sequence(content, algorithm, Der.bits(0, signature.sign()));
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(encoded));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] extension(String oid, byte[] value) {
		return Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value));
	}

	private static byte[] commonName(String name) {
		return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(name))));
	}

	private static byte[] dnsName(String name) {
		return Der.tagged(0x82, name.getBytes(StandardCharsets.US_ASCII));
	}

	private static final class Shared {

		private static final TestAuthority INSTANCE = new TestAuthority();

	}

}
