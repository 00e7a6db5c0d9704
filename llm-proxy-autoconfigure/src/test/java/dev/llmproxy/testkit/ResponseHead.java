package dev.llmproxy.testkit;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the status line and the headers of a response (RFC 9112 section 4). */
final class ResponseHead {

	private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2}) [\\t -~]*");

	private ResponseHead() {
	}

	static RawResponse read(HttpReader in) throws IOException {
		in.compact();
		HttpReader.Head head = in.head();
		if (head == null) {
			throw WireFormatException.truncated("before a response");
		}
		Matcher status = STATUS_LINE.matcher(head.startLine());
		if (!status.matches()) {
			throw new WireFormatException("Malformed status line: " + head.startLine());
		}
		return new RawResponse(Integer.parseInt(status.group(1)), head.headers(), new byte[0]);
	}

}
