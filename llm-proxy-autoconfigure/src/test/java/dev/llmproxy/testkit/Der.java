package dev.llmproxy.testkit;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Encodes the few ASN.1 types that a certificate needs, in DER (ITU-T X.690). */
final class Der {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private Der() {
	}

	static byte[] sequence(byte[]... items) {
		return tagged(0x30, items);
	}

	static byte[] set(byte[]... items) {
		return tagged(0x31, items);
	}

	static byte[] integer(long value) {
		return tagged(0x02, BigInteger.valueOf(value).toByteArray());
	}

	static byte[] yes() {
		return tagged(0x01, new byte[] { (byte) 0xff });
	}

	static byte[] octets(byte[] content) {
		return tagged(0x04, content);
	}

	static byte[] bits(int unused, byte[] content) {
		return tagged(0x03, new byte[] { (byte) unused }, content);
	}

	static byte[] utf8(String text) {
		return tagged(0x0c, text.getBytes(StandardCharsets.UTF_8));
	}

	/** UTCTime, which RFC 5280 wants for every date before 2050. */
	static byte[] time(Instant instant) {
		return tagged(0x17, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] oid(String dotted) {
		String[] arcs = dotted.split("\\.");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
		for (int i = 2; i < arcs.length; i++) {
			int arc = Integer.parseInt(arcs[i]);
			for (int shift = 28; shift > 0; shift -= 7) {
				if (arc >>> shift > 0) {
					out.write(0x80 | (arc >>> shift) & 0x7f);
				}
			}
			out.write(arc & 0x7f);
		}
		return tagged(0x06, out.toByteArray());
	}

	static byte[] tagged(int tag, byte[]... items) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		for (byte[] item : items) {
			content.writeBytes(item);
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(tag);
		int length = content.size();
		if (length < 0x80) {
			out.write(length);
		}
		else {
			byte[] octets = BigInteger.valueOf(length).toByteArray();
			int skip = (octets[0] == 0) ? 1 : 0;
			out.write(0x80 | octets.length - skip);
			out.write(octets, skip, octets.length - skip);
		}
		out.writeBytes(content.toByteArray());
		return out.toByteArray();
	}

}
