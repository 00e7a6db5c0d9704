package dev.llmproxy.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;

/**
 * The socket on which systemd listens for what a service says of itself, a Unix domain
 * datagram socket, which the JDK does not have. Thread-safe, and never waits.
 *
 * @see <a href=
 * "https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html">sd_notify</a>
 */
public final class NotifySocket implements AutoCloseable {

	/** Of {@code sun_path} in Linux's {@code struct sockaddr_un}. */
	private static final int MOST_BYTES = 108;

	private final byte[] address;

	private final Socket socket;

	private NotifySocket(byte[] address, Socket socket) {
		this.address = address;
		this.socket = socket;
	}

	/**
	 * Opens a socket to send from.
	 * @param address what {@code NOTIFY_SOCKET} says: an absolute path, or a name in the
	 * abstract namespace, which begins with {@code @}
	 * @throws IllegalArgumentException if the address is neither
	 * @throws UnsatisfiedLinkError if Netty's native library is not there, or not for
	 * this machine
	 */
	public static NotifySocket open(String address) {
		byte[] bytes = address.getBytes(StandardCharsets.UTF_8);
		if (bytes.length < 2 || bytes.length > MOST_BYTES || (bytes[0] != '/' && bytes[0] != '@')) {
			throw new IllegalArgumentException("'" + address + "' is neither an absolute path nor an abstract name");
		}
		if (bytes[0] == '@') {
			bytes[0] = 0;
		}
		Epoll.ensureAvailability();
		return new NotifySocket(bytes, Socket.newSocketDomainDgram());
	}

	/**
	 * Sends one message.
	 * @param state assignments such as {@code READY=1}, one a line
	 * @throws IOException if nobody listens there, or so slowly that it can't be sent now
	 */
	public void send(String state) throws IOException {
		byte[] bytes = state.getBytes(StandardCharsets.UTF_8);
		ByteBuffer message = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
		if (this.socket.sendToDomainSocket(message, 0, bytes.length, this.address) != bytes.length) {
			throw new IOException("The supervisor does not read what it is told");
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
