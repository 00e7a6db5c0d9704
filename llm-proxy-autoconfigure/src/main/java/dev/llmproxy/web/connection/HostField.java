package dev.llmproxy.web.connection;

/**
 * The syntax of {@code Host} (RFC 9110, section 7.2): a name, an IPv4 address or an IPv6
 * address in brackets, and perhaps a port. Nothing is decided by it, but what is behind a
 * malformed one was meant for a server that reads it differently.
 */
final class HostField {

	private static final int LONGEST = 255 + 6;

	private HostField() {
	}

	static boolean isValid(CharSequence host) {
		int length = host.length();
		if (length == 0 || length > LONGEST) {
			return false;
		}
		int end = (host.charAt(0) == '[') ? endOfAddress(host) : endOfName(host);
		if (end <= 0) {
			return false;
		}
		return end == length || (host.charAt(end) == ':' && isPort(host, end + 1));
	}

	private static int endOfName(CharSequence host) {
		int i = 0;
		while (i < host.length() && isInName(host.charAt(i))) {
			i++;
		}
		return i;
	}

	private static boolean isInName(char c) {
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-'
				|| c == '_';
	}

	/** Behind the closing bracket; -1 if it is no IPv6 address. */
	private static int endOfAddress(CharSequence host) {
		int colons = 0;
		for (int i = 1; i < host.length(); i++) {
			char c = host.charAt(i);
			if (c == ']') {
				return (colons >= 2) ? i + 1 : -1;
			}
			if (c == ':') {
				colons++;
			}
			else if (Character.digit(c, 16) < 0 && c != '.') {
				return -1;
			}
		}
		return -1;
	}

	private static boolean isPort(CharSequence host, int start) {
		int port = 0;
		for (int i = start; i < host.length(); i++) {
			char c = host.charAt(i);
			if (c < '0' || c > '9') {
				return false;
			}
			port = port * 10 + (c - '0');
			if (port > 65535) {
				return false;
			}
		}
		return host.length() > start;
	}

}
