package dev.llmproxy.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes mails, as much of SMTP as that needs. */
final class FakeMailServer implements AutoCloseable {

	private final ServerSocket socket;

	private final BlockingQueue<String> mails = new LinkedBlockingQueue<>();

	private final List<String> commands = new CopyOnWriteArrayList<>();

	private FakeMailServer(ServerSocket socket) {
		this.socket = socket;
	}

	static FakeMailServer start() throws IOException {
		FakeMailServer server = new FakeMailServer(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
		Thread thread = new Thread(server::run, "fake-mail-server");
		thread.setDaemon(true);
		thread.start();
		return server;
	}

	int port() {
		return this.socket.getLocalPort();
	}

	/** The next mail, header and text. */
	String take() throws InterruptedException {
		return Objects.requireNonNull(this.mails.poll(10, TimeUnit.SECONDS), "no mail came");
	}

	List<String> commands() {
		return this.commands;
	}

	private void run() {
		while (!this.socket.isClosed()) {
			try (Socket client = this.socket.accept()) {
				serve(client);
			}
			catch (IOException ex) {
				// The next one.
			}
		}
	}

	private void serve(Socket client) throws IOException {
		BufferedReader in = new BufferedReader(
				new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
		OutputStream out = client.getOutputStream();
		say(out, "220 mail.example.com");
		String command;
		while ((command = in.readLine()) != null) {
			this.commands.add(command);
			if (command.equals("DATA")) {
				say(out, "354 go on");
				this.mails.add(text(in));
				say(out, "250 taken");
			}
			else if (command.equals("QUIT")) {
				say(out, "221 bye");
				return;
			}
			else {
				say(out, "250 fine");
			}
		}
	}

	private static String text(BufferedReader in) throws IOException {
		StringBuilder text = new StringBuilder();
		String line;
		while ((line = in.readLine()) != null && !line.equals(".")) {
			// A long header is folded.
			text.append((line.startsWith(" ") && text.length() > 0) ? "" : "\n").append(line);
		}
		return text.toString();
	}

	private static void say(OutputStream out, String line) throws IOException {
		out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
		out.flush();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
