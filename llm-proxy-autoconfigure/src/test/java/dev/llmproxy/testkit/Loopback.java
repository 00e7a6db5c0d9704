package dev.llmproxy.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** What every server of the kit does alike. */
final class Loopback {

	private Loopback() {
	}

	static InetSocketAddress address(int port) {
		try {
			// Spelled in bytes, so that no resolver decides between IPv4 and IPv6.
			return new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] { 127, 0, 0, 1 }), port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Thread thread(String name, Runnable work) {
		Thread thread = new Thread(work, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
