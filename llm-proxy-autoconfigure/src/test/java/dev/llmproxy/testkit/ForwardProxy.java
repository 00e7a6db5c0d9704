package dev.llmproxy.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy that clients ask for a connection to somewhere, by HTTP's {@code CONNECT} or by
 * SOCKS 5. Wherever they want to go, it leads them to one port. Thread-safe.
 */
public final class ForwardProxy implements AutoCloseable {

	private static final int SOCKS5 = 5;

	private final int target;

	private final Listener listener;

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final Answer answer;

	private ForwardProxy(int target, Answer answer) {
		this.target = target;
		this.answer = answer;
		this.listener = new Listener(0, (socket) -> {
			this.sockets.add(socket);
			Loopback.thread("forward-proxy", () -> serve(socket));
		});
	}

	/** Starts one that leads to a port on 127.0.0.1. */
	public static ForwardProxy to(int port) {
		return new ForwardProxy(port, Answer.CONNECT);
	}

	/** Starts one that leads nowhere. */
	public static ForwardProxy that(Answer answer) {
		return new ForwardProxy(0, answer);
	}

	public URI url(String scheme) {
		return URI.create(scheme + "://127.0.0.1:" + this.listener.port());
	}

	/**
	 * What it was asked for: host and port, and who asks where that was told, as in
	 * {@code provider.example:443 user:password}.
	 */
	public List<String> asked() {
		return List.copyOf(this.asked);
	}

	private void serve(Socket client) {
		try (client) {
			DataInputStream in = new DataInputStream(client.getInputStream());
			int first = in.read();
			if (first == SOCKS5) {
				socks(in, client.getOutputStream());
			}
			else {
				connect((char) first + head(in), client.getOutputStream());
			}
			switch (this.answer) {
				case CONNECT -> relay(client);
				case STALL -> in.transferTo(OutputStream.nullOutputStream());
				case REFUSE -> {
				}
			}
		}
		catch (IOException ex) {
			// One of them has left.
		}
	}

	private static String head(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("No whole head");
			}
			head.append((char) next);
		}
		return head.toString();
	}

	private void connect(String head, OutputStream out) throws IOException {
		String[] lines = head.split("\r\n");
		String who = "";
		for (String line : lines) {
			if (line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: basic ")) {
				who = " " + new String(Base64.getDecoder().decode(line.substring(27)), StandardCharsets.ISO_8859_1);
			}
		}
		this.asked.add(lines[0].replace("CONNECT ", "").replace(" HTTP/1.1", "") + who);
		switch (this.answer) {
			case CONNECT -> write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
			case REFUSE -> write(out, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
					+ "Content-Length: 0\r\n\r\n");
			case STALL -> {
			}
		}
	}

	private static void write(OutputStream out, String head) throws IOException {
		write(out, head.getBytes(StandardCharsets.US_ASCII));
	}

	/** RFC 1928, and RFC 1929. */
	private void socks(DataInputStream in, OutputStream out) throws IOException {
		byte[] methods = in.readNBytes(in.readUnsignedByte());
		boolean password = methods.length > 0 && new String(methods, StandardCharsets.ISO_8859_1).indexOf(2) >= 0;
		write(out, new byte[] { SOCKS5, (byte) (password ? 2 : 0) });
		String who = "";
		if (password) {
			in.readByte();
			who = " " + text(in) + ":" + text(in);
			write(out, new byte[] { 1, 0 });
		}
		in.readNBytes(3);
		int type = in.readByte();
		String host = (type == 3) ? text(in) : "address of type " + type;
		this.asked.add(host + ":" + in.readUnsignedShort() + who);
		if (this.answer != Answer.STALL) {
			write(out, new byte[] { SOCKS5, (byte) ((this.answer == Answer.CONNECT) ? 0 : 2), 0, 1, 0, 0, 0, 0, 0, 0 });
		}
	}

	private static String text(DataInputStream in) throws IOException {
		return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
	}

	private static void write(OutputStream out, byte[] bytes) throws IOException {
		out.write(bytes);
		out.flush();
	}

	private void relay(Socket client) throws IOException {
		try (Socket server = new Socket()) {
			server.connect(Loopback.address(this.target));
			this.sockets.add(server);
			Thread back = Loopback.thread("forward-proxy-back", () -> {
				try {
					server.getInputStream().transferTo(client.getOutputStream());
					client.shutdownOutput();
				}
				catch (IOException ex) {
					// One of them has left.
				}
			});
			client.getInputStream().transferTo(server.getOutputStream());
			server.shutdownOutput();
			back.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		this.listener.close();
		for (Socket socket : this.sockets) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// It is gone.
			}
		}
	}

	/** What a proxy does with a request for a connection. */
	public enum Answer {

		/** Makes it. */
		CONNECT,

		/** Does not know who asks, or does not want to. */
		REFUSE,

		/** Says nothing. */
		STALL

	}

}
