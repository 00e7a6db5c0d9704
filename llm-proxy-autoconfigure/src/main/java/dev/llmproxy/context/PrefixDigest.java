package dev.llmproxy.context;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Tells beginnings of conversations apart by what is said in them. Marks of a prompt
 * cache say nothing, and move as a conversation grows; so do signatures. For one thread.
 */
final class PrefixDigest {

	private final MessageDigest digest = Sha256.digest();

	/**
	 * One digest for each step, of everything up to its end.
	 * @param policy by which the summary is made: another makes another
	 */
	static List<String> of(List<List<Message>> steps, SummaryPolicy policy) {
		PrefixDigest prefix = new PrefixDigest();
		prefix.text(policy.model());
		prefix.text(policy.prompt());
		prefix.text(Integer.toString(policy.maxTokens()));
		List<String> digests = new ArrayList<>(steps.size());
		for (List<Message> step : steps) {
			step.forEach(prefix::message);
			byte[] soFar = prefix.digest.digest();
			digests.add(HexFormat.of().formatHex(soFar));
			prefix.digest.update(soFar);
		}
		return digests;
	}

	private void message(Message message) {
		text(message.role().name());
		text(message.name());
		parts(message.parts());
	}

	private void parts(List<Part> parts) {
		number(parts.size());
		for (Part part : parts) {
			text(part.kind());
			part(part);
		}
	}

	private void part(Part part) {
		if (part instanceof Part.Text text) {
			text(text.text());
		}
		else if (part instanceof Part.Image image) {
			source(image.source());
		}
		else if (part instanceof Part.Audio audio) {
			source(audio.source());
		}
		else if (part instanceof Part.Document document) {
			text(document.filename());
			source(document.source());
		}
		else if (part instanceof Part.ToolCall call) {
			text(call.name());
			text(call.arguments());
		}
		else if (part instanceof Part.ToolResult result) {
			number(result.error() ? 1 : 0);
			parts(result.content());
		}
		else if (part instanceof Part.Refusal refusal) {
			text(refusal.text());
		}
	}

	private void source(MediaSource source) {
		if (source instanceof MediaSource.Inline inline) {
			text(inline.base64());
		}
		else {
			text(source.toString());
		}
	}

	private void text(@Nullable String text) {
		if (text == null) {
			number(-1);
			return;
		}
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		number(bytes.length);
		this.digest.update(bytes);
	}

	private void number(int number) {
		for (int shift = 24; shift >= 0; shift -= 8) {
			this.digest.update((byte) (number >>> shift));
		}
	}

}
