package dev.llmproxy.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeadEndTest {

	private static void connect(DeadEnd deadEnd, int timeoutMillis) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", deadEnd.port()), timeoutMillis);
		}
	}

	@Test
	void refusesConnections() {
		try (DeadEnd deadEnd = ScriptedUpstream.refusing()) {
			assertThat(deadEnd.url()).hasToString("http://127.0.0.1:" + deadEnd.port());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(deadEnd, 5000));
		}
	}

	@Test
	void swallowsConnectionAttempts() {
		try (DeadEnd deadEnd = ScriptedUpstream.blackhole()) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> connect(deadEnd, 300));
			}
		}
	}

}
